namespace AdaConv.Engine.Tests;

/// <summary>The definition of a warp in double precision: pixels count by a function of their distance, over an image that its border continues.</summary>
internal static class WarpDefinition
{
    private const int Reach = 3; // pixels beyond the border that count at most

    /// <summary>The output.</summary>
    public static double[] Of(WarpShape shape, double[] image, double[] flow, Func<double, double> share)
    {
        var output = new double[image.Length];
        int size = shape.Height * shape.Width;
        for (int i = 0; i < output.Length; i++)
        {
            int pixel = i % size, plane = i / size, n = plane / shape.Planes;
            double column = Math.Clamp(pixel % shape.Width + flow[2 * n * size + pixel], 0, shape.Width - 1);
            double row = Math.Clamp(pixel / shape.Width + flow[(2 * n + 1) * size + pixel], 0, shape.Height - 1);
            for (int y = -Reach; y < shape.Height + Reach; y++)
            {
                for (int x = -Reach; x < shape.Width + Reach; x++)
                {
                    int place = Math.Clamp(y, 0, shape.Height - 1) * shape.Width + Math.Clamp(x, 0, shape.Width - 1);
                    output[i] += share(Math.Abs(row - y)) * share(Math.Abs(column - x)) * image[plane * size + place];
                }
            }
        }

        return output;
    }

    /// <summary>What a distance counts in the bilinear warp.</summary>
    public static double Linear(double distance) => Math.Max(0, 1 - distance);

    /// <summary>What a distance counts in the cubic warp: Keys' function for a = −½, and what the farther neighbours change.</summary>
    public static double Cubic(double distance, double far)
    {
        double keys = distance switch
        {
            < 1 => 1.5 * distance * distance * distance - 2.5 * distance * distance + 1,
            < 2 => -0.5 * distance * distance * distance + 2.5 * distance * distance - 4 * distance + 2,
            _ => 0,
        };
        return keys + far * distance switch
        {
            < 1 => 2 * Rising(distance, 1 - distance),
            < 2 => -2 * Rising(2 - distance, distance - 1) - Rising(distance - 1, 2 - distance),
            < 3 => Rising(3 - distance, distance - 2),
            _ => 0,
        };

        static double Rising(double squared, double single) => squared * squared * single;
    }
}
