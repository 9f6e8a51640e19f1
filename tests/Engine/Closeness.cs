namespace AdaConv.Engine.Tests;

internal static class Closeness
{
    /// <summary>Every difference is at most the tolerance times the greatest expected magnitude, or the smallest scale if that is
    /// larger.</summary>
    public static void Assert(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what,
        double smallestScale = 0.01)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        double scale = smallestScale, worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(expected[i]));
            double difference = Math.Abs((double)expected[i] - actual[i]);
            if (!(difference <= worst)) // also takes what is not a number
                (worst, at) = (difference, i);
        }
        if (expected.Length > 0 && !(worst <= tolerance * scale))
            Xunit.Assert.Fail($"{what}: at {at} of {expected.Length} expected {expected[at]:R}, got {actual[at]:R}; difference {worst / scale:E2} of "
                + $"the scale {scale:G4}, allowed {tolerance:E2}.");
    }
}
