using AdaConv.Engine;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed class PairLevelsTests
{
    [Theory]
    [InlineData(0.6f, 0f)]    // to black
    [InlineData(0.7f, 0.3f)]  // to white
    [InlineData(1.6f, -0.1f)]
    public void Both_frames_of_a_fade_are_levelled_to_one_picture(float gain, float offset)
    {
        using PlanarFrame first = Frame((x, y) => Picture(x, y)), second = Frame((x, y) => gain * Picture(x, y) + offset);
        PairLevels? levels = PairLevels.Of(first, second);
        Assert.NotNull(levels);
        float[] one = new float[first.PlaneLength], other = new float[first.PlaneLength];
        PairLevels.Apply(first.RgbPlane(1), levels.First[1], one);
        PairLevels.Apply(second.RgbPlane(1), levels.Second[1], other);
        for (int i = 0; i < one.Length; i++)
        {
            Assert.Equal(one[i], other[i], 1e-4f);
        }
    }

    [Fact]
    public void Motion_is_no_fade()
    {
        using PlanarFrame first = Frame((x, y) => Picture(x, y)), second = Frame((x, y) => Picture(x + 3, y + 1));
        Assert.Null(PairLevels.Of(first, second));
    }

    [Fact]
    public void Something_bright_that_comes_in_is_no_fade()
    {
        using PlanarFrame first = Frame((x, y) => Picture(x, y)), second = Frame((x, y) => x > 60 ? 1 : Picture(x, y));
        Assert.Null(PairLevels.Of(first, second));
    }

    [Fact]
    public void Equal_frames_and_a_black_one_are_left_as_they_are()
    {
        using PlanarFrame first = Frame((x, y) => Picture(x, y)), same = Frame((x, y) => Picture(x, y)), black = Frame((_, _) => 0);
        Assert.Null(PairLevels.Of(first, same));
        Assert.Null(PairLevels.Of(first, black));
    }

    private static float Picture(int x, int y) => 0.45f + 0.2f * MathF.Sin(x * 0.61f) * MathF.Cos(y * 0.43f) + 0.15f * MathF.Cos((x + 2 * y) * 0.17f);

    private static PlanarFrame Frame(Func<int, int, float> value)
    {
        var frame = new PlanarFrame(96, 64, 3, samplesAreRgb: true);
        for (int i = 0; i < frame.PlaneLength; i++)
        {
            frame.RgbPlane(0)[i] = frame.RgbPlane(1)[i] = frame.RgbPlane(2)[i] = value(i % 96, i / 96);
        }

        return frame;
    }
}
