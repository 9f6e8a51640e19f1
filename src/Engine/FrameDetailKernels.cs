using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>The detail of frames and of their blend, a vector of columns at a time: see <see cref="FrameDetail"/>.</summary>
internal static unsafe class FrameDetailKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int BandRows = 32;

    /// <summary>On whole planes, a band of rows at a time.</summary>
    public static void Keep(WarpShape shape, float* blend, float* target, float* output, int threads)
    {
        int height = shape.Height, width = shape.Width, stride = FrameDetail.Stride(width), rows = BandRows + 2 * FrameDetail.Halo;
        Tiles.Run((height + BandRows - 1) / BandRows, threads, band =>
        {
            int top = band * BandRows, bottom = Math.Min(height, top + BandRows);
            int first = Math.Max(0, top - FrameDetail.Halo), last = Math.Min(height, bottom + FrameDetail.Halo);
            var scratch = Scratch.ForThisThread(shape.Planes * rows * stride + FrameDetail.BandFloats(rows, width));
            float* copies = scratch.Take(shape.Planes * rows * stride) + FrameDetail.Margin;
            for (int p = 0; p < shape.Planes; p++)
                for (int y = first; y < last; y++)
                {
                    float* copy = copies + (p * rows + y - first) * (long)stride;
                    new ReadOnlySpan<float>(blend + p * shape.PlaneSize + (long)y * width, width).CopyTo(new(copy, width));
                    Frame(copy, width);
                }

            Band(shape.Planes, height, width, new(first, last, top, bottom), copies, rows * (long)stride, target + (long)top * width, width,
                output + (long)top * width, shape.PlaneSize, scratch.Take(FrameDetail.BandFloats(rows, width)));
        });
    }

    /// <summary>Repeats a row's border in its margins, as far as <see cref="Band"/> looks.</summary>
    public static void Frame(float* row, int width) => (row[-1], row[width]) = (row[0], row[width - 1]);

    /// <summary>Some rows of the output.</summary>
    /// <param name="planes">P.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="blend">The first given row of plane 0; rows lie <see cref="FrameDetail.Stride"/> apart and are framed.</param>
    /// <param name="blendPlane">Floats from a plane's rows to the next plane's.</param>
    /// <param name="target">The energy wanted in the first row of the output.</param>
    /// <param name="targetStride">Floats from a row of it to the next.</param>
    /// <param name="output">The first row of plane 0, written.</param>
    /// <param name="outputPlane">Floats from a plane to the next.</param>
    /// <param name="scratch">Working memory of <see cref="FrameDetail.BandFloats"/>.</param>
    public static void Band(
        int planes, int height, int width, DetailRows rows, float* blend, long blendPlane, float* target, long targetStride, float* output, long outputPlane,
        float* scratch)
    {
        int stride = FrameDetail.Stride(width);
        float* factors = scratch + FrameDetail.Margin, sums = factors + stride; // sums over five columns of each row's energy
        int start = Math.Max(0, rows.Top - FrameDetail.Reach), end = Math.Min(height, rows.Bottom + FrameDetail.Reach);
        for (int y = start; y < end; y++)
        {
            new Span<float>(factors, width).Clear();
            for (int p = 0; p < planes; p++)
                AddEnergy(Row(p, y - 1), Row(p, y), Row(p, y + 1), factors, width);
            (factors[-2], factors[-1], factors[width], factors[width + 1]) = (factors[0], factors[0], factors[width - 1], factors[width - 1]);
            SumColumns(factors, sums + (y - start) * (long)stride, width);
        }

        float** five = stackalloc float*[5];
        for (int y = rows.Top; y < rows.Bottom; y++, target += targetStride, output += width)
        {
            for (int i = 0; i < 5; i++)
                five[i] = sums + (Math.Clamp(y + i - FrameDetail.Reach, 0, height - 1) - start) * (long)stride;
            Factors(five, target, factors, width);
            for (int p = 0; p < planes; p++)
                Add(Row(p, y - 1), Row(p, y), Row(p, y + 1), factors, output + p * outputPlane, width);
        }

        float* Row(int plane, int y) => blend + plane * blendPlane + (Math.Clamp(y, 0, height - 1) - rows.First) * (long)stride;
    }

    /// <summary>See <see cref="FrameDetail.ToCells"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToCells(float* flow, int width, int? y)
    {
        TVector half = TOperations.Create(0.5f), share = TOperations.Create(1f / FrameDetail.Cell);
        for (int x = 0; x < width; x += TOperations.Count)
        {
            TVector place = y is { } row ? TOperations.Create(row) : TOperations.Add(TOperations.Create(x), TOperations.Ramp);
            TVector there = TOperations.Add(TOperations.Add(place, TOperations.Load(flow + x, width - x)), half);
            TOperations.Store(
                TOperations.Subtract(TOperations.Subtract(TOperations.Multiply(there, share), half), place), flow + x, width - x);
        }
    }

    /// <summary>Adds the energy of one row's detail.</summary>
    /// <remarks>
    /// The rows go on by a value before and behind, and all four by <see cref="FrameDetail.Margin"/> that may be read and, of the energy, written.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddEnergy(float* above, float* row, float* below, float* energy, int width)
    {
        for (int x = 0; x < width; x += TOperations.Count)
        {
            TVector detail = Detail(above + x, row + x, below + x);
            TOperations.Store(TOperations.MultiplyAdd(detail, detail, TOperations.Load(energy + x)), energy + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumColumns(float* energy, float* sums, int width)
    {
        for (int x = 0; x < width; x += TOperations.Count)
        {
            TVector outer = TOperations.Add(TOperations.Load(energy + x - 2), TOperations.Load(energy + x + 2));
            TVector inner = TOperations.Add(TOperations.Load(energy + x - 1), TOperations.Load(energy + x + 1));
            TOperations.Store(TOperations.Add(TOperations.Add(outer, inner), TOperations.Load(energy + x)), sums + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Factors(float** sums, float* target, float* factors, int width)
    {
        TVector share = TOperations.Create(1f / 25), least = TOperations.Create(FrameDetail.LeastEnergy), one = TOperations.Create(1);
        TVector most = TOperations.Create(FrameDetail.LargestFactor - 1), strength = TOperations.Create(FrameDetail.Strength);
        TVector mostAdded = TOperations.Create(FrameDetail.MostAdded);
        for (int x = 0; x < width; x += TOperations.Count)
        {
            TVector outer = TOperations.Add(TOperations.Load(sums[0] + x), TOperations.Load(sums[4] + x));
            TVector inner = TOperations.Add(TOperations.Load(sums[1] + x), TOperations.Load(sums[3] + x));
            TVector energy = TOperations.Multiply(TOperations.Add(TOperations.Add(outer, inner), TOperations.Load(sums[2] + x)), share);
            energy = TOperations.Max(energy, least);
            TVector ratio = TOperations.SquareRoot(TOperations.Divide(TOperations.Load(target + x, width - x), energy));
            TVector more = TOperations.ClampFromZero(TOperations.Subtract(ratio, one), most);
            TVector limit = TOperations.Divide(mostAdded, TOperations.SquareRoot(energy));
            TOperations.Store(TOperations.Min(TOperations.Multiply(strength, more), limit), factors + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* above, float* row, float* below, float* factors, float* output, int width)
    {
        for (int x = 0; x < width; x += TOperations.Count)
        {
            TVector detail = Detail(above + x, row + x, below + x);
            TOperations.Store(TOperations.MultiplyAdd(TOperations.Load(factors + x), detail, TOperations.Load(row + x)), output + x, width - x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Detail(float* above, float* row, float* below)
    {
        TVector left = Column(above - 1, row - 1, below - 1), right = Column(above + 1, row + 1, below + 1);
        TVector sum = TOperations.MultiplyAdd(TOperations.Create(2), Column(above, row, below), TOperations.Add(left, right));
        return TOperations.NegatedMultiplyAdd(sum, TOperations.Create(1f / 16), TOperations.Load(row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Column(float* above, float* row, float* below) => TOperations.MultiplyAdd(
        TOperations.Create(2), TOperations.Load(row), TOperations.Add(TOperations.Load(above), TOperations.Load(below)));
}

/// <summary>Rows of a blend.</summary>
/// <param name="First">The first that is given.</param>
/// <param name="Last">Behind the last that is given.</param>
/// <param name="Top">The first that is wanted.</param>
/// <param name="Bottom">Behind the last that is wanted; what is given reaches <see cref="FrameDetail.Halo"/> rows further, or to the picture's edge.</param>
internal readonly record struct DetailRows(int First, int Last, int Top, int Bottom);
