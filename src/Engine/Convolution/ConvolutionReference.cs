namespace AdaConv.Engine.Convolution;

/// <summary>The convolution as its formula reads, one value at a time; what every kernel is held against.</summary>
internal static unsafe class ConvolutionReference
{
    /// <summary>
    /// output(y, x, o) = f(bias(o) + Σ weights(o, i, v, u) · input(s·y + v − 1, s·x + u − 1, i)) [+ added(y, x, o)], with f(a) = a where a is
    /// positive, else slope·a, and zeros outside the picture. Sums are taken in float64 and rounded once before f.
    /// </summary>
    public static void Apply(
        ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ActivationView input, ActivationView output, ActivationView? added,
        RowRange? rows = null)
    {
        var (first, end) = rows ?? RowRange.All(output.Height);
        for (int picture = 0; picture < output.Pictures; picture++)
        {
            ActivationView from = input.Picture(picture), to = output.Picture(picture);
            ActivationView? sum = added?.Picture(picture);
            for (int y = first; y < end; y++)
            {
                for (int x = 0; x < output.Width; x++)
                    Pixel(shape, weights, bias, from, to, sum, y, x);
            }
        }
    }

    private static void Pixel(
        ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ActivationView input, ActivationView output, ActivationView? added,
        int y, int x)
    {
        float* target = output.Pixel(y, x);
        for (int o = 0; o < shape.Outputs; o++)
        {
            float sum = (float)Sum(shape, weights, bias[o], input, y * shape.Stride - 1, x * shape.Stride - 1, o);
            sum = sum > 0 ? sum : sum * shape.Slope;
            target[o] = added is { } residual ? sum + residual.Pixel(y, x)[o] : sum;
        }
    }

    private static double Sum(ConvolutionShape shape, ReadOnlySpan<float> weights, double bias, ActivationView input, int top, int left, int o)
    {
        double sum = bias;
        for (int v = Math.Max(0, -top); v < Math.Min(3, input.Height - top); v++)
        {
            for (int u = Math.Max(0, -left); u < Math.Min(3, input.Width - left); u++)
            {
                float* source = input.Pixel(top + v, left + u);
                for (int i = 0; i < shape.Inputs; i++)
                    sum += (double)weights[((o * shape.Inputs + i) * 3 + v) * 3 + u] * source[i];
            }
        }
        return sum;
    }
}
