using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Containers that know no times: one rate for all frames, from 0 on.</summary>
public sealed class OneRateTests : IDisposable
{
    private const string Clip = "-f lavfi -i testsrc2=s=96x64:r=25:d=2 -f lavfi -i sine=d=2:sample_rate=48000 -c:v libx264 -preset ultrafast -bf 3 -c:a mp2";

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("libx264", "medium", "mp2")]
    [InlineData("libx264", "medium", "aac")]
    [InlineData("mpeg4", null, "mp2")]
    [InlineData("ffv1", null, "ac3")]
    [InlineData("mjpeg", null, "mp3")]
    public void An_avi_has_the_doubled_rate_and_shows_every_frame_in_its_place(string encoder, string? preset, string sound)
    {
        FfmpegCommand.Run($"{Clip.Replace("-c:a mp2", $"-c:a {sound}")} {_folder["in.mp4"]}");

        Converter.Run(_folder["in.mp4"], _folder["out.avi"], new() { Encoder = encoder, EncoderPreset = preset, SceneCutDetection = false });

        JsonElement stream = FfmpegCommand.Probe(_folder["out.avi"], "-select_streams v -show_streams").GetProperty("streams")[0];
        Assert.Equal(
            ("50/1", "50/1", "1/50", "100", 0),
            (Text(stream, "r_frame_rate"), Text(stream, "avg_frame_rate"), Text(stream, "time_base"), Text(stream, "nb_frames"),
                stream.GetProperty("has_b_frames").GetInt32()));
        double[] times = [.. VideoTimes.Of(_folder["out.avi"]).Frames];
        Assert.Equal(100, times.Length);
        Assert.All(times, (time, i) => Assert.Equal(i / 50.0, time, 0.0001));
    }

    [Theory]
    [InlineData(null, 50)]
    [InlineData("60000/1001", 59.94)]
    public void A_RealMedia_file_counts_frames_at_their_rate(string? rate, double frames)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=176x144:r=25:d=2 -c:v rv20 {_folder["in.rm"]}");

        ConversionOptions options = new() { SceneCutDetection = false, Timing = new() { TargetRate = rate is null ? null : new(60000, 1001) } };
        Converter.RunVerified(_folder["in.rm"], _folder["out.rm"], options);

        double[] times = [.. VideoTimes.Of(_folder["out.rm"]).Frames];
        Assert.Equal(2 * frames, times.Length, 1.0);
        Assert.All(times, (time, i) => Assert.Equal(i / frames, time, 0.002));
    }

    [Theory]
    [InlineData("avi")]
    [InlineData("y4m")]
    public void What_begins_late_begins_at_0_with_every_original_untouched(string extension)
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=s=96x64:r=30000/1001:d=2 -f lavfi -i sine=d=2 -c:v ffv1 -c:a pcm_s16le -output_ts_offset 3600 " + _folder["in.mkv"]);

        ConversionResult result = Converter.Run(
            _folder["in.mkv"], _folder[$"out.{extension}"], extension == "avi" ? Converter.Lossless : new() { SceneCutDetection = false });

        double[] times = [.. VideoTimes.Of(_folder[$"out.{extension}"]).Frames];
        Assert.Equal((120, 120), (times.Length, (int)result.FramesOut));
        Assert.All(times, (time, i) => Assert.Equal(i * 1001 / 60000.0, time, 0.0001));
        Assert.Equal(FrameHashes.OfVideo(_folder["in.mkv"]), FrameHashes.OfVideo(_folder[$"out.{extension}"]).Where((_, i) => i % 2 == 0));
        Assert.DoesNotContain(result.Messages, message => message.Contains("begins", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Messages, message => message.Contains("cut short", StringComparison.Ordinal));
    }

    /// <remarks>A beep and a flash at the same time, in the middle of a clip whose picture begins half a second behind its sound.</remarks>
    [Theory]
    [InlineData(0.5, 25)]
    [InlineData(-0.5, 0)]
    public void Sound_that_begins_earlier_stays_with_the_picture(double later, int lead)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=25:d=2 -c:v ffv1 {_folder["video.mkv"]}");
        FfmpegCommand.Run($"-f lavfi -i sine=d=3:sample_rate=48000 -c:a pcm_s16le {_folder["sound.mkv"]}");
        FfmpegCommand.Run(
            $"-itsoffset {Math.Max(0, later)} -i {_folder["video.mkv"]} -itsoffset {Math.Max(0, -later)} -i {_folder["sound.mkv"]} -map 0 -map 1 -c copy "
            + _folder["in.mkv"]);

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.avi"], Converter.Lossless);

        string[] frames = FrameHashes.OfVideo(_folder["out.avi"]), before = FrameHashes.OfVideo(_folder["in.mkv"]);
        Assert.Equal(100 + lead, frames.Length);
        Assert.All(frames[..(lead + 1)], frame => Assert.Equal(before[0], frame));
        Assert.Equal(before, frames[lead..].Where((_, i) => i % 2 == 0));
        Assert.Equal(later < 0, result.Messages.Any(message => message.StartsWith("The sound begins 0.5 s after the picture; avi", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("libx264 -preset medium -bf 3")]
    [InlineData("libx264 -preset ultrafast -bf 0")]
    [InlineData("mpeg4 -bf 2")]
    [InlineData("mpeg4")]
    [InlineData("ffv1")]
    public void The_frames_of_an_avi_have_the_times_of_its_packets(string coding)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=25:d=2 -f lavfi -i sine=d=2 -c:v {coding} -c:a mp2 {_folder["in.avi"]}");

        ConversionResult result = Converter.Run(_folder["in.avi"], _folder["out.mp4"]);

        // ffmpeg leaves the second place empty with some encoders.
        double[] packets =
        [
            .. FfmpegCommand.Probe(_folder["in.avi"], "-select_streams v -show_entries packet=dts_time").GetProperty("packets").EnumerateArray()
                .Select(packet => double.Parse(Text(packet, "dts_time"), CultureInfo.InvariantCulture)),
        ];
        Assert.Equal(50, packets.Length);
        double[] times = [.. VideoTimes.Of(_folder["out.mp4"]).Frames];
        Assert.Equal(100, times.Length);
        Assert.All(packets, (time, i) => Assert.Equal(time - packets[0], times[2 * i] - times[0], 0.0001));
        Assert.Equal(0, times[0], 0.0001);
        Assert.DoesNotContain(result.Messages, message => message.Contains("timestamp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_variable_rate_comes_onto_the_grid_and_keeps_its_length()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=30:d=3 -vf select=not(eq(mod(n\\,5)\\,1))*not(between(n\\,20\\,27)) -fps_mode vfr -c:v libx264 "
            + _folder["in.mp4"]);

        Converter.Run(_folder["in.mp4"], _folder["out.avi"]);

        double[] times = [.. VideoTimes.Of(_folder["out.avi"]).Frames];
        Assert.InRange(times.Length, 178, 180);
        Assert.All(times, (time, i) => Assert.Equal(i / 60.0, time, 0.0001));
    }

    [Fact]
    public void B_frames_that_are_asked_for_are_the_users()
    {
        FfmpegCommand.Run($"{Clip} {_folder["in.mp4"]}");

        Converter.Run(
            _folder["in.mp4"],
            _folder["out.avi"],
            Converter.Fast with { EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("bf", "2") });

        Assert.Equal(100, FrameHashes.OfVideo(_folder["out.avi"]).Length);
    }

    private static string Text(JsonElement stream, string name) => stream.GetProperty(name).GetString()!;
}
