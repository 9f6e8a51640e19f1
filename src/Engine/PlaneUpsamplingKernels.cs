using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>The upsampling, a row at a time: two small rows are mixed, then neighbours within the mixed row. Backward the same, reversed.</summary>
internal static unsafe class PlaneUpsamplingKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    private const int RowsPerTile = 64; // enough that finding the columns' places is little beside them
    private const int Padding = 16;     // floats before a mixed row: its first value again, the row itself aligned

    public static void Forward(UpsamplingShape shape, TensorView small, TensorView baseline, TensorView output, int threads)
    {
        int tilesDown = (shape.Height + RowsPerTile - 1) / RowsPerTile;
        Tiles.Run(shape.Batch * shape.Planes * tilesDown, threads, index =>
        {
            (int plane, int down) = Math.DivRem(index, tilesDown);
            (int n, int p) = Math.DivRem(plane, shape.Planes);
            Scratch scratch = Scratch.ForThisThread(RowScratch(shape));
            RowWriter writer = new(shape, scratch.Take(RowScratch(shape)));
            float* source = small.Item(n) + p * shape.SmallSize, target = output.Item(n) + p * shape.LargeSize;
            float* below = baseline.Data is null ? null : baseline.Item(n) + p * shape.LargeSize;
            for (int y = down * RowsPerTile; y < Math.Min(shape.Height, (down + 1) * RowsPerTile); y++)
            {
                long row = (long)y * shape.Width;
                writer.Write(source, y, scale: 1, below is null ? null : below + row, target + row);
            }
        });
    }

    /// <summary>Floats that rows of one shape are made in.</summary>
    public static int RowScratch(in UpsamplingShape shape) =>
        Padding + Scratch.Rounded(shape.Columns + 1 + TOperations.Count) + (IsEven(shape) ? 0 : 3 * Scratch.Rounded(shape.Width));

    /// <summary>One row.</summary>
    public static void Row(in UpsamplingShape shape, float* small, int y, float scale, float* baseline, float* target, float* scratch) =>
        new RowWriter(shape, scratch).Write(small, y, scale, baseline, target);

    public static void Backward(UpsamplingShape shape, TensorView gradOutput, TensorView gradSmall, int threads) =>
        Tiles.Run(shape.Batch * shape.Planes, threads, index =>
        {
            (int n, int p) = Math.DivRem(index, shape.Planes);
            int length = 2 * Padding + Scratch.Rounded(shape.Width + 4 * TOperations.Count); // vectors of the last columns read beyond the row
            bool isEven = IsEven(shape);
            Scratch scratch = Scratch.ForThisThread(length + 3 * Scratch.Rounded(shape.Width));
            float* sum = scratch.Take(length) + Padding;
            Columns columns = isEven ? default : new(shape, scratch.Take(3 * Scratch.Rounded(shape.Width)));
            float* source = gradOutput.Item(n) + p * shape.LargeSize, target = gradSmall.Item(n) + p * shape.SmallSize;
            for (int row = 0; row < shape.Rows; row++)
            {
                new Span<float>(sum, shape.Width).Clear();
                // Only these large rows look at the small row.
                int first = Math.Max(0, (row - 1) * shape.Factor + shape.Factor / 2), last = Math.Min(shape.Height, (row + 2) * shape.Factor);
                for (int y = first; y < last; y++)
                {
                    (int top, int bottom, float share) = UpsamplingShape.Locate(y, shape.Factor, shape.Rows);
                    float weight = (top == row ? 1 - share : 0) + (bottom == row ? share : 0);
                    if (weight != 0)
                        AddScaled(source + (long)y * shape.Width, weight, sum, shape.Width);
                }
                float* narrow = target + (long)row * shape.Columns;
                if (!isEven)
                {
                    Narrow(columns, sum, narrow, shape);
                    continue;
                }

                // What lies beyond the border counts for the border's pixel.
                (sum[-2], sum[-1], sum[shape.Width], sum[shape.Width + 1]) = (sum[1], sum[0], sum[shape.Width - 1], sum[shape.Width - 2]);
                if (shape.Factor == 2)
                    Halve(sum, narrow, shape.Columns);
                else
                    Quarter(sum, narrow, shape.Columns);
            }
        });

    // Factors whose columns' shares are the same everywhere: vectors are interleaved, nothing is looked up.
    private static bool IsEven(in UpsamplingShape shape) => shape.Factor is 2 or 4;

    /// <summary>Makes rows of one shape.</summary>
    private readonly ref struct RowWriter
    {
        private readonly UpsamplingShape shape;
        private readonly float* mixed;
        private readonly Columns columns;

        public RowWriter(in UpsamplingShape shape, float* scratch)
        {
            this.shape = shape;
            mixed = scratch + Padding;
            if (!IsEven(shape))
                columns = new(shape, mixed + Scratch.Rounded(shape.Columns + 1 + TOperations.Count));
        }

        public void Write(float* small, int y, float scale, float* baseline, float* target)
        {
            (int top, int bottom, float share) = UpsamplingShape.Locate(y, shape.Factor, shape.Rows);
            MixRows(small + (long)top * shape.Columns, small + (long)bottom * shape.Columns, share, scale, mixed, shape.Columns);
            (mixed[-1], mixed[shape.Columns]) = (mixed[0], mixed[shape.Columns - 1]);
            if (shape.Factor == 2)
                Double(mixed, baseline, target, shape.Columns);
            else if (shape.Factor == 4)
                Quadruple(mixed, baseline, target, shape.Columns);
            else
                Widen(columns, mixed, baseline, target, shape.Width);
        }
    }

    /// <summary>Each large column's place among the small.</summary>
    private readonly struct Columns
    {
        public readonly int* Before, After;
        public readonly float* Share;

        public Columns(in UpsamplingShape shape, float* scratch)
        {
            int length = Scratch.Rounded(shape.Width);
            Before = (int*)scratch;
            After = (int*)(scratch + length);
            Share = scratch + 2 * length;
            for (int x = 0; x < shape.Width; x++)
                (Before[x], After[x], Share[x]) = UpsamplingShape.Locate(x, shape.Factor, shape.Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixRows(float* first, float* second, float share, float scale, float* target, int count)
    {
        TVector weight = TOperations.Create(share), factor = TOperations.Create(scale);
        for (int x = 0; x < count; x += TOperations.Count)
        {
            TVector a = TOperations.Load(first + x, count - x), b = TOperations.Load(second + x, count - x);
            TOperations.Store(TOperations.Multiply(TOperations.MultiplyAdd(weight, TOperations.Subtract(b, a), a), factor), target + x, count - x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(in Columns columns, float* row, float* baseline, float* target, int width)
    {
        int x = 0;
        for (; x <= width - TOperations.Count; x += TOperations.Count)
        {
            TVector a = TOperations.Gather(row, columns.Before + x), b = TOperations.Gather(row, columns.After + x);
            TVector value = TOperations.MultiplyAdd(TOperations.Load(columns.Share + x), TOperations.Subtract(b, a), a);
            TOperations.Store(baseline is null ? value : TOperations.Add(TOperations.Load(baseline + x), value), target + x);
        }
        for (; x < width; x++)
        {
            float a = row[columns.Before[x]], b = row[columns.After[x]];
            target[x] = (baseline is null ? 0 : baseline[x]) + MathF.FusedMultiplyAdd(columns.Share[x], b - a, a);
        }
    }

    // Factor 2: between neighbours a and b at ¾ and ¼; the row has one value more on both sides.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Double(float* row, float* baseline, float* target, int columns)
    {
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        for (int x = 0; x < columns; x += TOperations.Count)
        {
            TVector before = TOperations.Load(row + x - 1), here = TOperations.Load(row + x), after = TOperations.Load(row + x + 1);
            TOperations.Interleave(Mix(before, here, three), Mix(here, after, one), out TVector first, out TVector second);
            int count = 2 * (columns - x);
            float* under = baseline is null ? null : baseline + 2 * x;
            Put(first, under, target + 2 * x, 0, count);
            Put(second, under, target + 2 * x, 1, count);
        }
    }

    // Factor 4: at ⅝ and ⅞ from the one before, ⅛ and ⅜ to the one after.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quadruple(float* row, float* baseline, float* target, int columns)
    {
        TVector one = TOperations.Create(0.125f), three = TOperations.Create(0.375f), five = TOperations.Create(0.625f), seven = TOperations.Create(0.875f);
        for (int x = 0; x < columns; x += TOperations.Count)
        {
            TVector before = TOperations.Load(row + x - 1), here = TOperations.Load(row + x), after = TOperations.Load(row + x + 1);
            TOperations.Interleave(Mix(before, here, five), Mix(here, after, one), out TVector even0, out TVector even1);
            TOperations.Interleave(Mix(before, here, seven), Mix(here, after, three), out TVector odd0, out TVector odd1);
            TOperations.Interleave(even0, odd0, out TVector first, out TVector second);
            TOperations.Interleave(even1, odd1, out TVector third, out TVector fourth);
            int count = 4 * (columns - x);
            float* under = baseline is null ? null : baseline + 4 * x;
            Put(first, under, target + 4 * x, 0, count);
            Put(second, under, target + 4 * x, 1, count);
            Put(third, under, target + 4 * x, 2, count);
            Put(fourth, under, target + 4 * x, 3, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Mix(TVector first, TVector second, TVector share) =>
        TOperations.MultiplyAdd(share, TOperations.Subtract(second, first), first);

    // The vector at a place of so many values, as far as there are any.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TVector value, float* baseline, float* target, int place, int count)
    {
        int start = place * TOperations.Count, left = count - start;
        if (left >= TOperations.Count)
            TOperations.Store(baseline is null ? value : TOperations.Add(TOperations.Load(baseline + start), value), target + start);
        else if (left > 0)
            TOperations.Store(baseline is null ? value : TOperations.Add(TOperations.Load(baseline + start, left), value), target + start, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(float* source, float weight, float* sum, int count)
    {
        TVector factor = TOperations.Create(weight);
        for (int x = 0; x < count; x += TOperations.Count)
            TOperations.Store(TOperations.MultiplyAdd(factor, TOperations.Load(source + x, count - x), TOperations.Load(sum + x, count - x)),
                sum + x, count - x);
    }

    // The gradient of Double.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halve(float* row, float* target, int columns)
    {
        TVector three = TOperations.Create(0.75f), one = TOperations.Create(0.25f);
        for (int x = 0; x < columns; x += TOperations.Count, row += 2 * TOperations.Count)
        {
            Split(row - 1, out TVector before, out TVector first);
            Split(row + 1, out TVector second, out TVector after);
            TVector outer = TOperations.Multiply(one, TOperations.Add(before, after));
            TOperations.Store(TOperations.MultiplyAdd(three, TOperations.Add(first, second), outer), target + x, columns - x);
        }
    }

    // The gradient of Quadruple.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quarter(float* row, float* target, int columns)
    {
        TVector one = TOperations.Create(0.125f), three = TOperations.Create(0.375f), five = TOperations.Create(0.625f), seven = TOperations.Create(0.875f);
        for (int x = 0; x < columns; x += TOperations.Count, row += 4 * TOperations.Count)
        {
            SplitInFour(row - 2, out TVector before2, out TVector before1, out TVector first, out TVector second);
            SplitInFour(row + 2, out TVector third, out TVector fourth, out TVector after1, out TVector after2);
            TVector sum = TOperations.Multiply(one, TOperations.Add(before2, after2));
            sum = TOperations.MultiplyAdd(three, TOperations.Add(before1, after1), sum);
            sum = TOperations.MultiplyAdd(five, TOperations.Add(first, fourth), sum);
            TOperations.Store(TOperations.MultiplyAdd(seven, TOperations.Add(second, third), sum), target + x, columns - x);
        }
    }

    // Every second value, and those between.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(float* source, out TVector even, out TVector odd) =>
        TOperations.Deinterleave(TOperations.Load(source), TOperations.Load(source + TOperations.Count), out even, out odd);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitInFour(float* source, out TVector first, out TVector second, out TVector third, out TVector fourth)
    {
        Split(source, out TVector even0, out TVector odd0);
        Split(source + 2 * TOperations.Count, out TVector even1, out TVector odd1);
        TOperations.Deinterleave(even0, even1, out first, out third);
        TOperations.Deinterleave(odd0, odd1, out second, out fourth);
    }

    private static void Narrow(in Columns columns, float* row, float* target, in UpsamplingShape shape)
    {
        new Span<float>(target, shape.Columns).Clear();
        for (int x = 0; x < shape.Width; x++)
        {
            float after = columns.Share[x] * row[x];
            target[columns.Before[x]] += row[x] - after;
            target[columns.After[x]] += after;
        }
    }
}
