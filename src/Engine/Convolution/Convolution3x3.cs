using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// A 3×3 convolution whose weights were packed once for the level that runs it: by Winograd's minimal filtering (Lavin and Gray, "Fast
/// Algorithms for Convolutional Neural Networks", 2016).
/// </summary>
/// <remarks>
/// Stride 1 takes 64 products where the formula has 324, in wide layers 36 for 144, packed small 16 for 36; stride 2 49 for 81. Errors against
/// float64 stay below 3·10⁻⁶ of the results' root mean square on average (docs/numerics.md). Instances may be used by several threads at once.
/// </remarks>
public abstract unsafe class Convolution3x3 : IDisposable
{
    // Of wider layers, weights for F(6×6, 3×3), 64 floats where the window has nine, would outgrow the second-level cache.
    private const int MostForLargeTiles = 64;

    private protected Convolution3x3(ConvolutionShape shape) => Shape = shape;

    /// <summary>What is computed.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>Rows of the output that are made together: those of a tile.</summary>
    public abstract int UnitRows { get; }

    /// <summary>Bytes of the packed weights.</summary>
    public abstract long Bytes { get; }

    /// <summary>Bytes that a shape's weights take once they are packed.</summary>
    /// <param name="shape">What is computed.</param>
    /// <param name="packing">How.</param>
    public static long PackedBytes(ConvolutionShape shape, WeightPacking packing = WeightPacking.Fast)
    {
        int points = shape.Stride == 2 ? MinimalFilterStride2.DistinctPoints
            : packing == WeightPacking.Small ? MinimalFilter23.Points
            : TakesLargeTiles(shape) ? MinimalFilter63.Points : MinimalFilter43.Points;
        return sizeof(float) * (long)points * points * PointStep(shape);
    }

    /// <summary>Floats from a point's packed weights to the next one's.</summary>
    /// <remarks>Not a multiple of 4096 bytes, or packing, which goes from point to point, would have a few sets of the cache alone.</remarks>
    internal static nint PointStep(ConvolutionShape shape) => (nint)shape.Inputs * ActivationView.Rounded(shape.Outputs) + ActivationView.Granularity;

    /// <summary>Packs weights.</summary>
    /// <param name="shape">What is computed.</param>
    /// <param name="weights">[outputs][inputs][3][3].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="level">The kernel level; see <see cref="EngineOptions.ResolveLevel"/>.</param>
    /// <param name="packing">How weights are packed.</param>
    /// <exception cref="ArgumentException">Shape and lengths do not fit together.</exception>
    public static Convolution3x3 Create(
        ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, KernelLevel level, WeightPacking packing = WeightPacking.Fast)
    {
        shape.Check(weights.Length, bias.Length);
        Convolution3x3 convolution = Create(shape, level, packing);
        fixed (float* data = weights)
            convolution.Replace(WeightView.Planar(data, shape.Inputs), threads: 1);
        convolution.ReplaceBias(bias);
        return convolution;
    }

    /// <summary>Makes a convolution whose weights come later, by <see cref="SetWeights"/>; until then they are zero.</summary>
    /// <param name="shape">What is computed.</param>
    /// <param name="level">The kernel level; see <see cref="EngineOptions.ResolveLevel"/>.</param>
    /// <param name="packing">How weights are packed.</param>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public static Convolution3x3 Create(ConvolutionShape shape, KernelLevel level, WeightPacking packing = WeightPacking.Fast)
    {
        shape.Check();
        return level switch
        {
            KernelLevel.Vector512 => Create<Operations512, Vector512<float>>(shape, packing),
            KernelLevel.Vector256 => Create<Operations256, Vector256<float>>(shape, packing),
            KernelLevel.Vector128 => Create<Operations128, Vector128<float>>(shape, packing),
            _ => new ScalarConvolution(shape),
        };
    }

