using System.Text;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Titles of streams, and what they are marked as (default, forced, comment …): kept, or told as lost.</summary>
public sealed class StreamMarksTests : IDisposable
{
    private static readonly string[] Marks =
        ["default", "forced", "hearing_impaired", "visual_impaired", "comment", "original", "dub", "lyrics", "karaoke", "clean_effects"];

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <remarks>NUT keeps most marks of a copied input; the others come from Matroska.</remarks>
    [Theory]
    [InlineData("mkv", "libopus")]
    [InlineData("webm", "libopus")]
    [InlineData("mp4", "aac")]
    [InlineData("m4v", "aac")]
    [InlineData("mov", "aac")]
    [InlineData("3gp", "aac")]
    [InlineData("nut", "aac")]
    [InlineData("ts", "aac")]
    [InlineData("avi", "mp2")]
    [InlineData("mpg", "mp2")]
    [InlineData("vob", "mp2")]
    [InlineData("flv", "libmp3lame")]
    [InlineData("wmv", "mp2")]
    [InlineData("ogv", "libvorbis")]
    [InlineData("rm", "ac3")]
    [InlineData("mxf", "pcm_s16le")]
    public void Marks_and_titles_that_a_container_has_no_place_for_are_told(string extension, string coding)
    {
        // FLV and RealMedia hold one sound track, beside which there is nothing to choose.
        int tracks = extension is "flv" or "rm" ? 1 : 2;
        foreach ((string from, string marks) in ((string, string)[])
            [("mkv", "default+forced+hearing_impaired+comment"), ("mkv", "visual_impaired+original"), ("mkv", "dub"), ("nut", "lyrics+karaoke")])
        {
            MakeClip($"in.{from}", coding, tracks, marks);
            string[] given = MarksOf(_folder[$"in.{from}"], tracks - 1);
            string output = _folder[$"out.{extension}"];

            ConversionResult result = Converter.Run(_folder[$"in.{from}"], output, new() { SceneCutDetection = false, Overwrite = true });

            string[] kept = MarksOf(output, tracks - 1);
            string[] lost = [.. given.Except(kept).Where(mark => tracks > 1 || mark != "default")];
            string? said = result.Messages.SingleOrDefault(message => message.StartsWith("The mark", StringComparison.Ordinal));
            string[] told = said?[..said.IndexOf(" of stream", StringComparison.Ordinal)].Split(' ', 3)[2].Split(", ") ?? [];
            Assert.Equal((extension, string.Join(' ', lost)), (extension, string.Join(' ', told)));
            string[] titles = ["Picture", "Talk"];
            Assert.Equal(
                titles.Where(title => !HasTitle(output, title)).Order(StringComparer.Ordinal),
                titles.Where(title => result.Messages.Any(message => message.StartsWith($"The title “{title}” of stream ", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public void That_the_first_track_is_the_default_needs_no_mark()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -f lavfi -i sine -t 0.2 -map 0 -map 1 -map 2 -c:v ffv1 -c:a mp2 -disposition:a:0 default "
            + $"-disposition:a:1 0 {_folder["in.mkv"]}");

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.ts"]);

        Assert.DoesNotContain(result.Messages, message => message.Contains("lost", StringComparison.Ordinal));
    }

    /// <remarks>FFmpeg writes titles where few players look, and shows what stands at the other place as handler_name.</remarks>
    [Theory]
    [InlineData("mp4")]
    [InlineData("mov")]
    [InlineData("m4v")]
    public void Titles_stand_where_players_of_QuickTime_look(string extension)
    {
        MakeClip("in.mkv", "aac", 2, "default");
        FfmpegCommand.Run($"-i {_folder["in.mkv"]} -map 0 -c copy -metadata:s:a:1 handler_name=Director {_folder["own.mkv"]}");
        FfmpegCommand.Run($"-i {_folder["in.mkv"]} -map 0 -c copy -metadata:s:a:1 handler_name=SoundHandler {_folder["usual.mkv"]}");

        Assert.Equal(["Picture", "SoundHandler", "Talk"], Handlers("in"));
        Assert.Equal(["Picture", "SoundHandler", "Director"], Handlers("own"));
        Assert.Equal(["Picture", "SoundHandler", "Talk"], Handlers("usual"));

        string[] Handlers(string name)
        {
            string output = _folder[$"{name}.{extension}"];
            Assert.Empty(Converter.Run(_folder[$"{name}.mkv"], output).Messages);
            return [.. Streams(output).Select(stream => stream.GetProperty("tags").GetProperty("handler_name").GetString()!)];
        }
    }

    /// <remarks>FFmpeg's writer keeps them as "©key"; its reader passes over that.</remarks>
    [Fact]
    public void Keywords_are_kept_in_QuickTime_files()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.2 -c:v ffv1 -metadata keywords=alpha,beta {_folder["in.mkv"]}");

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.mov"]);

        Assert.Empty(result.Messages);
        Assert.Contains("\u00a9key\0\u000aUÄalpha,beta", Encoding.Latin1.GetString(File.ReadAllBytes(_folder["out.mov"])), StringComparison.Ordinal);
    }

    private void MakeClip(string name, string coding, int tracks, string marks)
    {
        string second = tracks == 1 ? "" : "-map 2 -disposition:a:0 0 ";
        FfmpegCommand.Run(
            "-y -f lavfi -i testsrc2=size=176x144:rate=25 -f lavfi -i sine=sample_rate=44100 -f lavfi -i sine=frequency=600:sample_rate=44100 -t 0.4 -map 0 "
            + $"-map 1 {second}-c:v mpeg4 -c:a {coding} {(coding.StartsWith("pcm", StringComparison.Ordinal) ? "-ar 48000" : "")} "
            + $"-disposition:a:{tracks - 1} {marks} -metadata:s:v title=Picture -metadata:s:a:{tracks - 1} title=Talk {_folder[name]}");
    }

    private static JsonElement[] Streams(string path) =>
        [.. FfmpegCommand.Probe(path, "-show_streams").GetProperty("streams").EnumerateArray()];

    private static string[] MarksOf(string path, int track)
    {
        JsonElement marks = Streams(path).Where(stream => stream.GetProperty("codec_type").GetString() == "audio").ElementAt(track).GetProperty("disposition");
        return [.. Marks.Where(mark => marks.GetProperty(mark).GetInt32() == 1)];
    }

    private static bool HasTitle(string path, string title) => Streams(path).Any(stream => stream.TryGetProperty("tags", out JsonElement tags)
        && tags.EnumerateObject().Any(tag => tag.Name is "title" or "handler_name" && tag.Value.GetString() == title));
}
