using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>The time of day that a recording's first frame bears.</summary>
public sealed class TimecodeTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("10:11:12:13", "25", "50", "10:11:12:26")]
    [InlineData("10:11:12:24", "25", "200", "10:11:12:192")]
    [InlineData("23:59:59:23", "24000/1001", "48000/1001", "23:59:59:46")]
    [InlineData("10:11:12:13", "24", "60", "10:11:12:32")]
    [InlineData("10:11:12:13", "25", "25", "10:11:12:13")]
    [InlineData("00:01:00;02", "30000/1001", "60000/1001", "00:01:00;04")]
    [InlineData("01:02:03:4", "10", "20", "01:02:03:08")]
    [InlineData("00:01:00;02", "30000/1001", "120000/1001", "00:01:00;08")]
    [InlineData("00:01:00.02", "30000/1001", "60000/1001", "00:01:00.04")]
    [InlineData("00:01:00;02", "30000/1001", "60", null)]
    [InlineData("00:01:00;02", "25", "50", null)]
    [InlineData("10:11:12:13", "25", "1000/33", null)]
    [InlineData("10:11:12:25", "25", "50", null)]
    [InlineData("noon", "25", "50", null)]
    public void A_time_code_is_that_of_the_same_moment_at_the_new_rate(string text, string from, string to, string? moved) =>
        Assert.Equal(moved, Timecode.At(text, Parse(from), Parse(to)));

    [Theory]
    [InlineData("mov")]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("webm")]
    [InlineData("mxf")]
    [InlineData("avi")]
    [InlineData("flv")]
    [InlineData("wmv")]
    [InlineData("nut")]
    [InlineData("ogv")]
    [InlineData("ts")]
    [InlineData("m4v")]
    [InlineData("mpg")]
    [InlineData("3gp")]
    public void Each_container_keeps_it_or_a_message_says_that_it_does_not(string extension)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -c:v libx264 -preset ultrafast -timecode 10:11:12:13 {_folder["in.mov"]}");

        ConversionResult result = Converter.Run(
            _folder["in.mov"],
            _folder[$"out.{extension}"],
            new() { SceneCutDetection = false, EncoderPreset = extension == "webm" ? "8" : null });

        string[] written = [.. Timecodes($"out.{extension}").Distinct()];
        bool isKept = result.Messages.Contains("The time code 10:11:12:13 becomes 10:11:12:26, the same moment at 50 frames per second.");
        Assert.Equal(isKept ? ["10:11:12:26"] : [], written);
        Assert.Equal(!isKept, result.Messages.Any(message => message.StartsWith("The time code 10:11:12:13 is dropped: ", StringComparison.Ordinal)));
        Assert.DoesNotContain(result.Messages, message => message.StartsWith("Stream 1", StringComparison.Ordinal));
        Assert.Equal(extension is not ("ts" or "m4v" or "mpg" or "3gp"), isKept);
    }

    [Theory]
    [InlineData("mov", "10:11:12;13", "10:11:12;26")]
    [InlineData("mkv", "10:11:12;13", "10:11:12;26")]
    [InlineData("mp4", "10:11:12:13", "10:11:12:26")]
    public void Dropped_numbers_stay_dropped(string extension, string before, string after)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=30000/1001:d=0.4 -c:v libx264 -preset ultrafast -timecode {before} {_folder["in.mov"]}");

        Converter.Run(_folder["in.mov"], _folder[$"out.{extension}"]);

        Assert.Equal([after], Timecodes($"out.{extension}").Distinct());
    }

    [Fact]
    public void Where_frames_cannot_be_numbered_there_is_none()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=s=96x64:r=30000/1001:d=0.4 -c:v libx264 -preset ultrafast -timecode 10:11:12;13 {_folder["in.mov"]}");

        ConversionResult result = Converter.Run(
            _folder["in.mov"], _folder["out.mov"], Converter.Fast with { Timing = new() { TargetRate = new(60, 1) } });

        Assert.Empty(Timecodes("out.mov"));
        Assert.Contains("The time code 10:11:12;13 is dropped: at 60 frames per second, its frames cannot be numbered.", result.Messages);
    }

    private static Rational Parse(string rate) =>
        rate.Split('/') is [var numerator, var denominator] ? new(long.Parse(numerator), long.Parse(denominator)) : new(long.Parse(rate), 1);

    // Of the file, its video, and its track.
    private IEnumerable<string> Timecodes(string file)
    {
        JsonElement root = FfmpegCommand.Probe(_folder[file], "-show_streams -show_format");
        return from holder in root.GetProperty("streams").EnumerateArray().Append(root.GetProperty("format"))
               where holder.TryGetProperty("tags", out _)
               from tag in holder.GetProperty("tags").EnumerateObject()
               where tag.Name.Equals("timecode", StringComparison.OrdinalIgnoreCase)
               select tag.Value.GetString()!;
    }
}
