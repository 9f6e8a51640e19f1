using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Every container into every other: two sound tracks, byte by byte, with their languages and dispositions.</summary>
public class ContainerMatrixTests
{
    private const string Sources =
        "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine=330:sample_rate=48000 -f lavfi -i sine=550:sample_rate=48000 -t 1 -map 0 -map 1 -map 2 ";
    private const string Tags = "-metadata:s:a:0 language=ger -metadata:s:a:1 language=eng -disposition:a:0 0 -disposition:a:1 default ";

    [Theory]
    [InlineData("mp4", "ac3", "mp3")]
    [InlineData("mov", "ac3", "mp3")]
    [InlineData("mkv", "ac3", "mp3")]
    [InlineData("avi", "ac3", "mp3")]
    [InlineData("ts", "ac3", "mp2")]
    [InlineData("webm", "libopus", "libvorbis")]
    public void Sound_goes_from_every_container_into_every_other(string from, string first, string second)
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{from}"];
        string video = from switch { "webm" => "libvpx-vp9 -cpu-used 8", "avi" => "mpeg4", _ => "libx264 -preset ultrafast" };
        FfmpegCommand.Run($"{Sources} {Tags} -c:v {video} -c:a:0 {first} -c:a:1 {second} {input}");
        string[][] before = Hashes(input);
        Assert.All(before, track => Assert.NotEmpty(track));
        string[] targets = from == "webm" ? ["mkv", "webm"] : ["mp4", "mov", "mkv", "avi", "ts"];
        foreach (string to in targets)
        {
            string output = folder[$"out.{to}"];
            ConversionOptions options = Converter.Fast with { Encoder = to == "webm" ? null : "libx264", EncoderPreset = to == "webm" ? "8" : "ultrafast" };
            ConversionResult result = Converter.Run(input, output, options);

            // ffmpeg's AVI leaves the second place empty, and a grid has a picture everywhere.
            Assert.Equal(from == "avi" && to == "avi" ? 52 : 50, result.FramesOut);
            Assert.Equal(before, Hashes(output));
            if (from != "avi" && to != "avi")
            {
                JsonElement[] tracks = [.. FfmpegCommand.Probe(output, "-select_streams a -show_streams").GetProperty("streams").EnumerateArray()];
                Assert.Equal(["ger", "eng"], tracks.Select(track => track.GetProperty("tags").GetProperty("language").GetString()));

                // Transport streams know no default track.
                if (from is "mkv" or "mp4" or "mov" or "webm" && to is "mkv" or "webm")
                {
                    Assert.Equal([0, 1], tracks.Select(track => track.GetProperty("disposition").GetProperty("default").GetInt32()));
                }
            }
        }
    }

    /// <remarks>In the tables of discs AAC has no number: it would be private data, which nothing plays.</remarks>
    [Theory]
    [InlineData("aac", 188)]
    [InlineData("ac3", 192)]
    public void Sound_that_discs_do_not_know_keeps_its_number_under_their_names(string codec, int packet)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine=330:sample_rate=48000 -t 1 -c:v libx264 -preset ultrafast "
            + $"-c:a {codec} {folder["in.mp4"]}");
        foreach (string name in (string[])["out.mts", "out.m2ts"])
        {
            Converter.RunVerified(folder["in.mp4"], folder[name]);
            Converter.Run(folder[name], folder["back.mkv"], Converter.Fast with { Overwrite = true });

            Assert.Equal(Hashes(folder["in.mp4"]), Hashes(folder["back.mkv"]));
            Assert.Equal(0, new FileInfo(folder[name]).Length % packet);
        }
    }

    /// <remarks>ffmpeg -ss -c copy: packets from the key frame before on, which an edit list hides. AVI has no edit lists.</remarks>
    [Fact]
    public void What_an_edit_list_hides_does_not_delay_the_sound_in_AVI()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i anoisesrc=a=0.3:r=44100:seed=5,tremolo=f=0.7:d=1 -t 3 -c:v libx264 -preset ultrafast -g 200 "
            + $"-c:a aac {folder["whole.mp4"]}");
        FfmpegCommand.Run($"-ss 0.33 -i {folder["whole.mp4"]} -c copy {folder["in.mp4"]}");

        ConversionResult result = Converter.RunVerified(folder["in.mp4"], folder["out.avi"]);

        Assert.InRange(result.FramesOut, 133 + 15, 136 + 20); // the first picture stands for the hidden third of a second

        // Stretched, it is decoded, and the hidden part is not.
        Converter.RunVerified(folder["in.mp4"], folder["slow.avi"], Converter.Fast with { Timing = new() { SlowMotion = 2 } });
    }

    [Fact]
    public void Subtitles_of_discs_beside_sound_that_they_do_not_know_are_refused()
    {
        using ClipFolder folder = new();
        File.WriteAllBytes(folder["a.sup"], [.. DiscSubtitle.Empty(0), .. DiscSubtitle.Empty(400)]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -i {folder["a.sup"]} -map 0 -map 1 -map 2 -t 1 -c:v libx264 -c:a aac "
            + $"-c:s copy {folder["in.mkv"]}");

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(folder["in.mkv"], folder["out.m2ts"]));

        Assert.Contains("stream 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(".mkv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bitmap_subtitles_are_copied_byte_by_byte()
    {
        using ClipFolder folder = new();
        File.WriteAllBytes(folder["a.sup"], [.. DiscSubtitle.Empty(0), .. DiscSubtitle.Empty(400), .. DiscSubtitle.Empty(800)]);
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 -i {folder["a.sup"]} -t 1 -map 0 -map 1 -c:v libx264 -preset ultrafast -c:s copy -metadata:s:s "
            + $"language=fre {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mkv"]);
        (double Time, string Hash)[] before = FrameHashes.OfPackets(folder["in.mkv"], "0:s");
        Assert.Equal(3, before.Length);
        Assert.Equal(before, FrameHashes.OfPackets(folder["out.mkv"], "0:s"));
    }

    // Of both tracks' packets.
    private static string[][] Hashes(string file) =>
        [.. FrameHashes.OfStreams(file, "0:a").OrderBy(stream => stream.Key).Select(stream => stream.Select(packet => packet.Hash).ToArray())];
}
