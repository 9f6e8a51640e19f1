using AdaConv.Reports;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed class PulseTests
{
    [Fact]
    public void A_pulse_of_brightness_and_sharpness_is_found_at_its_size()
    {
        (PictureLook, PictureLook, PictureLook)[] frames =
            [.. Enumerable.Range(0, 10).Select(i => (Look(100 + i, 8), Look(1.02 * (100.5 + i), 8 * 0.9), Look(101 + i, 8)))];
        Pulse pulse = Pulse.Of(frames);
        Assert.Equal(0.02, pulse.Brightness, 1e-9);
        Assert.Equal(0.1, pulse.Sharpness, 1e-9);
        Assert.Equal(-0.1, pulse.SharpnessOffset, 1e-9);
    }

    [Fact]
    public void An_even_fade_has_none()
    {
        Pulse pulse = Pulse.Of([.. Enumerable.Range(0, 10).Select(i => (Look(100 - 10 * i, 8), Look(95 - 10 * i, 8), Look(90 - 10 * i, 8)))]);
        Assert.Equal(0, pulse.Brightness, 1e-9);
        Assert.Equal(0, pulse.Sharpness, 1e-9);
    }

    [Fact]
    public void Softer_and_sharper_frames_in_turn_have_no_offset()
    {
        Pulse pulse = Pulse.Of([(Look(50, 10), Look(50, 8), Look(50, 10)), (Look(50, 10), Look(50, 12), Look(50, 10))]);
        Assert.Equal(0.2, pulse.Sharpness, 1e-9);
        Assert.Equal(0, pulse.SharpnessOffset, 1e-9);
    }

    [Fact]
    public void A_black_clip_has_none() => Assert.Equal(default, Pulse.Of([(default, default, default)]));

    private static PictureLook Look(double brightness, double sharpness) => new(brightness, sharpness);
}
