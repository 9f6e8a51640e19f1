namespace AdaConv.Engine;

/// <summary>The upsampling, value by value.</summary>
internal static unsafe class PlaneUpsamplingReference
{
    public static void Forward(UpsamplingShape shape, TensorView small, TensorView baseline, TensorView output, int threads) =>
        Tiles.Run(shape.Batch * shape.Planes, threads, index =>
        {
            (int n, int p) = Math.DivRem(index, shape.Planes);
            float* source = small.Item(n) + p * shape.SmallSize, target = output.Item(n) + p * shape.LargeSize;
            float* below = baseline.Data is null ? null : baseline.Item(n) + p * shape.LargeSize;
            for (int y = 0; y < shape.Height; y++)
            {
                long row = (long)y * shape.Width;
                Row(shape, source, y, scale: 1, below is null ? null : below + row, target + row);
            }
        });

    public static void Row(in UpsamplingShape shape, float* small, int y, float scale, float* baseline, float* target)
    {
        (int top, int bottom, float down) = UpsamplingShape.Locate(y, shape.Factor, shape.Rows);
        for (int x = 0; x < shape.Width; x++)
        {
            (int left, int right, float across) = UpsamplingShape.Locate(x, shape.Factor, shape.Columns);
            float first = Mix(small[top * shape.Columns + left], small[bottom * shape.Columns + left], down);
            float second = Mix(small[top * shape.Columns + right], small[bottom * shape.Columns + right], down);
            target[x] = (baseline is null ? 0 : baseline[x]) + scale * Mix(first, second, across);
        }
    }

    public static void Backward(UpsamplingShape shape, TensorView gradOutput, TensorView gradSmall, int threads) =>
        Tiles.Run(shape.Batch * shape.Planes, threads, index =>
        {
            (int n, int p) = Math.DivRem(index, shape.Planes);
            float* source = gradOutput.Item(n) + p * shape.LargeSize, target = gradSmall.Item(n) + p * shape.SmallSize;
            new Span<float>(target, (int)shape.SmallSize).Clear();
            for (int y = 0; y < shape.Height; y++)
            {
                (int top, int bottom, float down) = UpsamplingShape.Locate(y, shape.Factor, shape.Rows);
                for (int x = 0; x < shape.Width; x++)
                {
                    (int left, int right, float across) = UpsamplingShape.Locate(x, shape.Factor, shape.Columns);
                    float gradient = source[(long)y * shape.Width + x];
                    target[top * shape.Columns + left] += (1 - down) * (1 - across) * gradient;
                    target[top * shape.Columns + right] += (1 - down) * across * gradient;
                    target[bottom * shape.Columns + left] += down * (1 - across) * gradient;
                    target[bottom * shape.Columns + right] += down * across * gradient;
                }
            }
        });

    private static float Mix(float first, float second, float weight) => MathF.FusedMultiplyAdd(weight, second - first, first);
}
