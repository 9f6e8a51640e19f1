using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>Weights on their way to products and gradients on their way back, a vector of channels at a time: G g Gᵀ and Gᵀ M G.</summary>
internal static unsafe class FilterTransform<TOperations, TVector, TFilter>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
    where TFilter : struct, IMinimalFilter
{
    private const int InputsTogether = 8;

    // [n][3]
    private static readonly float[] G = [.. TFilter.Taps.Cast<float>()];

    /// <summary>Packs weights for <see cref="PanelProduct{TOperations, TVector}"/>: [distinct point][panel][input][the panel's columns].</summary>
    /// <param name="weights">Of all inputs and outputs.</param>
    /// <param name="inputs">Inputs I.</param>
    /// <param name="outputs">Outputs O.</param>
    /// <param name="packed">d² points, d distinct ones; columns beyond O become 0.</param>
    /// <param name="pointStep">Floats from a point's I · columns to the next one's.</param>
    /// <param name="columns">O rounded up to whole vectors.</param>
    /// <param name="threads">Threads at most.</param>
    public static void Pack(WeightView weights, int inputs, int outputs, float* packed, nint pointStep, int columns, int threads) =>
        Tiles.Run((inputs + InputsTogether - 1) / InputsTogether, threads, group =>
        {
            for (int input = group * InputsTogether; input < Math.Min(inputs, (group + 1) * InputsTogether); input++)
            {
                for (int output = 0; output < columns; output += TOperations.Count)
                    Pack(weights, inputs, outputs, packed, pointStep, columns, input, output);
            }
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(WeightView weights, int inputs, int outputs, float* packed, nint pointStep, int columns, int input, int output)
    {
        int n = TFilter.DistinctPoints, count = TOperations.Count, lanes = Math.Min(count, outputs - output);
        float* window = stackalloc float[9 * count], half = stackalloc float[3 * n * count];
        for (int tap = 0; tap < 9; tap++)
        {
            float* source = weights.At(output, input, tap / 3, tap % 3);
            for (int lane = 0; lane < count; lane++)
                window[tap * count + lane] = lane < lanes ? source[lane * weights.Output] : 0;
        }

        fixed (float* g = G)
        {
            for (int v = 0; v < n; v++)
            {
                for (int u = 0; u < 3; u++)
                    TOperations.Store(Sum(g + 3 * v, 1, window + u * count, 3 * count, 3), half + (3 * v + u) * count);
            }
            int panel = output / (2 * count) * 2 * count, width = Math.Min(2 * count, columns - panel);
            float* target = packed + (nint)panel * inputs + (nint)input * width + (output - panel);
            for (int point = 0; point < n * n; point++, target += pointStep)
                TOperations.Store(Sum(g + point % n * 3, 1, half + point / n * 3 * count, count, 3), target);
        }
    }

    /// <summary>The gradients of so many weights as there are lanes in a vector.</summary>
    /// <param name="products">Products of the first point.</param>
    /// <param name="pointStep">Floats from a point's products to the next one's.</param>
    /// <param name="gradients">Nine vectors, one for each tap.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(float* products, nint pointStep, float* gradients)
    {
        int n = TFilter.Points, count = TOperations.Count;
        float* half = stackalloc float[3 * n * count]; // [tap of the column][point of the row]
        fixed (float* g = G)
        {
            for (int tap = 0; tap < 3; tap++)
            {
                for (int point = 0; point < n; point++)
                    TOperations.Store(Sum(g + tap, 3, products + point * pointStep, n * pointStep, n), half + (tap * n + point) * count);
            }
            for (int tap = 0; tap < 9; tap++)
                TOperations.Store(Sum(g + tap % 3, 3, half + tap / 3 * n * count, count, n), gradients + tap * count);
        }
    }

    // Σ factors · vectors; most factors of stride 2 are zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(float* factors, nint factorStep, float* vectors, nint vectorStep, int terms)
    {
        TVector sum = TOperations.Zero;
        for (int i = 0; i < terms; i++, factors += factorStep, vectors += vectorStep)
        {
            if (*factors != 0)
                sum = TOperations.MultiplyAdd(TOperations.Create(*factors), TOperations.Load(vectors), sum);
        }
        return sum;
    }
}
