using System.Numerics.Tensors;

namespace AdaConv.Engine;

/// <summary>
/// Two convolved pictures over the sum of both their kernels:
/// <code>out = (first + second) / (Σv₁ Σh₁ + Σv₂ Σh₂)</code>
/// where a sum below <see cref="SeparableConvolutionShape.SmallestDivisor"/> in magnitude counts as 1.
/// </summary>
public static unsafe class KernelNormalization
{
    /// <summary>Computes the output.</summary>
    /// <param name="taps">K.</param>
    /// <param name="planes">P, planes of a picture.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pair">[2P, H, W]: the first picture, then the second.</param>
    /// <param name="kernels">[4K, H, W]: vertical and horizontal taps of the first, then of the second.</param>
    /// <param name="output">[P, H, W], written.</param>
    /// <param name="options">Threads.</param>
    public static void Apply(int taps, int planes, int height, int width, float* pair, float* kernels, float* output, EngineOptions? options = null)
    {
        long plane = (long)height * width;
        Tiles.Run(height, (options ?? EngineOptions.Default).ResolveThreads(), y =>
        {
            long row = (long)y * width;
            Scratch scratch = Scratch.ForThisThread(3 * Scratch.Rounded(width));
            Span<float> norm = new(scratch.Take(width), width), vertical = new(scratch.Take(width), width), horizontal = new(scratch.Take(width), width);
            norm.Clear();
            for (int frame = 0; frame < 2; frame++)
            {
                Sum(kernels + 2 * frame * taps * plane + row, vertical);
                Sum(kernels + (2 * frame + 1) * taps * plane + row, horizontal);
                TensorPrimitives.MultiplyAdd(vertical, horizontal, norm, norm);
            }
            foreach (ref float sum in norm)
                sum = MathF.Abs(sum) < SeparableConvolutionShape.SmallestDivisor ? 1 : sum;
            for (int p = 0; p < planes; p++)
            {
                Span<float> target = new(output + p * plane + row, width);
                TensorPrimitives.Add(new ReadOnlySpan<float>(pair + p * plane + row, width),
                    new ReadOnlySpan<float>(pair + (planes + p) * plane + row, width), target);
                TensorPrimitives.Divide<float>(target, norm, target);
            }
        });

        void Sum(float* first, Span<float> sum)
        {
            new ReadOnlySpan<float>(first, width).CopyTo(sum);
            for (int k = 1; k < taps; k++)
                TensorPrimitives.Add<float>(sum, new ReadOnlySpan<float>(first + k * plane, width), sum);
        }
    }
}
