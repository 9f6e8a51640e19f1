namespace AdaConv.Engine.Tests;

/// <summary>The definition in double precision: a function of the distance, over an image that its border continues.</summary>
internal static class CubicWarpDefinition
{
    /// <summary>The output.</summary>
    public static double[] Of(WarpShape shape, double far, double[] image, double[] flow)
    {
        var output = new double[image.Length];
        int size = shape.Height * shape.Width;
        for (int i = 0; i < output.Length; i++)
        {
            int pixel = i % size, plane = i / size, n = plane / shape.Planes;
            double column = Math.Clamp(pixel % shape.Width + flow[2 * n * size + pixel], 0, shape.Width - 1);
            double row = Math.Clamp(pixel / shape.Width + flow[(2 * n + 1) * size + pixel], 0, shape.Height - 1);
            for (int y = -3; y < shape.Height + 3; y++)
            {
                for (int x = -3; x < shape.Width + 3; x++)
                {
                    int place = Math.Clamp(y, 0, shape.Height - 1) * shape.Width + Math.Clamp(x, 0, shape.Width - 1);
                    output[i] += Share(Math.Abs(row - y)) * Share(Math.Abs(column - x)) * image[plane * size + place];
                }
            }
        }

        return output;

        // Keys' function for a = −½, and what the farther neighbours change.
        double Share(double distance) => Keys(distance) + far * distance switch
        {
            < 1 => 2 * Rising(distance, 1 - distance),
            < 2 => -2 * Rising(2 - distance, distance - 1) - Rising(distance - 1, 2 - distance),
            < 3 => Rising(3 - distance, distance - 2),
            _ => 0,
        };

        static double Rising(double squared, double single) => squared * squared * single;

        static double Keys(double distance) => distance switch
        {
            < 1 => 1.5 * distance * distance * distance - 2.5 * distance * distance + 1,
            < 2 => -0.5 * distance * distance * distance + 2.5 * distance * distance - 4 * distance + 2,
            _ => 0,
        };
    }
}
