using System.Collections.Immutable;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>The encoder's preset, quality and further options: what they become for each encoder, and which are refused.</summary>
public sealed class EncoderOptionTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public EncoderOptionTests() => FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -t 0.2 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("libsvtav1", "preset", "11")]
    [InlineData("libaom-av1", "cpu-used", "7")]
    [InlineData("libvpx-vp9", "cpu-used", "5")]
    [InlineData("libvpx", "cpu-used", "5")]
    [InlineData("libx264", "preset", "veryfast")]
    [InlineData("libx265", "preset", "veryfast")]
    public void X264s_names_of_presets_are_every_encoders(string encoder, string option, string value)
    {
        Assert.SkipUnless(FFmpegLibraries.HasEncoder(encoder), $"This FFmpeg has no encoder {encoder}.");
        ConversionOptions options = new() { Encoder = encoder, EncoderPreset = "veryfast" };

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.mkv"], options);

        Assert.Equal(10, result.FramesOut);
        using FrameReader reader = FrameReader.Open(_folder["in.mkv"], new(), TestContext.Current.CancellationToken);
        Assert.Equal(value, Planner.Plan(reader, _folder["planned.mkv"], options).Encoder!.Options[option]);
    }

    [Theory]
    [InlineData("libx264", "video_size", "320x4000", "The new frames have the size of the old ones")]
    [InlineData("ffv1", "pixel_format", "yuv444p", "--pixel-format chooses")]
    [InlineData("libx264", "time_base", "1/7", "--fps, --factor and --slow choose")]
    [InlineData("libx264", "x264-params", "bogus=1", "does not understand x264-params (Error parsing option 'bogus = 1')")]
    [InlineData("libx264", "x264-params", "bogus=1:ref=2:none=x", "x264-params (Error parsing option 'bogus = 1'; Error parsing option 'none = x')")]
    [InlineData("libx265", "x265-params", "bogus=1", "does not understand x265-params (Unknown option: bogus)")]
    [InlineData("libx265", "x265-params", "bogus=1:ref=2:none=x", "x265-params (Unknown option: bogus; Unknown option: none)")]
    [InlineData("libsvtav1", "bogus", "1", "the encoder libsvtav1 has no option bogus")]
    public void An_option_that_is_not_the_encoders_is_refused(string encoder, string option, string value, string words)
    {
        Assert.SkipUnless(FFmpegLibraries.HasEncoder(encoder), $"This FFmpeg has no encoder {encoder}.");

        Refused(new() { Encoder = encoder, EncoderOptions = Of(option, value) }, words);
    }

    [Theory]
    [InlineData("crf")]
    [InlineData("b")]
    [InlineData("qp")]
    public void Quality_and_an_option_that_sets_it_exclude_each_other(string option) => Refused(
        new() { Encoder = "libx264", Quality = 20, EncoderOptions = Of(option, "30") }, $"the quality and the encoder's option {option} exclude each other");

    [Fact]
    public void A_bit_rate_bounds_the_quality_of_VP9()
    {
        Assert.SkipUnless(FFmpegLibraries.HasEncoder("libvpx-vp9"), "This FFmpeg has no encoder libvpx-vp9.");
        ConversionOptions options = new() { Encoder = "libvpx-vp9", Quality = 30, EncoderOptions = Of("b", "200k") };

        Assert.Equal(10, Converter.Run(_folder["in.mkv"], _folder["out.webm"], options).FramesOut);
    }

    [Fact]
    public void A_preset_is_named_once() => Refused(
        new() { Encoder = "libx264", EncoderPreset = "slow", EncoderOptions = Of("preset", "fast") }, "preset and its option preset exclude each other");

    [Fact]
    public void Libraries_own_parameters_reach_them()
    {
        ConversionOptions options = new() { Encoder = "libx264", EncoderOptions = Of("x264-params", "keyint=2") };

        Converter.Run(_folder["in.mkv"], _folder["out.mkv"], options);

        var packets = FfmpegCommand.Probe(_folder["out.mkv"], "-show_entries packet=flags").GetProperty("packets").EnumerateArray();
        Assert.Equal(5, packets.Count(packet => packet.GetProperty("flags").GetString()!.StartsWith('K')));
    }

    /// <remarks>Before a segmented video begins, a second encoder is opened for its header alone, and freed: SVT-AV1 1.4 waited for ever there.</remarks>
    [Fact]
    public void SvtAv1_encodes_in_segments()
    {
        Assert.SkipUnless(FFmpegLibraries.HasEncoder("libsvtav1"), "This FFmpeg has no encoder libsvtav1.");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -t 2.2 -c:v ffv1 -pix_fmt yuv420p {_folder["long.mkv"]}");

        ConversionResult result = new InterpolationPipeline(new AveragingInterpolator(), settings: "known").Run(
            _folder["long.mkv"], _folder["out.mkv"], new() { Encoder = "libsvtav1", EncoderPreset = "ultrafast", SegmentLength = 1 });

        Assert.Equal(110, result.FramesOut);
        Assert.Contains(result.Messages, message => message.StartsWith("Finished segments are kept", StringComparison.Ordinal));
        Assert.Equal(110, VideoTimes.Of(_folder["out.mkv"]).Frames.Count);
    }

    private static ImmutableDictionary<string, string> Of(string option, string value) => ImmutableDictionary<string, string>.Empty.Add(option, value);

    private void Refused(ConversionOptions options, string words)
    {
        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mkv"], _folder["out.mkv"], options));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], _folder.Names);
    }
}
