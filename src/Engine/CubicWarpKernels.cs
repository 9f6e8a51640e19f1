using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>The cubic warp, a vector of columns at a time.</summary>
internal static unsafe class CubicWarpKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : unmanaged
{
    private const int Taps = CubicWarp.Taps;

    // Columns and rows that a vector's pixels may look farther than they are apart, for all of it to be read in whole vectors.
    private const int LargestShift = 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(
        in PlaneView image, int planes, float* flowX, float* flowY, float far, int y, int width, int height, float* output, long outputPlane)
    {
        int count = TOperations.Count;
        int* offsets = stackalloc int[Taps * Taps * count];
        long* rows = stackalloc long[Taps + LargestShift];
        TVector* across = stackalloc TVector[Taps + LargestShift], down = stackalloc TVector[Taps + LargestShift];
        TVector ramp = TOperations.Ramp;
        for (int x = 0; x < width; x += count)
        {
            int columns = width - x;
            TVector column = TOperations.Add(TOperations.Add(TOperations.Create(x), ramp), TOperations.Load(flowX + x, columns));
            TVector row = TOperations.Add(TOperations.Create(y), TOperations.Load(flowY + x, columns));
            TVector left = Place(column, width, out TVector t), top = Place(row, height, out TVector v);
            Weigh(t, far, across);
            Weigh(v, far, down);
            float* target = output + x;
            WarpWindow<TOperations, TVector> window = new(left, top);
            if (IsInside(window, image))
            {
                Shift(window.Across, window.Widening, across);
                Shift(window.Down, window.Deepening, down);
                int tall = Taps + window.Deepening, wide = Taps + window.Widening;
                for (int j = 0; j < tall; j++)
                {
                    rows[j] = RowAt(image, window.Top - CubicWarp.Before + j);
                }

                float* corner = image.Data + window.Left - CubicWarp.Before;
                int p = 0;
                for (; p + 3 <= planes; p += 3, corner += 3 * image.Plane, target += 3 * outputPlane)
                {
                    SumThree(corner, image.Plane, rows, across, wide, down, tall, target, outputPlane, columns);
                }

                for (; p < planes; p++, corner += image.Plane, target += outputPlane)
                {
                    SumOne(corner, rows, across, wide, down, tall, target, columns);
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
    public static void FlowGradientRow(in WarpShape shape, float* image, float* flow, float far, float* gradOutput, float* gradFlow, int y)
    {
        int count = TOperations.Count;
        int* offsets = stackalloc int[Taps * Taps * count];
        TVector* across = stackalloc TVector[Taps + LargestShift], down = stackalloc TVector[Taps + LargestShift];
        TVector* acrossSlopes = stackalloc TVector[Taps + LargestShift], downSlopes = stackalloc TVector[Taps + LargestShift];
        PlaneView view = new(image, shape.PlaneSize, shape.Width, shape.Height, shape.Width);
        TVector maximumX = TOperations.Create(shape.Width - 1), maximumY = TOperations.Create(shape.Height - 1);
        for (int x = 0; x < shape.Width; x += count)
        {
            int columns = shape.Width - x;
            long pixel = (long)y * shape.Width + x;
            TVector column = TOperations.Add(TOperations.Add(TOperations.Create(x), TOperations.Ramp), TOperations.Load(flow + pixel, columns));
            TVector row = TOperations.Add(TOperations.Create(y), TOperations.Load(flow + shape.PlaneSize + pixel, columns));
            TVector left = Place(column, shape.Width, out TVector t), top = Place(row, shape.Height, out TVector v);
            Weigh(t, far, across);
            Weigh(v, far, down);
            Slope(t, far, acrossSlopes);
            Slope(v, far, downSlopes);
            WarpWindow<TOperations, TVector> window = new(left, top);
            bool isWindow = IsInside(window, view), areInside = isWindow || AreInside(shape.Width, left);
            if (isWindow)
            {
                Shift(window.Across, window.Widening, across);
                Shift(window.Across, window.Widening, acrossSlopes);
                Shift(window.Down, window.Deepening, down);
                Shift(window.Down, window.Deepening, downSlopes);
            }
            else
            {
                StoreOffsets(shape.Height, shape.Width, shape.Width, top, left, areInside ? 1 : Taps, offsets);
            }

            TVector gradX = TOperations.Zero, gradY = TOperations.Zero;
            for (int p = 0; p < shape.Planes; p++)
            {
                float* plane = image + p * shape.PlaneSize;
                TVector byX = TOperations.Zero, byY = TOperations.Zero;
                if (isWindow)
                {
                    for (int j = 0; j < Taps + window.Deepening; j++)
                    {
                        float* source = plane + RowAt(view, window.Top - CubicWarp.Before + j) + window.Left - CubicWarp.Before;
                        TVector value = TOperations.Load(source), slopes = TOperations.Multiply(acrossSlopes[0], value);
                        TVector sum = TOperations.Multiply(across[0], value);
                        for (int i = 1; i < Taps + window.Widening; i++)
                        {
                            value = TOperations.Load(source + i);
                            slopes = TOperations.MultiplyAdd(acrossSlopes[i], value, slopes);
                            sum = TOperations.MultiplyAdd(across[i], value, sum);
                        }

                        byX = TOperations.MultiplyAdd(down[j], slopes, byX);
                        byY = TOperations.MultiplyAdd(downSlopes[j], sum, byY);
                    }
                }
                else
                {
                    for (int j = 0; j < Taps; j++)
                    {
                        Six values = Read(plane, offsets + j * Taps * count, areInside);
                        byX = TOperations.MultiplyAdd(down[j], values.Sum(acrossSlopes), byX);
                        byY = TOperations.MultiplyAdd(downSlopes[j], values.Sum(across), byY);
                    }
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

    // The third of the six positions, and how far the coordinate lies behind it. All lie in the image for every flow, also infinite and not a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Place(TVector coordinate, int size, out TVector behind)
    {
        TVector clamped = TOperations.ClampFromZero(coordinate, TOperations.Create(size - 1)), position = TOperations.Truncate(clamped);
        behind = TOperations.Subtract(clamped, position);
        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(TVector t, float farShare, TVector* weights)
    {
        TVector far = TOperations.Create(farShare), near = TOperations.Create(CubicWarp.Near(farShare)), one = TOperations.Create(1);
        TVector rest = TOperations.Subtract(one, t), leading = TOperations.Multiply(TOperations.Multiply(t, rest), rest);
        TVector square = TOperations.Multiply(t, t), trailing = TOperations.Multiply(square, rest);
        TVector second = TOperations.Multiply(square, TOperations.NegatedMultiplyAdd(TOperations.Create(2), t, TOperations.Create(3)));
        Spread(leading, trailing, TOperations.Subtract(one, second), second, near, far, weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slope(TVector t, float farShare, TVector* slopes)
    {
        TVector far = TOperations.Create(farShare), near = TOperations.Create(CubicWarp.Near(farShare)), one = TOperations.Create(1);
        TVector three = TOperations.Create(3), rest = TOperations.Subtract(one, t);
        TVector leading = TOperations.Multiply(rest, TOperations.NegatedMultiplyAdd(three, t, one));
        TVector trailing = TOperations.Multiply(t, TOperations.NegatedMultiplyAdd(three, t, TOperations.Create(2)));
        TVector second = TOperations.Multiply(TOperations.Multiply(TOperations.Create(6), t), rest);
        Spread(leading, trailing, TOperations.Subtract(TOperations.Zero, second), second, near, far, slopes);
    }

    // Hermite's four functions, by the values that their slopes are made of.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(TVector leading, TVector trailing, TVector first, TVector second, TVector near, TVector far, TVector* factors)
    {
        TVector farLeading = TOperations.Multiply(far, leading), farTrailing = TOperations.Multiply(far, trailing);
        factors[0] = farLeading;
        factors[1] = TOperations.Subtract(TOperations.Subtract(TOperations.Zero, TOperations.Multiply(near, leading)), farTrailing);
        factors[2] = TOperations.MultiplyAdd(near, trailing, first);
        factors[3] = TOperations.MultiplyAdd(near, leading, second);
        factors[4] = TOperations.Subtract(TOperations.Subtract(TOperations.Zero, TOperations.Multiply(near, trailing)), farLeading);
        factors[5] = farTrailing;
    }

    // Offsets of the first so many values of each of the six rows that a column looks at, six vectors a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreOffsets(int height, int width, int stride, TVector top, TVector left, int values, int* offsets)
    {
        TVector maximumX = TOperations.Create(width - 1), maximumY = TOperations.Create(height - 1);
        for (int j = 0; j < Taps; j++, offsets += Taps * TOperations.Count)
        {
            TVector row = TOperations.ClampFromZero(TOperations.Add(top, TOperations.Create(j - CubicWarp.Before)), maximumY);
            for (int i = 0; i < values; i++)
            {
                TVector column = TOperations.ClampFromZero(TOperations.Add(left, TOperations.Create(i - CubicWarp.Before)), maximumX);
                TOperations.StoreOffsets(row, column, stride, offsets + i * TOperations.Count);
            }
        }
    }

    // Whether the six values that a column looks at in a row lie in the image, side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInside(int width, TVector left) =>
        TOperations.AreBetween(left, TOperations.Create(CubicWarp.Before), TOperations.Create(width - 1 - CubicWarp.After));

    // Whether a window is small and lies in the image with all that its columns look at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInside(in WarpWindow<TOperations, TVector> window, in PlaneView image) =>
        window.Widening <= LargestShift && window.Deepening <= LargestShift && window.Left >= CubicWarp.Before
        && window.Left + window.Widening + TOperations.Count + CubicWarp.After <= image.Width;

    // Each column's weights, later by its shift; those before and after are 0. Written out, as the compiler then compares once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Shift(TVector shift, int largest, TVector* weights)
    {
        if (largest == 0)
        {
            return;
        }

        TVector half = TOperations.Create(0.5f);
        weights[Taps] = weights[Taps + 1] = weights[Taps + 2] = TOperations.Zero;
        if (largest > 1)
        {
            TVector limit = TOperations.Create(1.5f);
            for (int i = Taps + LargestShift - 1; i >= 2; i--)
            {
                weights[i] = TOperations.WhereSmall(shift, limit, weights[i], weights[i - 2]);
            }

            weights[1] = TOperations.WhereSmall(shift, limit, weights[1], TOperations.Zero);
            weights[0] = TOperations.WhereSmall(shift, limit, weights[0], TOperations.Zero);
            shift = TOperations.WhereSmall(shift, limit, shift, TOperations.Subtract(shift, TOperations.Create(2)));
            weights[8] = TOperations.WhereSmall(shift, half, weights[8], weights[7]);
            weights[7] = TOperations.WhereSmall(shift, half, weights[7], weights[6]);
        }

        weights[6] = TOperations.WhereSmall(shift, half, weights[6], weights[5]);
        weights[5] = TOperations.WhereSmall(shift, half, weights[5], weights[4]);
        weights[4] = TOperations.WhereSmall(shift, half, weights[4], weights[3]);
        weights[3] = TOperations.WhereSmall(shift, half, weights[3], weights[2]);
        weights[2] = TOperations.WhereSmall(shift, half, weights[2], weights[1]);
        weights[1] = TOperations.WhereSmall(shift, half, weights[1], weights[0]);
        weights[0] = TOperations.WhereSmall(shift, half, weights[0], TOperations.Zero);
    }

    // Three planes share loads of the weights.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumThree(
        float* corner, long plane, long* rows, TVector* across, int width, TVector* down, int height, float* target, long targetPlane, int columns)
    {
        TVector sum0 = TOperations.Zero, sum1 = TOperations.Zero, sum2 = TOperations.Zero;
        for (int j = 0; j < height; j++)
        {
            float* first = corner + rows[j], second = first + plane, third = second + plane;
            TVector weight = across[0];
            TVector row0 = TOperations.Multiply(weight, TOperations.Load(first)), row1 = TOperations.Multiply(weight, TOperations.Load(second));
            TVector row2 = TOperations.Multiply(weight, TOperations.Load(third));
            Add(across, first, second, third, 1, ref row0, ref row1, ref row2);
            Add(across, first, second, third, 2, ref row0, ref row1, ref row2);
            Add(across, first, second, third, 3, ref row0, ref row1, ref row2);
            Add(across, first, second, third, 4, ref row0, ref row1, ref row2);
            Add(across, first, second, third, 5, ref row0, ref row1, ref row2);
            for (int i = Taps; i < width; i++)
            {
                Add(across, first, second, third, i, ref row0, ref row1, ref row2);
            }

            weight = down[j];
            sum0 = TOperations.MultiplyAdd(weight, row0, sum0);
            sum1 = TOperations.MultiplyAdd(weight, row1, sum1);
            sum2 = TOperations.MultiplyAdd(weight, row2, sum2);
        }

        TOperations.Store(sum0, target, columns);
        TOperations.Store(sum1, target + targetPlane, columns);
        TOperations.Store(sum2, target + 2 * targetPlane, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector* across, float* first, float* second, float* third, int i, ref TVector row0, ref TVector row1, ref TVector row2)
    {
        TVector weight = across[i];
        row0 = TOperations.MultiplyAdd(weight, TOperations.Load(first + i), row0);
        row1 = TOperations.MultiplyAdd(weight, TOperations.Load(second + i), row1);
        row2 = TOperations.MultiplyAdd(weight, TOperations.Load(third + i), row2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumOne(float* corner, long* rows, TVector* across, int width, TVector* down, int height, float* target, int columns)
    {
        TVector sum = TOperations.Zero;
        for (int j = 0; j < height; j++)
        {
            float* source = corner + rows[j];
            TVector row = TOperations.Multiply(across[0], TOperations.Load(source));
            for (int i = 1; i < width; i++)
            {
                row = TOperations.MultiplyAdd(across[i], TOperations.Load(source + i), row);
            }

            sum = TOperations.MultiplyAdd(down[j], row, sum);
        }

        TOperations.Store(sum, target, columns);
    }

    // The six values that each column looks at in a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Six Read(float* plane, int* offsets, bool areInside)
    {
        if (areInside)
        {
            TOperations.LoadFours(plane, offsets, out TVector first, out TVector second, out TVector third, out TVector fourth);
            TOperations.LoadFours(plane + 2, offsets, out _, out _, out TVector fifth, out TVector sixth);
            return new(first, second, third, fourth, fifth, sixth);
        }

        int count = TOperations.Count;
        return new(
            TOperations.Gather(plane, offsets), TOperations.Gather(plane, offsets + count), TOperations.Gather(plane, offsets + 2 * count),
            TOperations.Gather(plane, offsets + 3 * count), TOperations.Gather(plane, offsets + 4 * count), TOperations.Gather(plane, offsets + 5 * count));
    }

    private readonly struct Six(TVector first, TVector second, TVector third, TVector fourth, TVector fifth, TVector sixth)
    {
        private readonly TVector _first = first, _second = second, _third = third, _fourth = fourth, _fifth = fifth, _sixth = sixth;

        // The same order everywhere: bits do not depend on how values were read.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Sum(TVector* weights)
        {
            TVector sum = TOperations.Multiply(weights[0], _first);
            sum = TOperations.MultiplyAdd(weights[1], _second, sum);
            sum = TOperations.MultiplyAdd(weights[2], _third, sum);
            sum = TOperations.MultiplyAdd(weights[3], _fourth, sum);
            sum = TOperations.MultiplyAdd(weights[4], _fifth, sum);
            return TOperations.MultiplyAdd(weights[5], _sixth, sum);
        }
    }
}
