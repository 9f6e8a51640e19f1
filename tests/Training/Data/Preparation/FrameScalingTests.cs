using AdaConv.Training.Data.Preparation;
using Xunit;

namespace AdaConv.Training.Tests.Data.Preparation;

public sealed class FrameScalingTests
{
    [Theory]
    [InlineData(854, 480, null, "", 1)]
    [InlineData(854, 480, 0.6, "h264", 1)]
    [InlineData(1280, 720, 0.5, "h264", 2)] // large
    [InlineData(1920, 1080, 0.5, "h264", 2)] // 960x540
    [InlineData(3840, 2160, 0.5, "h264", 4)]
    [InlineData(800, 800, 0.1, "h264", 2)]
    [InlineData(960, 506, 0.04, "h264", 2)] // compressed hard
    [InlineData(960, 506, 0.06, "hevc", 1)] // enough for this codec
    [InlineData(1280, 720, 0.03, "h264", 2)] // large; a quarter of the pixels has enough bits
    [InlineData(1280, 720, 0.01, "h264", 3)] // large, and then still compressed hard
    [InlineData(426, 240, 0.02, "h264", 1)] // would be too small
    public void Frames_are_scaled_by_the_stated_rule(int width, int height, double? bitsPerPixel, string codec, int factor) =>
        Assert.Equal(factor, FrameScaling.Of(width, height, bitsPerPixel, codec).Factor);

    [Fact]
    public void The_reason_is_told()
    {
        Assert.Null(FrameScaling.Of(854, 480, 0.6, "h264").Because);
        Assert.Equal("large", FrameScaling.Of(1280, 720, 0.5, "h264").Because);
        Assert.Equal("0.040 bits per pixel", FrameScaling.Of(960, 506, 0.04, "h264").Because);
    }
}
