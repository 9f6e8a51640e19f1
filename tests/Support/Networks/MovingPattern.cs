using AdaConv.Engine;
using Xunit;

namespace AdaConv.Tests.Support.Networks;

/// <summary>Frames of a soft texture without a still place, and how much two frames differ.</summary>
public static class MovingPattern
{
    /// <summary>The texture, moved right by some pixels. Samples apart from the colours are in codes of the depth.</summary>
    public static PlanarFrame Frame(int width, int height, int shift, int samples = 3, bool areRgb = false, int depth = 8)
    {
        PlanarFrame frame = new(width, height, samples, areRgb, depth);
        for (int i = 0; i < Math.Max(3, samples) * frame.PlaneLength; i++)
        {
            (int plane, int at) = Math.DivRem(i, (int)frame.PlaneLength);
            (int y, int x) = Math.DivRem(at, width);
            double value = 0.5 + (0.25 * Math.Sin(((x - shift) * 0.31) + plane)) + (0.2 * Math.Cos((y * 0.23) + ((x - shift) * 0.07)));
            if (plane < 3)
            {
                frame.RgbPlane(plane)[at] = (float)value;
            }

            if (plane < samples && !areRgb)
            {
                frame.SamplePlane(plane)[at] = (float)Math.Round(value * ((1 << depth) - 1));
            }
        }

        return frame;
    }

    /// <summary>The largest difference of two frames' samples, none of which may be missing.</summary>
    public static float Difference(PlanarFrame one, PlanarFrame other)
    {
        float most = 0;
        for (int plane = 0; plane < one.SampleCount; plane++)
        {
            ReadOnlySpan<float> a = one.SamplePlane(plane), b = other.SamplePlane(plane);
            for (int i = 0; i < a.Length; i++)
            {
                float difference = Math.Abs(a[i] - b[i]);
                Assert.False(float.IsNaN(difference), $"no number at {i} of plane {plane}");
                most = Math.Max(most, difference);
            }
        }

        return most;
    }
}
