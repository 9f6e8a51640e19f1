using AdaConv.Training.Data.Preparation;
using Xunit;

namespace AdaConv.Training.Tests.Data.Preparation;

public sealed class MotionMeterTests
{
    private const int Width = 320, Height = 192;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(-3, 4)]
    [InlineData(27, -12)]
    public void A_picture_that_shifts_has_that_motion(int right, int down)
    {
        byte[] first = Picture(0, 0), second = Picture(right, down);
        Assert.Equal(Math.Sqrt(right * right + down * down), new MotionMeter(Width, Height).Measure(first, second), 1e-4);
    }

    [Fact]
    public void Flat_pictures_and_tiny_ones_have_none()
    {
        Assert.Equal(0, new MotionMeter(Width, Height).Measure(new byte[Width * Height], Picture(0, 0)));
        Assert.Equal(0, new MotionMeter(20, 20).Measure(new byte[400], new byte[400]));
    }

    // Waves that no shift up to 70 pixels repeats.
    private static byte[] Picture(int right, int down) =>
        [.. Enumerable.Range(0, Width * Height).Select(i => Value(i % Width - right, i / Width - down))];

    private static byte Value(int x, int y) =>
        (byte)(128 + 40 * Math.Sin(x / 11.0 + y / 17.0) + 40 * Math.Sin(y / 7.0 - x / 23.0) + 30 * Math.Sin(x * x / 2000.0 + y / 5.0));
}
