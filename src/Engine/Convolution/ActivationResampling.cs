using System.Numerics;

namespace AdaConv.Engine.Convolution;

/// <summary>Activations at half and at twice their size.</summary>
public static unsafe class ActivationResampling
{
    /// <summary>Each pixel the mean of 2×2; a last row or column without a partner is left out.</summary>
    /// <param name="input">[H, W, C].</param>
    /// <param name="output">[⌊H/2⌋, ⌊W/2⌋, C], written.</param>
    /// <param name="threads">Threads at most.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static void Halve(ActivationView input, ActivationView output, int threads = 1)
    {
        Check(input, output, input.Height / 2, input.Width / 2);
        Tiles.Run(output.Height, threads, y =>
        {
            for (int x = 0; x < output.Width; x++)
                Mix(
                    output.Pixel(y, x), input.Pixel(2 * y, 2 * x), input.Pixel(2 * y, 2 * x + 1), input.Pixel(2 * y + 1, 2 * x),
                    input.Pixel(2 * y + 1, 2 * x + 1),
                    across: 0.5f, down: 0.5f, ActivationView.Rounded(output.Channels));
        });
    }

    /// <summary>Twice the size, bilinear; the corners' pixels fall on each other: torch's interpolate(align_corners = true).</summary>
    /// <param name="input">[H, W, C].</param>
    /// <param name="output">[2H, 2W, C], written.</param>
    /// <param name="threads">Threads at most.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static void Enlarge(ActivationView input, ActivationView output, int threads = 1)
    {
        Check(input, output, 2 * input.Height, 2 * input.Width);
        Tiles.Run(output.Height, threads, y =>
        {
            var (top, bottom, down) = Locate(y, output.Height, input.Height);
            for (int x = 0; x < output.Width; x++)
            {
                var (left, right, across) = Locate(x, output.Width, input.Width);
                Mix(
                    output.Pixel(y, x), input.Pixel(top, left), input.Pixel(top, right), input.Pixel(bottom, left), input.Pixel(bottom, right), across, down,
                    ActivationView.Rounded(output.Channels));
            }
        });
    }

    private static void Check(ActivationView input, ActivationView output, int height, int width)
    {
        if (input.Channels != output.Channels || (output.Height, output.Width) != (height, width))
            throw new ArgumentException(
                $"{output.Height}×{output.Width}×{output.Channels} is not what becomes of {input.Height}×{input.Width}×{input.Channels}.", nameof(output));
    }

    private static (int Before, int After, float Share) Locate(int position, int count, int inputs)
    {
        float place = count == 1 ? 0 : position * ((inputs - 1) / (float)(count - 1));
        int before = Math.Min((int)place, inputs - 1);
        return (before, Math.Min(before + 1, inputs - 1), place - before);
    }

    private static void Mix(float* target, float* a, float* b, float* c, float* d, float across, float down, int count)
    {
        float topLeft = (1 - across) * (1 - down), topRight = across * (1 - down), bottomLeft = (1 - across) * down, bottomRight = across * down;
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            Vector<float> sum = Vector.Load(a + i) * topLeft + Vector.Load(b + i) * topRight;
            (sum + (Vector.Load(c + i) * bottomLeft + Vector.Load(d + i) * bottomRight)).Store(target + i);
        }
    }
}
