using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// The warp, a vector of columns at a time. The image's gradient is scattered, value by value in a fixed order: one thread owns one plane.
/// </summary>
internal static unsafe class WarpKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : unmanaged
{
    private const int RowsPerTile = 16;

    public static void Forward(WarpShape shape, TensorView image, TensorView flow, TensorView output, int threads)
    {
        int tilesDown = (shape.Height + RowsPerTile - 1) / RowsPerTile;
        Tiles.Run(shape.Batch * tilesDown, threads, index =>
        {
            (int n, int down) = Math.DivRem(index, tilesDown);
            for (int y = down * RowsPerTile; y < Math.Min(shape.Height, (down + 1) * RowsPerTile); y++)
            {
                float* flowRow = flow.Item(n) + (long)y * shape.Width;
                PlaneView source = new(image.Item(n), shape.PlaneSize, shape.Width, shape.Height, shape.Width);
                Row(source, shape.Planes, flowRow, flowRow + shape.PlaneSize, y, shape.Width, output.Item(n) + (long)y * shape.Width, shape.PlaneSize);
            }
        });
    }

    public static void Backward(WarpShape shape, TensorView image, TensorView flow, TensorView gradOutput, TensorView gradImage,
        TensorView gradFlow, int threads)
    {
        int tilesDown = (shape.Height + RowsPerTile - 1) / RowsPerTile;
        Tiles.Run(shape.Batch * tilesDown, threads, index =>
        {
            (int n, int down) = Math.DivRem(index, tilesDown);
            for (int y = down * RowsPerTile; y < Math.Min(shape.Height, (down + 1) * RowsPerTile); y++)
                FlowGradientRow(shape, image.Item(n), flow.Item(n), gradOutput.Item(n), gradFlow.Item(n), y);
        });
        if (gradImage.Data is null)
            return;
        Tiles.Run(shape.Batch * shape.Planes, threads, index =>
        {
            (int n, int p) = Math.DivRem(index, shape.Planes);
            float* target = gradImage.Item(n) + p * shape.PlaneSize;
            for (int y = 0; y < shape.Height; y++)
                new Span<float>(target + (long)y * shape.Width, shape.Width).Clear();
            for (int y = 0; y < shape.Height; y++)
                ScatterRow(shape, flow.Item(n), gradOutput.Item(n) + p * shape.PlaneSize, target, y);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(in PlaneView image, int planes, float* flowX, float* flowY, int y, int width, float* output, long outputPlane)
    {
        int* offsets = stackalloc int[4 * TOperations.Count];
        for (int x = 0; x < width; x += TOperations.Count)
        {
            int columns = width - x;
            Place(image.Height, image.Width, flowX, flowY, y, x, columns,
                out TVector left, out TVector top, out TVector across, out TVector down, out _, out _);
            float* plane = image.Data, target = output + x;
            WarpWindow<TOperations, TVector> window = new(left, top);
            if (window.Widening <= 1 && window.Deepening <= 1 && window.Left >= 0 && window.Left + window.Widening + TOperations.Count < image.Width)
            {
                plane += window.Left;
                long first = (long)window.Top * image.Stride, second = (long)Math.Min(window.Top + 1, image.Height - 1) * image.Stride;
                long third = (long)Math.Min(window.Top + 2, image.Height - 1) * image.Stride;
                for (int p = 0; p < planes; p++, plane += image.Plane, target += outputPlane)
                {
                    TVector upper = MixRow(plane + first, window, across), lower = MixRow(plane + second, window, across);
                    if (window.Deepening > 0)
                    {
                        TVector half = TOperations.Create(0.5f), lowest = MixRow(plane + third, window, across);
                        upper = TOperations.WhereSmall(window.Down, half, upper, lower);
                        lower = TOperations.WhereSmall(window.Down, half, lower, lowest);
                    }

                    TOperations.Store(Mix(upper, lower, down), target, columns);
                }

                continue;
            }

            StoreOffsets(image.Height, image.Width, image.Stride, left, top, offsets);
            for (int p = 0; p < planes; p++, plane += image.Plane, target += outputPlane)
            {
                TVector upper = Mix(TOperations.Gather(plane, offsets), TOperations.Gather(plane, offsets + TOperations.Count), across);
                TVector lower = Mix(TOperations.Gather(plane, offsets + 2 * TOperations.Count), TOperations.Gather(plane,
                    offsets + 3 * TOperations.Count), across);
                TOperations.Store(Mix(upper, lower, down), target, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FlowGradientRow(in WarpShape shape, float* image, float* flow, float* gradOutput, float* gradFlow, int y)
    {
        int* offsets = stackalloc int[4 * TOperations.Count];
        TVector maximumX = TOperations.Create(shape.Width - 1), maximumY = TOperations.Create(shape.Height - 1);
        for (int x = 0; x < shape.Width; x += TOperations.Count)
        {
            int columns = shape.Width - x;
            long pixel = (long)y * shape.Width + x;
            Locate(shape.Height, shape.Width, shape.Width, flow + (long)y * shape.Width, flow + shape.PlaneSize + (long)y * shape.Width, y, x, columns, offsets,
                out TVector across, out TVector down, out TVector column, out TVector row);
            TVector gradX = TOperations.Zero, gradY = TOperations.Zero;
            for (int p = 0; p < shape.Planes; p++)
            {
                float* plane = image + p * shape.PlaneSize;
                TVector gradient = TOperations.Load(gradOutput + p * shape.PlaneSize + pixel, columns);
                TVector topLeft = TOperations.Gather(plane, offsets), topRight = TOperations.Gather(plane, offsets + TOperations.Count);
                TVector bottomLeft = TOperations.Gather(plane, offsets + 2 * TOperations.Count), bottomRight = TOperations.Gather(plane,
                    offsets + 3 * TOperations.Count);
                TVector top = TOperations.Subtract(topRight, topLeft), bottom = TOperations.Subtract(bottomRight, bottomLeft);
                TVector left = TOperations.Subtract(bottomLeft, topLeft), right = TOperations.Subtract(bottomRight, topRight);
                gradX = TOperations.MultiplyAdd(gradient, Mix(top, bottom, down), gradX);
                gradY = TOperations.MultiplyAdd(gradient, Mix(left, right, across), gradY);
            }
            TOperations.Store(TOperations.WhereInside(column, maximumX, gradX), gradFlow + pixel, columns);
            TOperations.Store(TOperations.WhereInside(row, maximumY, gradY), gradFlow + shape.PlaneSize + pixel, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScatterRow(in WarpShape shape, float* flow, float* gradOutput, float* target, int y)
    {
        int* offsets = stackalloc int[4 * TOperations.Count];
        float* shares = stackalloc float[4 * TOperations.Count];
        TVector one = TOperations.Create(1);
        for (int x = 0; x < shape.Width; x += TOperations.Count)
        {
            int columns = shape.Width - x;
            Locate(shape.Height, shape.Width, shape.Width, flow + (long)y * shape.Width, flow + shape.PlaneSize + (long)y * shape.Width, y, x, columns, offsets,
                out TVector across, out TVector down, out _, out _);
            TVector gradient = TOperations.Load(gradOutput + (long)y * shape.Width + x, columns);
            TVector left = TOperations.Multiply(gradient, TOperations.Subtract(one, across)), right = TOperations.Multiply(gradient,
                across);
            TVector up = TOperations.Subtract(one, down);
            TOperations.Store(TOperations.Multiply(left, up), shares);
            TOperations.Store(TOperations.Multiply(right, up), shares + TOperations.Count);
            TOperations.Store(TOperations.Multiply(left, down), shares + 2 * TOperations.Count);
            TOperations.Store(TOperations.Multiply(right, down), shares + 3 * TOperations.Count);
            for (int lane = 0; lane < Math.Min(columns, TOperations.Count); lane++)
            {
                for (int corner = lane; corner < 4 * TOperations.Count; corner += TOperations.Count)
                    target[offsets[corner]] += shares[corner];
            }
        }
    }

    /// <summary>
    /// Where a vector of pixels looks: offsets of the four corners (top left, top right, bottom left, bottom right), the way from the
    /// first corner, and the coordinates before clamping. Offsets lie in the plane for every flow, also infinite and not a number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Locate(int height, int width, int stride, float* flowX, float* flowY, int y, int x, int columns, int* offsets,
        out TVector across, out TVector down, out TVector column, out TVector row)
    {
        Place(height, width, flowX, flowY, y, x, columns, out TVector left, out TVector top, out across, out down, out column, out row);
        StoreOffsets(height, width, stride, left, top, offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(int height, int width, float* flowX, float* flowY, int y, int x, int columns,
        out TVector left, out TVector top, out TVector across, out TVector down, out TVector column, out TVector row)
    {
        column = TOperations.Add(TOperations.Add(TOperations.Create(x), TOperations.Ramp), TOperations.Load(flowX + x, columns));
        row = TOperations.Add(TOperations.Create(y), TOperations.Load(flowY + x, columns));
        TVector clampedColumn = TOperations.ClampFromZero(column, TOperations.Create(width - 1));
        TVector clampedRow = TOperations.ClampFromZero(row, TOperations.Create(height - 1));
        left = TOperations.Truncate(clampedColumn);
        top = TOperations.Truncate(clampedRow);
        across = TOperations.Subtract(clampedColumn, left);
        down = TOperations.Subtract(clampedRow, top);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreOffsets(int height, int width, int stride, TVector left, TVector top, int* offsets)
    {
        TVector one = TOperations.Create(1);
        TVector right = TOperations.Min(TOperations.Add(left, one), TOperations.Create(width - 1));
        TVector bottom = TOperations.Min(TOperations.Add(top, one), TOperations.Create(height - 1));
        TOperations.StoreOffsets(top, left, stride, offsets);
        TOperations.StoreOffsets(top, right, stride, offsets + TOperations.Count);
        TOperations.StoreOffsets(bottom, left, stride, offsets + 2 * TOperations.Count);
        TOperations.StoreOffsets(bottom, right, stride, offsets + 3 * TOperations.Count);
    }

    // A row's values between the two that each column looks at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MixRow(float* source, in WarpWindow<TOperations, TVector> window, TVector across)
    {
        TVector left = TOperations.Load(source), right = TOperations.Load(source + 1);
        if (window.Widening > 0)
        {
            TVector half = TOperations.Create(0.5f), farther = TOperations.Load(source + 2);
            left = TOperations.WhereSmall(window.Across, half, left, right);
            right = TOperations.WhereSmall(window.Across, half, right, farther);
        }

        return Mix(left, right, across);
    }

    // Exact where both values are equal and where the weight is 0: a still image stays itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Mix(TVector first, TVector second, TVector weight) =>
        TOperations.MultiplyAdd(weight, TOperations.Subtract(second, first), first);
}
