namespace AdaConv.Engine.Tests;

/// <summary>
/// The definition in double precision, written from the formula and from torch's description of bilinear upsampling, apart
/// from the product's code: for checking the reference itself and for numerical gradients.
/// </summary>
internal static class SeparableOracle
{
    public static double[] Forward(SeparableConvolutionShape shape, double[] image, double[] vertical, double[] horizontal)
    {
        var output = new double[shape.Batch * shape.Planes * shape.Height * shape.Width];
        int radius = shape.Taps / 2, next = 0;
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int p = 0; p < shape.Planes; p++)
            {
                for (int y = 0; y < shape.Height; y++)
                {
                    for (int x = 0; x < shape.Width; x++)
                    {
                        double sum = 0, verticalSum = 0, horizontalSum = 0;
                        for (int k = 0; k < shape.Taps; k++)
                        {
                            verticalSum += Tap(shape, vertical, n, k, y, x);
                            horizontalSum += Tap(shape, horizontal, n, k, y, x);
                        }
                        for (int i = 0; i < shape.Taps; i++)
                        {
                            for (int j = 0; j < shape.Taps; j++)
                            {
                                int row = Math.Clamp(y + i - radius, 0, shape.Height - 1), column = Math.Clamp(x + j - radius, 0,
                                    shape.Width - 1);
                                sum += Tap(shape, vertical, n, i, y, x) * Tap(shape, horizontal, n, j, y, x)
                                    * image[((n * shape.Planes + p) * shape.Height + row) * shape.Width + column];
                            }
                        }
                        double product = verticalSum * horizontalSum;
                        output[next++] = shape.Normalize && Math.Abs(product) >= 0.01 ? sum / product : sum;
                    }
                }
            }
        }
        return output;
    }

    /// <summary>A tap map sampled at an output pixel: source = (destination + ½)/scale − ½, not below 0; linear between floor and floor +
    /// 1.</summary>
    private static double Tap(SeparableConvolutionShape shape, double[] maps, int n, int k, int y, int x)
    {
        double row = Math.Max(0, (y + 0.5) / shape.TapScale - 0.5), column = Math.Max(0, (x + 0.5) / shape.TapScale - 0.5);
        int top = (int)row, left = (int)column;
        int bottom = Math.Min(top + 1, shape.TapHeight - 1), right = Math.Min(left + 1, shape.TapWidth - 1);
        double down = row - top, across = column - left;
        double At(int r, int c) => maps[((n * shape.Taps + k) * shape.TapHeight + r) * shape.TapWidth + c];
        return (1 - down) * ((1 - across) * At(top, left) + across * At(top, right))
            + down * ((1 - across) * At(bottom, left) + across * At(bottom, right));
    }
}
