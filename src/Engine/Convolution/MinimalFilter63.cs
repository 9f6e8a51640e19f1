using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// F(6, 3) at the points 0, ±½, ±1, ±2, ∞: six outputs of stride 1 from eight products, in two dimensions a fifth fewer than with F(4, 3), for
/// weights nearly twice as large and errors some five times as large.
/// </summary>
internal readonly unsafe struct MinimalFilter63 : IMinimalFilter
{
    public static int Outputs => 6;

    public static int Points => 8;

    public static int DistinctPoints => 8;

    public static int Samples => 8;

    public static int Step => 6;

    public static int Before => 1;

    public static float[,] Taps
    {
        get
        {
            const double half = 32.0 / 45, one = -2.0 / 9, two = 1.0 / 90; // 1 / (2 p² (p² − q²) (p² − r²)) for each of the points p, q and r
            return new[,]
            {
                { 1, 0, 0 },
                { (float)half, (float)(half / 2), (float)(half / 4) },
                { (float)half, (float)(-half / 2), (float)(half / 4) },
                { (float)one, (float)one, (float)one },
                { (float)one, (float)-one, (float)one },
                { (float)two, (float)(2 * two), (float)(4 * two) },
                { (float)two, (float)(-2 * two), (float)(4 * two) },
                { 0, 0, 1 },
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        // The points' squares are ¼, 1 and 4: their sum is 5¼, that of their products in pairs 5¼, their product 1.
        TVector d1 = TOperations.Load(source + step), d2 = TOperations.Load(source + 2 * step), d3 = TOperations.Load(source + 3 * step);
        TVector d4 = TOperations.Load(source + 4 * step), d5 = TOperations.Load(source + 5 * step), d6 = TOperations.Load(source + 6 * step);
        TVector sum = TOperations.Create(5.25f);
        TOperations.Store(
            TOperations.MultiplyAdd(sum, TOperations.Subtract(d4, d2), TOperations.Subtract(TOperations.Load(source), d6)), target);
        TOperations.Store(
            TOperations.MultiplyAdd(sum, TOperations.Subtract(d3, d5), TOperations.Subtract(TOperations.Load(source + 7 * step), d1)),
            target + 7 * targetStep);

        TVector others = TOperations.Create(4.25f); // ±1: the others' squares are ¼ and 4
        TVector even = TOperations.NegatedMultiplyAdd(others, d4, TOperations.Add(d6, d2));
        TVector odd = TOperations.NegatedMultiplyAdd(others, d3, TOperations.Add(d5, d1));
        TOperations.Store(TOperations.Add(even, odd), target + 3 * targetStep);
        TOperations.Store(TOperations.Subtract(even, odd), target + 4 * targetStep);

        others = TOperations.Create(5f);
        TVector four = TOperations.Create(4f), half = TOperations.Create(0.5f); // ±½: 1 and 4
        even = TOperations.MultiplyAdd(four, d2, TOperations.NegatedMultiplyAdd(others, d4, d6));
        odd = TOperations.MultiplyAdd(four, d1, TOperations.NegatedMultiplyAdd(others, d3, d5));
        TOperations.Store(TOperations.MultiplyAdd(half, odd, even), target + targetStep);
        TOperations.Store(TOperations.NegatedMultiplyAdd(half, odd, even), target + 2 * targetStep);

        TVector quarter = TOperations.Create(0.25f), two = TOperations.Create(2f); // ±2: ¼ and 1
        others = TOperations.Create(1.25f);
        even = TOperations.MultiplyAdd(quarter, d2, TOperations.NegatedMultiplyAdd(others, d4, d6));
        odd = TOperations.MultiplyAdd(quarter, d1, TOperations.NegatedMultiplyAdd(others, d3, d5));
        TOperations.Store(TOperations.MultiplyAdd(two, odd, even), target + 5 * targetStep);
        TOperations.Store(TOperations.NegatedMultiplyAdd(two, odd, even), target + 6 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TOperations, TVector>(
        float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector m1 = TOperations.Load(source + step), m2 = TOperations.Load(source + 2 * step);
        TVector m3 = TOperations.Load(source + 3 * step), m4 = TOperations.Load(source + 4 * step);
        TVector m5 = TOperations.Load(source + 5 * step), m6 = TOperations.Load(source + 6 * step);
        TVector sumHalf = TOperations.Add(m1, m2), sumOne = TOperations.Add(m3, m4), sumTwo = TOperations.Add(m5, m6);
        TVector halves = TOperations.Subtract(m1, m2), ones = TOperations.Subtract(m3, m4), twos = TOperations.Subtract(m5, m6);
        y0 = TOperations.Add(TOperations.Add(TOperations.Load(source), sumHalf), TOperations.Add(sumOne, sumTwo));
        y1 = TOperations.MultiplyAdd(TOperations.Create(0.5f), halves, TOperations.MultiplyAdd(TOperations.Create(2f), twos, ones));
        y2 = TOperations.MultiplyAdd(TOperations.Create(0.25f), sumHalf, TOperations.MultiplyAdd(TOperations.Create(4f), sumTwo, sumOne));
        y3 = TOperations.MultiplyAdd(TOperations.Create(0.125f), halves, TOperations.MultiplyAdd(TOperations.Create(8f), twos, ones));
        y4 = TOperations.MultiplyAdd(TOperations.Create(0.0625f), sumHalf, TOperations.MultiplyAdd(TOperations.Create(16f), sumTwo, sumOne));
        TVector last = TOperations.Add(TOperations.Load(source + 7 * step), ones);
        y5 = TOperations.MultiplyAdd(TOperations.Create(0.03125f), halves, TOperations.MultiplyAdd(TOperations.Create(32f), twos, last));
    }
}
