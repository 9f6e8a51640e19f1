namespace AdaConv.Engine;

/// <summary>The separable convolution, said plainly: what every other level is compared with.</summary>
internal static unsafe class SeparableConvolutionReference
{
    public static void Forward(SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView output, int threads)
    {
        Tiles.Run(shape.Batch * shape.Height, threads, item =>
        {
            (int n, int y) = Math.DivRem(item, shape.Height);
            float* v = stackalloc float[SeparableConvolutionShape.MaximumTaps];
            float* h = stackalloc float[SeparableConvolutionShape.MaximumTaps];
            for (int x = 0; x < shape.Width; x++)
            {
                ReadTaps(shape, vertical.Item(n), y, x, v);
                ReadTaps(shape, horizontal.Item(n), y, x, h);
                float divisor = Divisor(shape, v, h, out _, out _);
                for (int p = 0; p < shape.Planes; p++)
                {
                    float* plane = image.Item(n) + p * shape.PlaneSize;
                    float sum = 0;
                    for (int i = 0; i < shape.Taps; i++)
                    {
                        for (int j = 0; j < shape.Taps; j++)
                            sum += v[i] * h[j] * plane[Pixel(shape, y + i - shape.Taps / 2, x + j - shape.Taps / 2)];
                    }
                    output.Item(n)[p * shape.PlaneSize + (long)y * shape.Width + x] = sum / divisor;
                }
            }
        });
    }

    public static void Backward(SeparableConvolutionShape shape, TensorView image, TensorView vertical, TensorView horizontal,
        TensorView gradOutput, TensorView gradImage, TensorView gradVertical, TensorView gradHorizontal, int threads)
    {
        // One thread owns one item of the batch, so that sums have one order for every number of threads.
        Tiles.Run(shape.Batch, threads, n =>
        {
            Clear(gradVertical.Item(n), shape.Taps * shape.TapPlaneSize);
            Clear(gradHorizontal.Item(n), shape.Taps * shape.TapPlaneSize);
            if (gradImage.Data is not null)
                Clear(gradImage.Item(n), shape.Planes * shape.PlaneSize);
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    BackwardPixel(shape, image.Item(n), vertical.Item(n), horizontal.Item(n), gradOutput.Item(n),
                        gradImage.Data is null ? null : gradImage.Item(n), gradVertical.Item(n), gradHorizontal.Item(n), y, x);
                }
            }
        });
    }

    private static void BackwardPixel(in SeparableConvolutionShape shape, float* image, float* vertical, float* horizontal,
        float* gradOutput, float* gradImage, float* gradVertical, float* gradHorizontal, int y, int x)
    {
        const int maximum = SeparableConvolutionShape.MaximumTaps;
        float* v = stackalloc float[maximum], h = stackalloc float[maximum], dv = stackalloc float[maximum], dh = stackalloc float[maximum];
        ReadTaps(shape, vertical, y, x, v);
        ReadTaps(shape, horizontal, y, x, h);
        Clear(dv, maximum);
        Clear(dh, maximum);
        float divisor = Divisor(shape, v, h, out float verticalSum, out float horizontalSum);
        float gradDivisor = 0;
        for (int p = 0; p < shape.Planes; p++)
        {
            float gradSum = gradOutput[p * shape.PlaneSize + (long)y * shape.Width + x] / divisor;
            float sum = 0;
            for (int i = 0; i < shape.Taps; i++)
            {
                for (int j = 0; j < shape.Taps; j++)
                {
                    long pixel = p * shape.PlaneSize + Pixel(shape, y + i - shape.Taps / 2, x + j - shape.Taps / 2);
                    sum += v[i] * h[j] * image[pixel];
                    dv[i] += gradSum * h[j] * image[pixel];
                    dh[j] += gradSum * v[i] * image[pixel];
                    if (gradImage is not null)
                        gradImage[pixel] += gradSum * v[i] * h[j];
                }
            }
            gradDivisor -= gradSum * sum / divisor;
        }
        bool divided = shape.Normalize && !(MathF.Abs(verticalSum * horizontalSum) < SeparableConvolutionShape.SmallestDivisor);
        for (int k = 0; k < shape.Taps && divided; k++)
        {
            dv[k] += gradDivisor * horizontalSum;
            dh[k] += gradDivisor * verticalSum;
        }
        AddTaps(shape, gradVertical, y, x, dv);
        AddTaps(shape, gradHorizontal, y, x, dh);
    }

    private static long Pixel(in SeparableConvolutionShape shape, int y, int x) =>
        (long)Math.Clamp(y, 0, shape.Height - 1) * shape.Width + Math.Clamp(x, 0, shape.Width - 1);

    private static float Divisor(in SeparableConvolutionShape shape, float* v, float* h, out float verticalSum, out float horizontalSum)
    {
        verticalSum = horizontalSum = 0;
        for (int k = 0; k < shape.Taps; k++)
        {
            verticalSum += v[k];
            horizontalSum += h[k];
        }
        float product = verticalSum * horizontalSum;
        return shape.Normalize && !(MathF.Abs(product) < SeparableConvolutionShape.SmallestDivisor) ? product : 1;
    }

    private static void ReadTaps(in SeparableConvolutionShape shape, float* maps, int y, int x, float* taps)
    {
        var (top, bottom, topWeight) = Neighbours(y, shape.TapHeight, shape.TapScale);
        var (left, right, leftWeight) = Neighbours(x, shape.TapWidth, shape.TapScale);
        for (int k = 0; k < shape.Taps; k++)
        {
            float* map = maps + k * shape.TapPlaneSize;
            float* upper = map + (long)top * shape.TapWidth;
            float* lower = map + (long)bottom * shape.TapWidth;
            taps[k] = leftWeight * (topWeight * upper[left] + (1 - topWeight) * lower[left])
                + (1 - leftWeight) * (topWeight * upper[right] + (1 - topWeight) * lower[right]);
        }
    }

    private static void AddTaps(in SeparableConvolutionShape shape, float* maps, int y, int x, float* taps)
    {
        var (top, bottom, topWeight) = Neighbours(y, shape.TapHeight, shape.TapScale);
        var (left, right, leftWeight) = Neighbours(x, shape.TapWidth, shape.TapScale);
        for (int k = 0; k < shape.Taps; k++)
        {
            float* map = maps + k * shape.TapPlaneSize;
            float* upper = map + (long)top * shape.TapWidth;
            float* lower = map + (long)bottom * shape.TapWidth;
            upper[left] += topWeight * leftWeight * taps[k];
            upper[right] += topWeight * (1 - leftWeight) * taps[k];
            lower[left] += (1 - topWeight) * leftWeight * taps[k];
            lower[right] += (1 - topWeight) * (1 - leftWeight) * taps[k];
        }
    }

    /// <summary>The two map positions around a pixel and the weight of the first.</summary>
    private static (int First, int Second, float FirstWeight) Neighbours(int position, int size, int scale)
    {
        if (scale == 1)
            return (position, position, 1);
        int half = position / 2;
        return position % 2 == 0
            ? (Math.Max(half - 1, 0), half, 0.25f)
            : (half, Math.Min(half + 1, size - 1), 0.75f);
    }

    private static void Clear(float* data, long count)
    {
        for (long i = 0; i < count; i++)
            data[i] = 0;
    }
}
