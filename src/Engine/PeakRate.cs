using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>What the processor can do at most: the roof under which every kernel stays.</summary>
public static class PeakRate
{
    private const int Steps = 1 << 16, Sums = 12;

    /// <summary>Measures fused multiply-adds on registers alone, for some 50 ms.</summary>
    /// <param name="options">The kernel level.</param>
    /// <param name="threads">Threads that compute at the same time.</param>
    /// <returns>Multiplications and additions of all threads, in 10⁹ a second, of the best of many runs; 0 for the scalar level.</returns>
    public static double Measure(EngineOptions? options = null, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return (options ?? EngineOptions.Default).ResolveLevel() switch
        {
            KernelLevel.Vector512 => Measure<Operations512, Vector512<float>>(threads),
            KernelLevel.Vector256 => Measure<Operations256, Vector256<float>>(threads),
            KernelLevel.Vector128 => Measure<Operations128, Vector128<float>>(threads),
            _ => 0,
        };
    }

    private static double Measure<TOperations, TVector>(int threads)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        // Several threads get more to do at a time, beside which their start takes no time.
        int runs = threads == 1 ? 1 : 16 * threads;
        double best = double.PositiveInfinity;
        long end = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 20;
        while (Stopwatch.GetTimestamp() < end)
        {
            long begin = Stopwatch.GetTimestamp();
            Tiles.Run(runs, threads, _ => Run<TOperations, TVector>());
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        return 2.0 * runs * Steps * Sums * TOperations.Count / best / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Run<TOperations, TVector>()
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct
    {
        TVector x = TOperations.Create(0.999f), y = TOperations.Create(0.001f);
        TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = TOperations.MultiplyAdd(a, x, y);
            b = TOperations.MultiplyAdd(b, x, y);
            c = TOperations.MultiplyAdd(c, x, y);
            d = TOperations.MultiplyAdd(d, x, y);
            e = TOperations.MultiplyAdd(e, x, y);
            f = TOperations.MultiplyAdd(f, x, y);
            g = TOperations.MultiplyAdd(g, x, y);
            h = TOperations.MultiplyAdd(h, x, y);
            i = TOperations.MultiplyAdd(i, x, y);
            j = TOperations.MultiplyAdd(j, x, y);
            k = TOperations.MultiplyAdd(k, x, y);
            l = TOperations.MultiplyAdd(l, x, y);
        }
        // The sums are used, so that the compiler keeps them.
        float* sink = stackalloc float[16];
        TVector all =
            TOperations.Add(TOperations.Add(TOperations.Add(a, b), TOperations.Add(c, d)), TOperations.Add(TOperations.Add(e, f), TOperations.Add(g, h)));
        TOperations.Store(TOperations.Add(all, TOperations.Add(TOperations.Add(i, j), TOperations.Add(k, l))), sink);
    }
}
