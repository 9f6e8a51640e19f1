namespace AdaConv.Engine.Tests;

internal static class NumericalGradient
{
    /// <summary>Central differences of Σ weights · function(values) by each value.</summary>
    public static float[] Of(double[] values, float[] weights, Func<double[]> function)
    {
        const double step = 1e-5;
        var gradient = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            values[i] = value + step;
            double above = Dot(weights, function());
            values[i] = value - step;
            double below = Dot(weights, function());
            values[i] = value;
            gradient[i] = (float)((above - below) / (2 * step));
        }
        return gradient;
    }

    private static double Dot(float[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
