using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>What of a video of high dynamic range an output does not keep is told.</summary>
public sealed class HighDynamicRangeTests : IDisposable
{
    private const string Deep = "-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 6 -pix_fmt yuv420p10le -c:v libx265 -tag:v hvc1 ";
    private const string Hdr10 = "log-level=none:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400"
        + ":master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)";

    private readonly ClipFolder _folder = new();

    public HighDynamicRangeTests()
    {
        FfmpegCommand.Require();
        FfmpegCommand.RequireEncoder("libx265");
    }

    public void Dispose() => _folder.Dispose();

    /// <remarks>The data of single frames is not in the file: what the container says must do.</remarks>
    [Theory]
    [InlineData(5, 0, "green and purple")]
    [InlineData(8, 1, "HDR10+ or Dolby Vision")]
    public void Dolby_Vision_that_the_container_states_is_told_of(int profile, int compatibility, string told)
    {
        FfmpegCommand.Run($"{Deep} -x265-params log-level=none {_folder["plain.mp4"]}");
        File.WriteAllBytes(_folder["in.mp4"], DolbyVisionBox.InsertInto(File.ReadAllBytes(_folder["plain.mp4"]), profile, compatibility));
        const string what = "-select_streams v -show_entries stream_side_data";
        Assert.Contains("DOVI", FfmpegCommand.Probe(_folder["in.mp4"], what).GetRawText(), StringComparison.Ordinal);

        ConversionResult result = Convert("in.mp4", "out.mp4", "libx264");

        Assert.Single(result.Messages, text => text.Contains("Dolby Vision", StringComparison.Ordinal) && text.Contains(told, StringComparison.Ordinal));
        Assert.DoesNotContain("DOVI", FfmpegCommand.Probe(_folder["out.mp4"], what).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_single_frames_that_begins_later_is_told_of_where_it_begins()
    {
        FfmpegCommand.Run($"{Deep} -x265-params log-level=none {_folder["plain.hevc"]}");
        byte[] plain = File.ReadAllBytes(_folder["plain.hevc"]);
        File.WriteAllBytes(_folder["in.hevc"], [.. plain, .. DynamicRange.InsertInto(plain)]);

        ConversionResult result = Convert("in.hevc", "out.mkv", "libx265");

        Assert.Equal(24, result.FramesOut);
        Assert.Single(result.Messages, text => text.StartsWith("From frame 7 on, the video has HDR10+ or Dolby Vision data", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("out.mkv", "libx264", false, false)]
    [InlineData("out.mp4", "mpeg4", false, false)]
    [InlineData("out.ts", "libx265", false, false)]
    [InlineData("out.ts", "libx264", false, true)]
    [InlineData("out.avi", "mpeg4", true, true)]
    [InlineData("out.avi", "ffv1", true, true)]
    [InlineData("out.nut", "ffv1", true, true)]
    [InlineData("out.y4m", null, true, true)]
    public void HDR10_that_an_output_does_not_keep_is_told_of(string output, string? encoder, bool losesColours, bool losesMastering)
    {
        FfmpegCommand.Run($"{Deep} -x265-params {Hdr10} {_folder["in.mkv"]}");

        ConversionResult result = Convert("in.mkv", output, encoder);

        string found = FfmpegCommand.Probe(
            _folder[output], "-select_streams v -read_intervals %+#1 -show_frames -show_streams -show_entries side_data_list").GetRawText();
        Assert.Equal(!losesColours, found.Contains("smpte2084", StringComparison.Ordinal));
        Assert.Equal(!losesMastering || EncoderWritesIt(encoder), found.Contains("Mastering display", StringComparison.Ordinal));
        Assert.Equal(losesColours, result.Messages.Any(text => text.StartsWith("The video is HDR, and ", StringComparison.Ordinal)));
        Assert.Equal(
            losesMastering && !EncoderWritesIt(encoder),
            result.Messages.Any(text => text.StartsWith("What HDR10 says of the whole video", StringComparison.Ordinal)));
    }

    // From FFmpeg 7.1 on x264 is given it.
    private static bool EncoderWritesIt(string? encoder) => encoder == "libx264" && AdaConv.LibAv.EncoderSideData.IsTaken;

    private ConversionResult Convert(string input, string output, string? encoder) =>
        Converter.Run(_folder[input], _folder[output], Converter.Fast with { Encoder = encoder, EncoderPreset = encoder == "libx264" ? "ultrafast" : null });
}
