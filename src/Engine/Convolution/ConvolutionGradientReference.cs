namespace AdaConv.Engine.Convolution;

/// <summary>The gradients as their formulas read, one value at a time; what every kernel is held against. Sums are taken in float64.</summary>
internal static unsafe class ConvolutionGradientReference
{
    /// <summary>The gradient before the rectifier: target = output &gt; 0 ? gradient : slope · gradient; and bias(o) = Σ target(o).</summary>
    public static void Result(float slope, ActivationView output, ActivationView gradient, ActivationView target, Span<float> bias)
    {
        var sums = new double[bias.Length];
        for (int pixel = 0; pixel < output.Pictures * output.Height * output.Width; pixel++)
        {
            for (int o = 0; o < bias.Length; o++)
            {
                float value = gradient.Data[(nint)pixel * gradient.PixelStride + o];
                if (!(output.Data[(nint)pixel * output.PixelStride + o] > 0))
                    value *= slope;
                target.Data[(nint)pixel * target.PixelStride + o] = value;
                sums[o] += value;
            }
        }
        for (int o = 0; o < bias.Length; o++)
            bias[o] = (float)sums[o];
    }

    /// <summary>target(y, x, i) = Σ weights(o, i, v, u) · gradient(y′, x′, o) over all y′, x′, v, u with y = s·y′ + v − 1, x = s·x′ + u − 1.</summary>
    public static void Input(ConvolutionShape shape, ReadOnlySpan<float> weights, ActivationView gradient, ActivationView target)
    {
        var sums = new double[shape.Inputs];
        for (int picture = 0; picture < target.Pictures; picture++)
        {
            ActivationView from = gradient.Picture(picture), to = target.Picture(picture);
            for (int y = 0; y < target.Height; y++)
            {
                for (int x = 0; x < target.Width; x++)
                {
                    Array.Clear(sums);
                    for (int tap = 0; tap < 9; tap++)
                    {
                        int row = y + 1 - tap / 3, column = x + 1 - tap % 3;
                        bool isGrid = row % shape.Stride == 0 && column % shape.Stride == 0;
                        if (isGrid && Inside(row / shape.Stride, from.Height) && Inside(column / shape.Stride, from.Width))
                            Add(shape, weights, from.Pixel(row / shape.Stride, column / shape.Stride), tap, sums);
                    }
                    for (int i = 0; i < shape.Inputs; i++)
                        to.Pixel(y, x)[i] = (float)sums[i];
                }
            }
        }
    }

    /// <summary>target(o, i, v, u) = Σ gradient(y, x, o) · input(s·y + v − 1, s·x + u − 1, i) over all pictures and places.</summary>
    public static void Weights(ConvolutionShape shape, ActivationView input, ActivationView gradient, WeightView target)
    {
        var sums = new double[9 * shape.Inputs * shape.Outputs];
        for (int picture = 0; picture < gradient.Pictures; picture++)
        {
            ActivationView from = input.Picture(picture), to = gradient.Picture(picture);
            for (int place = 0; place < to.Height * to.Width; place++)
            {
                for (int tap = 0; tap < 9; tap++)
                {
                    int y = place / to.Width * shape.Stride + tap / 3 - 1, x = place % to.Width * shape.Stride + tap % 3 - 1;
                    if (!Inside(y, from.Height) || !Inside(x, from.Width))
                        continue;
                    float* values = from.Pixel(y, x), gradients = to.Pixel(place / to.Width, place % to.Width);
                    for (int o = 0; o < shape.Outputs; o++)
                    {
                        for (int i = 0; i < shape.Inputs; i++)
                            sums[(o * shape.Inputs + i) * 9 + tap] += (double)gradients[o] * values[i];
                    }
                }
            }
        }
        for (int at = 0; at < sums.Length; at++)
            *target.At(at / 9 / shape.Inputs, at / 9 % shape.Inputs, at % 9 / 3, at % 3) = (float)sums[at];
    }

    private static void Add(ConvolutionShape shape, ReadOnlySpan<float> weights, float* gradient, int tap, double[] sums)
    {
        for (int o = 0; o < shape.Outputs; o++)
        {
            for (int i = 0; i < shape.Inputs; i++)
                sums[i] += (double)weights[(o * shape.Inputs + i) * 9 + tap] * gradient[o];
        }
    }

    private static bool Inside(int at, int size) => at >= 0 && at < size;
}
