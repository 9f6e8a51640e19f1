using System.Globalization;
using System.Text;
using System.Text.Json;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Timing;
using AdaConv.Conversion.Verification;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Subtitles;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>Text subtitles that the output's container does not hold as they are, as ffmpeg reads them back.</summary>
public sealed class SubtitleConversionTests : IDisposable
{
    private const string Words =
        "1\n00:00:00,137 --> 00:00:00,611\nGrüße, <i>Welt</i> — 日本語 🎬\n\n2\n00:00:00,611 --> 00:00:00,999\nZwei\nZeilen & <b>mehr</b>\n\n"
        + "3\n00:00:01,203 --> 00:00:01,750\nEnde\n\n";

    private static readonly (long Start, long End, string Text)[] Cues =
        [(137, 611, "Grüße, Welt — 日本語 🎬"), (611, 999, "Zwei|Zeilen & mehr"), (1203, 1750, "Ende")];

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("subrip", "mkv", "mp4", "mov_text", 1)]
    [InlineData("subrip", "mkv", "mp4", "mov_text", 2)]
    [InlineData("subrip", "mkv", "webm", "webvtt", 1)]
    [InlineData("subrip", "mkv", "3gp", "mov_text", 1)]
    [InlineData("ass", "mkv", "mov", "mov_text", 1)]
    [InlineData("ass", "mkv", "webm", "webvtt", 2)]
    [InlineData("webvtt", "mkv", "m4v", "mov_text", 1)]
    [InlineData("mov_text", "mp4", "mkv", "subrip", 1)]
    [InlineData("mov_text", "mp4", "mkv", "subrip", 4)]
    [InlineData("mov_text", "mp4", "webm", "webvtt", 1)]
    public void Words_and_times_stay_in_the_containers_own_text_format(string codec, string from, string to, string expected, int slowness)
    {
        string input = Clip(codec, from, Words), output = _folder[$"out.{to}"];
        ConversionOptions options = Options(to) with { Timing = new() { SlowMotion = slowness == 1 ? null : slowness } };

        using FrameReader reader = FrameReader.Open(input, options.Reading, TestContext.Current.CancellationToken);
        ConversionPlan plan = Planner.Plan(reader, output, options);
        ConversionResult result = Converter.RunVerified(input, output, options);

        StreamPlan stream = plan.Streams[1];
        Assert.Equal((StreamTreatment.Rewrite, expected), (stream.Treatment, stream.Encoder));
        string message = Assert.Single(result.Messages, text => text.StartsWith("Stream 1 ", StringComparison.Ordinal));
        Assert.StartsWith($"Stream 1 (subtitle {codec}, ger) is written as {expected}: its words and times stay, ", message, StringComparison.Ordinal);
        Assert.Contains(codec == "mov_text" ? "Name the output .mov to copy it" : "Name the output .mkv to copy it", message, StringComparison.Ordinal);
        Assert.Equal([(expected, "ger")], FfmpegCommand.Probe(output, "-show_streams -select_streams s").GetProperty("streams").EnumerateArray()
            .Select(found => (found.GetProperty("codec_name").GetString(), found.GetProperty("tags").GetProperty("language").GetString())));
        Assert.Equal(Cues.Select(cue => (cue.Start * slowness, cue.End * slowness, cue.Text)), Read(output));
        Assert.Equal(0, result.CopiedPackets);
    }

    [Theory]
    [InlineData("subrip", "mkv", "mkv")]
    [InlineData("ass", "mkv", "mkv")]
    [InlineData("webvtt", "mkv", "webm")]
    [InlineData("mov_text", "mp4", "mov")]
    public void What_the_container_holds_is_copied_bit_by_bit(string codec, string from, string to)
    {
        string input = Clip(codec, from, Words), output = _folder[$"out.{to}"];

        ConversionResult result = Converter.RunVerified(input, output, Options(to));

        Assert.DoesNotContain(result.Messages, text => text.StartsWith("Stream 1 ", StringComparison.Ordinal));
        Assert.Equal(FrameHashes.OfPackets(input, "0:s"), FrameHashes.OfPackets(output, "0:s"));
    }

    [Fact]
    public void Cues_that_overlap_are_shown_together_where_only_one_is_shown_at_a_time()
    {
        string input = Clip("subrip", "mkv",
            "1\n00:00:00,100 --> 00:00:00,500\nA\n\n2\n00:00:00,400 --> 00:00:00,900\nB\n\n3\n00:00:00,400 --> 00:00:01,200\nC\n\n"
            + "4\n00:00:01,500 --> 00:00:01,600\nD\n\n5\n00:00:01,500 --> 00:00:01,650\nD\n\n");

        ConversionResult result = Converter.RunVerified(input, _folder["out.mp4"]);
        Converter.RunVerified(input, _folder["out.webm"], Options("webm"));

        Assert.Equal(
            [(100, 400, "A"), (400, 500, "A|B|C"), (500, 900, "B|C"), (900, 1200, "C"), (1500, 1600, "D"), (1600, 1650, "D")], Read(_folder["out.mp4"]));
        Assert.Equal(
            [(100, 500, "A"), (400, 900, "B"), (400, 1200, "C"), (1500, 1600, "D"), (1500, 1650, "D")], Read(_folder["out.webm"]));
        Assert.DoesNotContain(result.Messages, text => text.Contains("moved", StringComparison.Ordinal));
    }

    /// <remarks>A text waits for the next one, which may begin at the same time; players that read a file from its beginning came past it too late.</remarks>
    [Theory]
    [InlineData("a:0")]
    [InlineData("v:0")]
    public void A_text_before_a_long_pause_stands_beside_its_pictures_in_the_file(string other)
    {
        _folder.Write("words.srt", "1\n00:00:00,500 --> 00:00:01,000\nA\n\n2\n00:00:28,000 --> 00:00:29,000\nB\n\n");
        string input = _folder["in.mkv"], output = _folder["out.mp4"], sound = other == "a:0" ? "-f lavfi -i sine=duration=30" : "";
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=5:duration=30 -i {_folder["words.srt"]} {sound} "
            + $"-map 0 -map 1 {(other == "a:0" ? "-map 2 -c:a aac" : "")} -c:v libx264 -preset ultrafast -c:s subrip {input}");

        Converter.RunVerified(input, output);

        Assert.Equal(Read(input), Read(output)); // with sound, both begin 0.023 s late, as AAC makes room for its first packet
        long text = Places(output, "s:0").First(packet => packet.Size > 2).Place;
        Assert.InRange(text, 0, Places(output, other).First(packet => packet.Time > 20).Place);
    }

    /// <remarks>Forced ones are shown to those who want no subtitles; most containers of text have no mark for it.</remarks>
    [Theory]
    [InlineData("mov", true)]
    [InlineData("mp4", false)]
    public void Marks_of_rewritten_text_are_kept_or_told_as_lost(string extension, bool isLost)
    {
        string input = _folder["in.mkv"];
        FfmpegCommand.Run($"-i {Clip("subrip", "mkv", Words)} -map 0 -c copy -disposition:s forced -metadata:s:s BPS=7 {_folder["marked.mkv"]}");
        File.Move(_folder["marked.mkv"], input, overwrite: true);

        ConversionResult result = Converter.Run(input, _folder[$"out.{extension}"], Options(extension));

        Assert.Equal(isLost, result.Messages.Any(text => text.StartsWith("The mark forced of stream 1 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Text_is_not_rewritten_where_its_end_would_be_lost()
    {
        using FrameReader reader = FrameReader.Open(Clip("subrip", "mkv", Words), new(), TestContext.Current.CancellationToken);

        Assert.NotEmpty(Planner.Plan(reader, _folder["out.nut"], Options("nut")).Problems);
    }

    /// <remarks>Where one text is shown at a time, what has passed cannot come again.</remarks>
    [Fact]
    public void A_text_that_comes_after_a_later_one_is_counted_as_lost()
    {
        using SuccessiveTexts texts = new(new(1, 1000));
        using Packet packet = new();
        List<(long Begin, long Duration)> shown = [];
        void Note(Packet text) => shown.Add((text.Time!.Value, text.Duration));

        foreach ((long begin, long duration) in ((long, long)[])[(1000, 500), (10_000, 2000), (5000, 2000), (11_000, 3000)])
        {
            packet.Replace([0, 1, (byte)'A'], "", null);
            packet.Retime(begin, duration);
            texts.Add(packet, Note);
            texts.Advance(begin, Note);
        }

        texts.Finish(Note);

        Assert.Equal(1, texts.Lost);
        Assert.Equal([(1000, 500), (10_000, 1000), (11_000, 1000), (12_000, 2000)], shown);
    }

    [Fact]
    public void Damaged_texts_are_left_out_and_counted()
    {
        string input = Clip("subrip", "mkv", Words.Replace("Ende", "Ende ENDE", StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(input);
        int place = bytes.AsSpan().IndexOf("ENDE"u8);
        bytes[place] = 0xff;
        File.WriteAllBytes(input, bytes);

        ConversionResult result = Converter.RunVerified(input, _folder["out.mp4"]);

        Assert.Equal(Cues[..2], Read(_folder["out.mp4"]));
        Assert.Contains(
            "1 subtitle is left out: damaged, too long, out of order, or not in UTF-8. For mp4, text is read and written anew.", result.Messages);
    }

    /// <remarks>Bytes of words and styles alike, and the header of ASS.</remarks>
    [Theory]
    [InlineData("subrip", "mkv", "mp4")]
    [InlineData("ass", "mkv", "webm")]
    [InlineData("mov_text", "mp4", "mkv")]
    public void Whatever_a_text_holds_the_conversion_ends(string codec, string from, string to)
    {
        byte[] whole = File.ReadAllBytes(Clip(codec, from, Words));
        int place = whole.AsSpan().IndexOf(Encoding.UTF8.GetBytes("Grüße"));
        Random random = new(1);
        int written = 0;
        for (int i = 0; i < 8; i++)
        {
            byte[] bytes = [.. whole];
            random.NextBytes(bytes.AsSpan(place - 2, 24));
            File.WriteAllBytes(_folder[$"bad.{from}"], bytes);
            try
            {
                Converter.Run(_folder[$"bad.{from}"], _folder[$"bad-out.{to}"], Options(to) with { Overwrite = true });
                _ = Read(_folder[$"bad-out.{to}"]); // ffmpeg reads it
                written++;
            }
            catch (MediaException e)
            {
                Assert.NotEmpty(e.Problem);
            }
        }

        Assert.InRange(written, 1, 8);
    }

    [Fact]
    public void A_run_that_resumes_writes_all_of_the_text()
    {
        string input = Clip("subrip", "mkv", Words, seconds: 8);
        ConversionOptions options = Converter.Fast with { SegmentLength = 1, QueueLength = 1 };
        using CancellationTokenSource stop = new();
        TimedInterpolator stopping = new(new AveragingInterpolator(), predicted =>
        {
            if (predicted == 150)
            {
                stop.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => new InterpolationPipeline(stopping, "settings")
            .Run(input, _folder["out.mp4"], options, cancellation: stop.Token));

        ConversionResult result = new InterpolationPipeline(new AveragingInterpolator(), "settings").Run(input, _folder["out.mp4"], options);

        Assert.Contains(result.Messages, text => text.StartsWith("Resuming after ", StringComparison.Ordinal));
        Assert.Equal(Cues, Read(_folder["out.mp4"]));
    }

    [Fact]
    public void Verification_misses_a_text_and_one_that_is_late()
    {
        string input = Clip("subrip", "mkv", Words), output = _folder["out.mp4"];
        Converter.RunVerified(input, output);
        string other = Words.Replace("Ende", "Anderes", StringComparison.Ordinal).Replace("00:00:00,137", "00:00:00,187", StringComparison.Ordinal);
        _folder.Write("other.srt", other);
        FfmpegCommand.Run($"-i {output} -i {_folder["other.srt"]} -map 0:v -map 1:s -c:v copy -c:s mov_text -metadata:s:s language=ger {_folder["bad.mp4"]}");

        VerificationReport report = new ConversionVerifier(new() { Conversion = Converter.Fast }).Verify(input, _folder["bad.mp4"]);

        Assert.False(report.Held);
        Assert.Contains(report.Checks.SelectMany(check => check.Breaks), one => one.Kind == BreakKind.PacketChanged);
        Assert.Contains(report.Checks.SelectMany(check => check.Breaks), one => one.Kind == BreakKind.PacketTime);
    }

    private static ConversionOptions Options(string extension) =>
        extension == "webm" ? new() { EncoderPreset = "8", SceneCutDetection = false } : Converter.Fast;

    // Without sound: what is in the way of a transport stream must not be in the way of .webm.
    private string Clip(string codec, string extension, string words, int seconds = 2)
    {
        _folder.Write("words.srt", words);
        string clip = _folder[$"in.{extension}"];
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25:duration={seconds} -i {_folder["words.srt"]} -map 0 -map 1 -c:v libx264 -preset ultrafast -c:s {codec} "
            + $"-metadata:s:s language=ger {clip}");
        return clip;
    }

    private static IEnumerable<(double Time, long Place, int Size)> Places(string file, string stream) =>
        FfmpegCommand.Probe(file, $"-show_packets -select_streams {stream}").GetProperty("packets").EnumerateArray().Select(packet => (
            Number(packet, "pts_time"), (long)Number(packet, "pos"), (int)Number(packet, "size")));

    private static double Number(JsonElement packet, string name) => double.Parse(packet.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    // Milliseconds, and words without tags, lines divided by "|".
    private static (long Start, long End, string Text)[] Read(string file)
    {
        string text = FfmpegCommand.Text($"-i {file} -map 0:s:0 -c:s subrip -f srt -").ReplaceLineEndings("\n");
        return
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(cue => cue.Trim('\n').Split('\n')).Where(lines => lines.Length > 2).Select(lines =>
                (Milliseconds(lines[1][..12]), Milliseconds(lines[1][^12..]), Plain(string.Join('|', lines[2..])))),
        ];

        static long Milliseconds(string time) =>
            (long)TimeSpan.ParseExact(time, @"hh\:mm\:ss\,fff", CultureInfo.InvariantCulture).TotalMilliseconds;

        static string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(text, "<[^>]*>", "");
    }
}