    /// <summary>Packs other weights; not while the convolution runs.</summary>
    /// <param name="weights">Of the shape's inputs and outputs.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="threads">Threads at most.</param>
    /// <exception cref="ArgumentException">The bias has another length.</exception>
    public void SetWeights(WeightView weights, ReadOnlySpan<float> bias, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(weights.Data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Replace(weights, threads);
        SetBias(bias);
    }

    /// <summary>Takes another bias; not while the convolution runs.</summary>
    /// <param name="bias">[outputs].</param>
    /// <exception cref="ArgumentException">The bias has another length.</exception>
    public void SetBias(ReadOnlySpan<float> bias)
    {
        if (bias.Length != Shape.Outputs)
            throw new ArgumentException($"{Shape.Outputs} outputs take as many offsets, not {bias.Length}.", nameof(bias));
        ReplaceBias(bias);
    }

    /// <summary>output = f(convolution of input + bias) [+ added].</summary>
    /// <param name="input">Channels: the shape's inputs, or more.</param>
    /// <param name="output">As many pictures, of the shape's output size; channels: its outputs.</param>
    /// <param name="added">Added behind the rectifier, of the output's size and channels; may be the output itself. Null: nothing.</param>
    /// <param name="threads">Threads at most; results have the same bits for every number.</param>
    /// <param name="rows">Rows of a single output, in whole <see cref="UnitRows"/>; of the input, those from <see cref="ConvolutionShape.FirstRow"/> of
    /// the first to <see cref="ConvolutionShape.LastRow"/> of the last must be there. Null: all.</param>
    /// <exception cref="ArgumentException">Sizes or channels do not fit together.</exception>
    public void Run(ActivationView input, ActivationView output, ActivationView? added = null, int threads = 1, RowRange? rows = null)
    {
        if (input.Channels < Shape.Inputs || output.Channels != Shape.Outputs || output.Pictures != input.Pictures
            || output.Height != Shape.OutputSize(input.Height) || output.Width != Shape.OutputSize(input.Width))
        {
            throw new ArgumentException(
                $"A convolution of {Shape.Inputs} to {Shape.Outputs} channels, stride {Shape.Stride}, does not take {input} to {output}.");
        }
        if (added is { } residual && (!residual.HasSizeOf(output) || residual.Channels < output.Channels))
            throw new ArgumentException($"What is added, {residual}, has not the output's size, {output}.", nameof(added));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        RowRange made = rows ?? RowRange.All(output.Height);
        made.Check(output.Height, UnitRows);
        if (made.Count < output.Height)
            ArgumentOutOfRangeException.ThrowIfNotEqual(output.Pictures, 1, nameof(rows));
        Apply(input, output, added, threads, made);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the packed weights.</summary>
    protected abstract void Dispose(bool disposing);

    internal abstract void Replace(WeightView weights, int threads);

    internal abstract void ReplaceBias(ReadOnlySpan<float> bias);

    internal abstract void Apply(ActivationView input, ActivationView output, ActivationView? added, int threads, RowRange rows);

    /// <summary>Whether a shape of stride 1, packed for speed, is computed by F(6×6, 3×3) rather than F(4×4, 3×3).</summary>
    internal static bool TakesLargeTiles(ConvolutionShape shape) => Math.Max(shape.Inputs, shape.Outputs) <= MostForLargeTiles;

    private static Convolution3x3 Create<TOperations, TVector>(ConvolutionShape shape, WeightPacking packing)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct =>
        shape.Stride == 2 ? new WinogradConvolution<TOperations, TVector, MinimalFilterStride2>(shape)
            : packing == WeightPacking.Small ? new WinogradConvolution<TOperations, TVector, MinimalFilter23>(shape)
            : TakesLargeTiles(shape) ? new WinogradConvolution<TOperations, TVector, MinimalFilter63>(shape)
            : new WinogradConvolution<TOperations, TVector, MinimalFilter43>(shape);

    private sealed class ScalarConvolution(ConvolutionShape shape) : Convolution3x3(shape)
    {
        private readonly float[] weights = new float[9 * shape.Inputs * shape.Outputs], bias = new float[shape.Outputs];

        public override int UnitRows => 1;

        public override long Bytes => sizeof(float) * ((long)weights.Length + bias.Length);

        protected override void Dispose(bool disposing)
        {
        }

        internal override void Replace(WeightView weights, int threads) => weights.CopyTo(this.weights, Shape.Inputs);

        internal override void ReplaceBias(ReadOnlySpan<float> bias) => bias.CopyTo(this.bias);

        internal override void Apply(ActivationView input, ActivationView output, ActivationView? added, int threads, RowRange rows) =>
            ConvolutionReference.Apply(Shape, weights, bias, input, output, added, rows);
    }
}
