using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Verification;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>Times that no recording has: computed with as they are, they would leave the 64 bits of a time.</summary>
public sealed class AbsurdTimesTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nut", "pts=9e18-PTS:dts=9e18-DTS")]
    [InlineData("nut", "pts=-9e18+PTS:dts=-9e18+DTS")]
    [InlineData("mkv", "ts=if(eq(N\\,4)\\,9e18\\,TS)")]
    [InlineData("mp4", "duration=-5")]
    public void Frames_at_absurd_times_are_placed_at_the_nominal_rate(string extension, string times)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v mpeg4 {_folder["in.mp4"]}");
        FfmpegCommand.Run($"-i {_folder["in.mp4"]} -c copy -bsf:v setts={times} {_folder[$"bad.{extension}"]}");

        ConversionResult result = Converter.Run(_folder[$"bad.{extension}"], _folder["out.mp4"], Converter.Fast);

        IReadOnlyList<double> shown = VideoTimes.Of(_folder["out.mp4"]).Frames;
        Assert.Equal(2 * result.FramesIn, shown.Count);
        Assert.Equal(shown.Order().Distinct(), shown);
    }

    /// <remarks>Edit lists cut off what is before zero, and with it frames that the conversion had told of.</remarks>
    [Theory]
    [InlineData("out.mp4")]
    [InlineData("out.mov")]
    public void Frames_before_zero_are_shown_in_containers_whose_players_would_hide_them(string output)
    {
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i anoisesrc=a=0.2:r=48000:seed=3 -t 2 -c:v mpeg4 -c:a pcm_s16le {_folder["whole.mkv"]}");
        FfmpegCommand.Run($"-i {_folder["whole.mkv"]} -c copy -avoid_negative_ts disabled -bsf setts=ts=TS-300 {_folder["in.mkv"]}");

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder[output], Converter.Fast.WithBFrames() with { DropUnsupportedStreams = true });

        Assert.Equal((50, 100), (result.FramesIn, FrameHashes.OfVideo(_folder[output]).Length));
        VerificationReport report = new ConversionVerifier(new()).Verify(_folder["in.mkv"], _folder[output]);
        Assert.True(report.Held, string.Join('\n', report.Checks.SelectMany(check => check.Breaks).Select(one => one.Message)));
    }

    /// <remarks>AVI's writer fills a gap with empty frames: eighty million seconds filled the disk.</remarks>
    [Fact]
    public void A_gap_of_years_is_left_out_of_an_AVI()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v mpeg4 {_folder["in.mp4"]}");
        FfmpegCommand.Run($"-i {_folder["in.mp4"]} -c copy -bsf:v setts=ts=TS*1e6 {_folder["in.nut"]}");

        ConversionResult result = Converter.Run(_folder["in.nut"], _folder["out.avi"]);

        Assert.Contains(result.Messages, text => text.Contains("each is left out", StringComparison.Ordinal));
        Assert.InRange(new FileInfo(_folder["out.avi"]).Length, 1000, 200_000);
        Assert.InRange(VideoTimes.Of(_folder["out.avi"]).Frames.Count, 10, 20);
    }

    [Fact]
    public void A_clock_that_no_fraction_of_libav_s_counts_is_refused()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.2 -c:v libvpx -deadline realtime {_folder["in.ivf"]}");
        byte[] clip = File.ReadAllBytes(_folder["in.ivf"]);
        BitConverter.TryWriteBytes(clip.AsSpan(16), int.MaxValue);
        BitConverter.TryWriteBytes(clip.AsSpan(20), 1);
        File.WriteAllBytes(_folder["in.ivf"], clip);

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.ivf"], _folder["out.avi"]));

        Assert.Contains("no clock of FFmpeg's counts what it needs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 56, 1, 90000, false)]
    [InlineData(-(1L << 56), 1, 90000, false)]
    [InlineData(1_700_000_000_000, 1, 1000, true)]
    [InlineData(9_999_999_999, 1, 1, true)]
    [InlineData(10_000_000_000, 1, 1, false)]
    [InlineData(long.MinValue, 1, 1, true)]
    public void Three_centuries_are_plausible(long ticks, long numerator, long denominator, bool isPlausible) =>
        Assert.Equal(isPlausible, PlausibleTimes.Is(ticks, new Rational(numerator, denominator)));

    [Fact]
    public void A_clock_that_is_too_coarse_for_the_rate_is_told_of()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=1000 -frames:v 5 -c:v mpeg4 {_folder["in.mp4"]}");

        Assert.Contains(Converter.Run(_folder["in.mp4"], _folder["out.mkv"]).Messages, text => text.Contains("counts milliseconds", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Converter.Run(_folder["in.mp4"], _folder["out.mp4"]).Messages, text => text.Contains("counts milliseconds", StringComparison.Ordinal));
    }
}
