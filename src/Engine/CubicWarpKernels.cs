using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>The cubic warp, a vector of columns at a time.</summary>
internal static unsafe class CubicWarpKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : unmanaged
{
    private const int Taps = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(in PlaneView image, int planes, float* flowX, float* flowY, int y, int width, int height, float* output, long outputPlane)
    {
        int count = TOperations.Count;
        int* offsets = stackalloc int[Taps * Taps * count];
        float* places = stackalloc float[count];
        TVector* across = stackalloc TVector[Taps], down = stackalloc TVector[Taps];
        TVector ramp = TOperations.Ramp;
        for (int x = 0; x < width; x += count)
        {
            int columns = width - x;
            TVector column = TOperations.Add(TOperations.Add(TOperations.Create(x), ramp), TOperations.Load(flowX + x, columns));
            TVector row = TOperations.Add(TOperations.Create(y), TOperations.Load(flowY + x, columns));
            TVector left = Place(column, width, out TVector t), top = Place(row, height, out TVector v);
            Weigh(t, across);
            Weigh(v, down);
            float* target = output + x;
            if (AreTogether(image.Width, width, top, left, places, offsets, out int topRow, out int leftColumn))
            {
                float* plane = image.Data + leftColumn - 1;
                long above = RowAt(image, topRow - 1), at = RowAt(image, topRow), below = RowAt(image, topRow + 1), last = RowAt(image, topRow + 2);
                for (int p = 0; p < planes; p++, plane += image.Plane, target += outputPlane)
                {
                    TVector sum = TOperations.Multiply(down[0], Loaded(plane + above, across));
                    sum = TOperations.MultiplyAdd(down[1], Loaded(plane + at, across), sum);
                    sum = TOperations.MultiplyAdd(down[2], Loaded(plane + below, across), sum);
                    TOperations.Store(TOperations.MultiplyAdd(down[3], Loaded(plane + last, across), sum), target, columns);
                }

                continue;
            }

            bool areInside = AreInside(image.Width, left);
            StoreOffsets(image.Height, image.Width, image.Stride, top, left, areInside ? 1 : Taps, offsets);
            float* source = image.Data;
            for (int p = 0; p < planes; p++, source += image.Plane, target += outputPlane)
            {
                TVector sum = TOperations.Multiply(down[0], Read(source, offsets, areInside).Sum(across));
                for (int j = 1; j < Taps; j++)
                {
                    sum = TOperations.MultiplyAdd(down[j], Read(source, offsets + j * Taps * count, areInside).Sum(across), sum);
                }

                TOperations.Store(sum, target, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FlowGradientRow(in WarpShape shape, float* image, float* flow, float* gradOutput, float* gradFlow, int y)
    {
        int count = TOperations.Count;
        int* offsets = stackalloc int[Taps * Taps * count];
        TVector* across = stackalloc TVector[Taps], down = stackalloc TVector[Taps];
        TVector* acrossSlopes = stackalloc TVector[Taps], downSlopes = stackalloc TVector[Taps];
        TVector maximumX = TOperations.Create(shape.Width - 1), maximumY = TOperations.Create(shape.Height - 1);
        for (int x = 0; x < shape.Width; x += count)
        {
            int columns = shape.Width - x;
            long pixel = (long)y * shape.Width + x;
            TVector column = TOperations.Add(TOperations.Add(TOperations.Create(x), TOperations.Ramp), TOperations.Load(flow + pixel, columns));
            TVector row = TOperations.Add(TOperations.Create(y), TOperations.Load(flow + shape.PlaneSize + pixel, columns));
            TVector left = Place(column, shape.Width, out TVector t), top = Place(row, shape.Height, out TVector v);
            Weigh(t, across);
            Weigh(v, down);
            Slope(t, acrossSlopes);
            Slope(v, downSlopes);
            bool areInside = AreInside(shape.Width, left);
            StoreOffsets(shape.Height, shape.Width, shape.Width, top, left, areInside ? 1 : Taps, offsets);
            TVector gradX = TOperations.Zero, gradY = TOperations.Zero;
            for (int p = 0; p < shape.Planes; p++)
            {
                float* plane = image + p * shape.PlaneSize;
                TVector byX = TOperations.Zero, byY = TOperations.Zero;
                for (int j = 0; j < Taps; j++)
                {
                    Four values = Read(plane, offsets + j * Taps * count, areInside);
                    byX = TOperations.MultiplyAdd(down[j], values.Sum(acrossSlopes), byX);
                    byY = TOperations.MultiplyAdd(downSlopes[j], values.Sum(across), byY);
                }

                TVector gradient = TOperations.Load(gradOutput + p * shape.PlaneSize + pixel, columns);
                gradX = TOperations.MultiplyAdd(gradient, byX, gradX);
                gradY = TOperations.MultiplyAdd(gradient, byY, gradY);
            }

            TOperations.Store(TOperations.WhereInside(column, maximumX, gradX), gradFlow + pixel, columns);
            TOperations.Store(TOperations.WhereInside(row, maximumY, gradY), gradFlow + shape.PlaneSize + pixel, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long RowAt(in PlaneView image, int row) => (long)Math.Clamp(row, 0, image.Height - 1) * image.Stride;

    // The second of the four positions, and how far the coordinate lies behind it. All lie in the image for every flow, also infinite and not a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Place(TVector coordinate, int size, out TVector behind)
    {
        TVector clamped = TOperations.ClampFromZero(coordinate, TOperations.Create(size - 1)), position = TOperations.Truncate(clamped);
        behind = TOperations.Subtract(clamped, position);
        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(TVector t, TVector* weights)
    {
        TVector half = TOperations.Create(0.5f), minusHalf = TOperations.Create(-0.5f), one = TOperations.Create(1), two = TOperations.Create(2);
        TVector more = TOperations.Create(1.5f), square = TOperations.Multiply(t, t);
        weights[0] = TOperations.Multiply(t, TOperations.MultiplyAdd(t, TOperations.NegatedMultiplyAdd(half, t, one), minusHalf));
        weights[1] = TOperations.MultiplyAdd(square, TOperations.MultiplyAdd(more, t, TOperations.Create(-2.5f)), one);
        weights[2] = TOperations.Multiply(t, TOperations.MultiplyAdd(t, TOperations.NegatedMultiplyAdd(more, t, two), half));
        weights[3] = TOperations.Multiply(square, TOperations.MultiplyAdd(half, t, minusHalf));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slope(TVector t, TVector* slopes)
    {
        TVector more = TOperations.Create(1.5f), most = TOperations.Create(4.5f);
        slopes[0] = TOperations.MultiplyAdd(t, TOperations.NegatedMultiplyAdd(more, t, TOperations.Create(2)), TOperations.Create(-0.5f));
        slopes[1] = TOperations.Multiply(t, TOperations.MultiplyAdd(most, t, TOperations.Create(-5)));
        slopes[2] = TOperations.MultiplyAdd(t, TOperations.NegatedMultiplyAdd(most, t, TOperations.Create(4)), TOperations.Create(0.5f));
        slopes[3] = TOperations.Multiply(t, TOperations.MultiplyAdd(more, t, TOperations.Create(-1)));
    }

    // Offsets of the first so many values of each of the four rows that a column looks at, four vectors a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreOffsets(int height, int width, int stride, TVector top, TVector left, int values, int* offsets)
    {
        TVector maximumX = TOperations.Create(width - 1), maximumY = TOperations.Create(height - 1);
        for (int j = 0; j < Taps; j++, offsets += Taps * TOperations.Count)
        {
            TVector row = TOperations.ClampFromZero(TOperations.Add(top, TOperations.Create(j - 1)), maximumY);
            for (int i = 0; i < values; i++)
            {
                TVector column = TOperations.ClampFromZero(TOperations.Add(left, TOperations.Create(i - 1)), maximumX);
                TOperations.StoreOffsets(row, column, stride, offsets + i * TOperations.Count);
            }
        }
    }

    // Whether the four values that a column looks at in a row lie in the image, side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInside(int width, TVector left) => TOperations.AreBetween(left, TOperations.Create(1), TOperations.Create(width - 3));

    // Where the flow is nearly the same for all pixels of a vector, what they look at lies side by side, in one row, and loads take a tenth of a gather's time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreTogether(
        int stored, int width, TVector top, TVector left, float* places, int* offsets, out int topRow, out int leftColumn)
    {
        int last = TOperations.Count - 1;
        TOperations.Store(left, places);
        float first = places[0];
        bool inside = first >= 1 && places[last] == first + last && places[last] <= stored - 3;
        leftColumn = (int)first;
        TOperations.Store(top, places);
        topRow = (int)places[0];
        TOperations.StoreOffsets(top, left, width, offsets); // rows as long as the result's: columns beyond the image's are not those of its next row
        return inside && TOperations.AreConsecutive(offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Loaded(float* source, TVector* across) =>
        new Four(TOperations.Load(source), TOperations.Load(source + 1), TOperations.Load(source + 2), TOperations.Load(source + 3)).Sum(across);

    // The four values that each column looks at in a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four Read(float* plane, int* offsets, bool areInside)
    {
        if (areInside)
        {
            TOperations.LoadFours(plane, offsets, out TVector first, out TVector second, out TVector third, out TVector fourth);
            return new(first, second, third, fourth);
        }

        int count = TOperations.Count;
        return new(
            TOperations.Gather(plane, offsets), TOperations.Gather(plane, offsets + count),
            TOperations.Gather(plane, offsets + 2 * count), TOperations.Gather(plane, offsets + 3 * count));
    }

    private readonly struct Four(TVector first, TVector second, TVector third, TVector fourth)
    {
        private readonly TVector _first = first, _second = second, _third = third, _fourth = fourth;

        // The same order everywhere: bits do not depend on how values were read.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Sum(TVector* weights)
        {
            TVector sum = TOperations.Multiply(weights[0], _first);
            sum = TOperations.MultiplyAdd(weights[1], _second, sum);
            sum = TOperations.MultiplyAdd(weights[2], _third, sum);
            return TOperations.MultiplyAdd(weights[3], _fourth, sum);
        }
    }
}
