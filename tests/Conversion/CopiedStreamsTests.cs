using System.Globalization;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class CopiedStreamsTests
{
    private const string Video = "-f lavfi -i testsrc2=size=96x64:rate=25";
    private const string Sound = "-f lavfi -i sine=frequency=330:sample_rate=48000";

    [Theory]
    [InlineData("aac", "mp4", "mp4")]
    [InlineData("aac", "mp4", "mkv")]
    [InlineData("libopus", "mkv", "webm")]
    [InlineData("flac", "mkv", "mp4")]
    [InlineData("flac", "mkv", "mkv")]
    [InlineData("pcm_s16le", "mov", "mov")]
    [InlineData("pcm_s24le", "mkv", "mkv")]
    [InlineData("ac3", "ts", "mp4")]
    public void Sound_packets_are_copied_byte_by_byte(string codec, string from, string to)
    {
        using ClipFolder folder = new();
        string input = folder[$"in.{from}"], output = folder[$"out.{to}"];
        FfmpegCommand.Run($"{Video} {Sound} -t 2 -c:v libx264 -preset ultrafast -c:a {codec} {input}");
        ConversionResult result = Converter.Run(input, output, Converter.Fast with { Encoder = to == "webm" ? null : "libx264", EncoderPreset = null });
        (double Time, string Hash)[] before = FrameHashes.OfPackets(input, "0:a"), after = FrameHashes.OfPackets(output, "0:a");
        Assert.Equal(before.Select(packet => packet.Hash), after.Select(packet => packet.Hash));
        Assert.Equal(before.Length, result.CopiedPackets);

        // Against the picture: containers may shift all streams together (codec delay, transport streams' start).
        double shift = VideoTimes.Of(output).Frames[0] - VideoTimes.Of(input).Frames[0];
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i].Time + shift, after[i].Time, 0.0015);
        }
    }

    /// <remarks>x264 holds 40 frames back and more: 100 seconds of slides, and libav's writers wait for ten.</remarks>
    [Theory]
    [InlineData("mkv", false)]
    [InlineData("ts", false)]
    [InlineData("flv", false)]
    [InlineData("mp4", true)]
    public void Sound_stands_beside_its_pictures_however_slowly_they_come(string extension, bool isSlowed)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run("-f lavfi -i testsrc2=size=64x48:rate=1/5:duration=160 -f lavfi -i sine=duration=220:sample_rate=8000 "
            + $"-map 0 -map 1 {(extension == "flv" ? "" : "-map 1")} -c:v libx264 -preset ultrafast -c:a aac {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder[$"out.{extension}"], new()
        {
            SceneCutDetection = false,
            Timing = isSlowed ? new() { SlowMotion = 2 } : new(),
        });

        double video = 0, ahead = 0, furthest = 0, apart = 0;
        Dictionary<int, double> sounds = [];
        JsonElement[] packets = [.. FfmpegCommand.Probe(folder[$"out.{extension}"], "-show_entries packet=codec_type,stream_index,dts_time")
            .GetProperty("packets").EnumerateArray()];
        // Of a transport stream the last two pictures are read at the file's end: nothing follows that would end them.
        int pictures = packets.Count(IsPicture) - 2;
        foreach (JsonElement packet in packets)
        {
            if (IsPicture(packet) && pictures-- <= 0)
            {
                continue;
            }

            if (!packet.TryGetProperty("dts_time", out JsonElement decoded))
            {
                continue; // Matroska does not say when the first pictures are decoded
            }

            double time = double.Parse(decoded.GetString()!, CultureInfo.InvariantCulture);
            if (IsPicture(packet))
            {
                (video, furthest) = (time, Math.Max(furthest, ahead)); // what follows the last picture is ahead of none
            }
            else
            {
                ahead = Math.Max(ahead, time - video);
                sounds[packet.GetProperty("stream_index").GetInt32()] = time;
                apart = Math.Max(apart, time - sounds.Values.Min());
            }
        }

        // Of 100: a frame lasts 2.5 seconds and is decoded two frames early.
        Assert.InRange(furthest, 0, 13);
        Assert.InRange(apart, 0, 5);

        static bool IsPicture(JsonElement packet) => packet.GetProperty("codec_type").GetString() == "video";
    }

    [Fact]
    public void A_rich_Matroska_file_keeps_everything()
    {
        using ClipFolder folder = new();
        File.WriteAllText(folder["a.srt"], "1\n00:00:00,200 --> 00:00:01,000\nGrüß Gott\n\n2\n00:00:01,200 --> 00:00:01,900\nEnde\n");
        File.WriteAllBytes(folder["font.ttf"], [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]);
        File.WriteAllText(folder["meta.txt"], Chapters);
        FfmpegCommand.Run(
            $"{Video} {Sound} -f lavfi -i sine=frequency=550 -i {folder["a.srt"]} -i {folder["meta.txt"]} -t 2 "
            + "-map 0 -map 1 -map 2 -map 3 -map 3 -map_metadata 4 -map_chapters 4 -c:v libx264 -preset ultrafast -c:a:0 aac -c:a:1 flac -c:s:0 "
            + "subrip -c:s:1 ass "
            + "-metadata:s:a:0 language=ger -metadata:s:a:0 title=Deutsch -metadata:s:a:1 language=eng -metadata:s:s:0 language=ger -metadata:s:v:0 title=Bild "
            + "-disposition:a:0 0 -disposition:a:1 default -disposition:s:0 forced "
            + $"-attach {folder["font.ttf"]} -metadata:s:t mimetype=font/ttf -metadata:s:t filename=font.ttf {folder["in.mkv"]}");
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"]);
        Assert.Empty(result.Messages);

        const string what = "-show_streams -show_chapters -show_format -show_entries "
            + "stream=index,codec_name,codec_type,extradata_size,width,height:stream_tags=language,title,filename,mimetype:stream_disposition:"
            + "chapter:chapter_tags:format_tags=title,artist,comment";
        Assert.Equal(Normalised(folder["in.mkv"], what), Normalised(folder["out.mkv"], what));
        foreach (string streams in (string[])["0:a:0", "0:a:1", "0:s:0", "0:s:1"])
        {
            (double Time, string Hash)[] before = FrameHashes.OfPackets(folder["in.mkv"], streams), after = FrameHashes.OfPackets(folder["out.mkv"], streams);
            Assert.NotEmpty(before);
            Assert.Equal(before, after);
        }

        FfmpegCommand.Text($"-y -dump_attachment:t:0 {folder["dumped.ttf"]} -i {folder["out.mkv"]} -f null -t 0 -");
        Assert.Equal(File.ReadAllBytes(folder["font.ttf"]), File.ReadAllBytes(folder["dumped.ttf"]));
    }

    [Fact]
    public void An_mp4_keeps_subtitles_chapters_title_rotation_and_pixel_shape()
    {
        using ClipFolder folder = new();
        File.WriteAllText(folder["a.srt"], "1\n00:00:00,200 --> 00:00:01,000\nHello\n\n");
        File.WriteAllText(folder["meta.txt"], Chapters);
        FfmpegCommand.Run(
            $"{Video} {Sound} -i {folder["a.srt"]} -i {folder["meta.txt"]} -t 2 -map 0 -map 1 -map 2 -map_metadata 3 -map_chapters 3 "
            + $"-vf setsar=4/3 -c:v libx264 -preset ultrafast -c:a aac -c:s mov_text -metadata:s:a language=fra {folder["flat.mp4"]}");
        FfmpegCommand.Run($"-i {folder["flat.mp4"]} -map 0 -map -0:d -c copy -metadata:s:v:0 rotate=90 {folder["in.mp4"]}");
        JsonElement before = FfmpegCommand.Probe(folder["in.mp4"], "-show_streams -show_chapters -show_format");
        if (!before.GetRawText().Contains("Display Matrix", StringComparison.Ordinal))
        {
            // From FFmpeg 6 on rotation is an option of the input.
            FfmpegCommand.Run($"-display_rotation:v:0 90 -i {folder["flat.mp4"]} -map 0 -map -0:d -c copy {folder["in.mp4"]}");
            before = FfmpegCommand.Probe(folder["in.mp4"], "-show_streams -show_chapters -show_format");
        }

        ConversionResult result = Converter.Run(folder["in.mp4"], folder["out.mp4"]);
        JsonElement after = FfmpegCommand.Probe(folder["out.mp4"], "-show_streams -show_chapters -show_format");

        Assert.Equal(ChapterList(before), ChapterList(after));
        Assert.Equal(2, ChapterList(after).Length);
        Assert.Equal("Der Titel", after.GetProperty("format").GetProperty("tags").GetProperty("title").GetString());
        JsonElement video = Stream(after, "video");
        Assert.Equal(Stream(before, "video").GetProperty("side_data_list").GetRawText(), video.GetProperty("side_data_list").GetRawText());
        Assert.Equal("4:3", video.GetProperty("sample_aspect_ratio").GetString());
        Assert.Equal("fra", Stream(after, "audio").GetProperty("tags").GetProperty("language").GetString());
        Assert.Equal("mov_text", Stream(after, "subtitle").GetProperty("codec_name").GetString());
        Assert.DoesNotContain(result.Messages, text => text.Contains("bin_data", StringComparison.Ordinal)); // the chapters' own list
    }

    [Theory]
    [InlineData("ts", false)]
    [InlineData("avi", false)]
    [InlineData("ogv", false)]
    [InlineData("mov", true)]
    [InlineData("asf", true)]
    [InlineData("3gp", true)]
    public void Chapters_and_marks_of_3D_are_kept_or_told_of(string extension, bool keepsChapters)
    {
        using ClipFolder folder = new();
        File.WriteAllText(
            folder["chapters.txt"],
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=one\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=800\ntitle=two\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=176x144:rate=25 -i {folder["chapters.txt"]} -map 0 -map_chapters 1 -frames:v 20 -c:v ffv1 "
            + $"-metadata:s:v stereo_mode=top_bottom {folder["in.mkv"]}");
        string? encoder = extension switch { "ogv" => "libtheora", "asf" => "wmv2", _ => null };
        ConversionOptions options = encoder is null ? Converter.Fast : Converter.Fast with { Encoder = encoder, EncoderPreset = null };
        ConversionResult result = Converter.RunVerified(folder["in.mkv"], folder[$"out.{extension}"], options);
        Assert.Equal(keepsChapters ? 2 : 0, ChapterList(FfmpegCommand.Probe(folder[$"out.{extension}"], "-show_chapters")).Length);
        Assert.Equal(!keepsChapters, result.Messages.Any(text => text.StartsWith("The chapters (2) are dropped: ", StringComparison.Ordinal)));
        Assert.Contains(result.Messages, text => text.StartsWith("What tells players that the video is 3D is dropped: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("m4v", "mjpeg")]
    [InlineData("mkv", "png")]
    public void Cover_pictures_stay(string extension, string codec)
    {
        using ClipFolder folder = new();
        string picture = folder[codec == "png" ? "cover.png" : "cover.jpg"], input = folder[$"in.{extension}"], output = folder[$"out.{extension}"];
        FfmpegCommand.Run($"-f lavfi -i testsrc=size=64x64 -frames:v 1 -c:v {codec} -f image2 {picture}");
        string attach = extension == "mkv"
            ? $"-map 0 -attach {picture} -metadata:s:t mimetype=image/png -metadata:s:t filename=cover.png"
            : $"-i {picture} -map 0 -map 1 -c:v:1 copy -disposition:v:1 attached_pic -f mp4";
        FfmpegCommand.Run($"{Video} {attach} -t 1 -c:v:0 libx264 -preset ultrafast {input}");
        Converter.Run(input, output, Converter.Fast with { Container = extension == "m4v" ? "mp4" : null });
        JsonElement[] covers = [.. FfmpegCommand.Probe(output, "-show_streams").GetProperty("streams").EnumerateArray()
            .Where(stream => stream.GetProperty("disposition").GetProperty("attached_pic").GetInt32() == 1)];
        JsonElement cover = Assert.Single(covers);
        Assert.Equal(codec, cover.GetProperty("codec_name").GetString());
        Assert.Equal(FrameHashes.OfPackets(input, "0:v:1").Select(p => p.Hash), FrameHashes.OfPackets(output, "0:v:1").Select(p => p.Hash));
    }

    [Fact]
    public void HDR_data_and_colour_tags_stay()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Require();
        FfmpegCommand.RequireEncoder("libx265");
        FfmpegCommand.Run(
            $"{Video} -frames:v 4 -vf format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv -c:v "
            + $"libx265 -preset ultrafast "
            + "-x265-params log-level=none:hdr10=1:repeat-headers=1:"
            + "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400 "
            + folder["in.mkv"]);
        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Fast with { Encoder = "libx265" });
        Assert.Equal("yuv420p10le", result.PixelFormat);
        JsonElement stream = FfmpegCommand.Probe(folder["out.mkv"], "-show_streams").GetProperty("streams")[0];
        Assert.Equal("smpte2084", stream.GetProperty("color_transfer").GetString());
        Assert.Equal("bt2020", stream.GetProperty("color_primaries").GetString());
        Assert.Equal("bt2020nc", stream.GetProperty("color_space").GetString());
        const string frames = "-select_streams v -show_frames -show_entries frame=side_data_list";
        string before = FfmpegCommand.Probe(folder["in.mkv"], frames).GetProperty("frames")[0].GetProperty("side_data_list").GetRawText();
        JsonElement[] after = [.. FfmpegCommand.Probe(folder["out.mkv"], frames).GetProperty("frames").EnumerateArray()];
        Assert.Contains("Mastering", before, StringComparison.Ordinal);
        Assert.Contains("light level", before, StringComparison.Ordinal);
        Assert.Equal(8, after.Length);
        Assert.All(after, frame => Assert.Contains("1000", frame.GetProperty("side_data_list").GetRawText(), StringComparison.Ordinal));
        Assert.Contains("Mastering", after[0].GetProperty("side_data_list").GetRawText(), StringComparison.Ordinal);
    }

    /// <remarks>ffmpeg makes them of Blu-ray subtitles: each lasts 2³² − 1 ms.</remarks>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void DVD_subtitles_without_an_end_are_shown_until_the_next(int slowness)
    {
        using ClipFolder folder = new();
        File.WriteAllBytes(folder["a.sup"], [.. DiscSubtitle.Shown(200), .. DiscSubtitle.Shown(800)]);
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 -i {folder["a.sup"]} -t 2 -map 0 -map 1 -c:v libx264 -preset ultrafast -c:s dvdsub {folder["in.mkv"]}");

        ConversionOptions options = Converter.Fast with { Timing = new() { SlowMotion = slowness == 1 ? null : slowness } };
        ConversionResult result = Converter.RunVerified(folder["in.mkv"], folder["out.mp4"], options);

        Assert.Contains(
            "2 subtitles last for ever in the input, which mp4 cannot say: each is shown until the next one, and the last for 5 s.", result.Messages);
        JsonElement[] packets =
        [
            .. FfmpegCommand.Probe(folder["out.mp4"], "-select_streams s -show_entries packet=pts_time,duration_time").GetProperty("packets").EnumerateArray(),
        ];
        Assert.Equal(2, packets.Length);
        double[] times = [.. packets.Select(packet => Number(packet, "pts_time"))];
        Assert.Equal(0.6 * slowness, times[1] - times[0], 0.002);
        Assert.Equal([0.6 * slowness, 5], packets.Select(packet => Math.Round(Number(packet, "duration_time"), 3)));
    }

    [Fact]
    public void A_stream_that_does_not_fit_is_refused_or_dropped_on_request()
    {
        using ClipFolder folder = new();
        File.WriteAllBytes(folder["a.sup"], [.. DiscSubtitle.Shown(200), .. DiscSubtitle.Empty(800)]);
        FfmpegCommand.Run(
            $"{Video} -i {folder["a.sup"]} -t 1 -map 0 -map 1 -c:v libx264 -preset ultrafast -c:s copy -metadata:s:s language=eng {folder["in.mkv"]}");
        MediaException refusal = Assert.Throws<MediaException>(() => Converter.Run(folder["in.mkv"], folder["out.mp4"]));
        Assert.Contains("mp4 does not support stream 1 (subtitle hdmv_pgs_subtitle, eng)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(".mkv", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["a.sup", "in.mkv"], folder.Names);

        ConversionResult result = Converter.Run(folder["in.mkv"], folder["out.mp4"], Converter.Fast with { DropUnsupportedStreams = true });
        Assert.Equal(["Stream 1 (subtitle hdmv_pgs_subtitle, eng) is dropped: the container mp4 does not support it."], result.Messages);
    }

    private const string Chapters = ";FFMETADATA1\ntitle=Der Titel\nartist=Wer\ncomment=a=b\\;c\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=700\ntitle=Eins\n"
        + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=700\nEND=2000\ntitle=Zwei\n";

    private static (string? Start, string? End, string? Title)[] ChapterList(JsonElement probe) =>
    [
        .. probe.GetProperty("chapters").EnumerateArray().Select(chapter => (
            chapter.GetProperty("start_time").GetString(), chapter.GetProperty("end_time").GetString(),
            chapter.GetProperty("tags").GetProperty("title").GetString())),
    ];

    private static double Number(JsonElement packet, string name) => double.Parse(packet.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static JsonElement Stream(JsonElement probe, string type) =>
        probe.GetProperty("streams").EnumerateArray().First(stream => stream.GetProperty("codec_type").GetString() == type);

    // Names and numbers of the file itself, and the size of the new video's header, differ by right.
    private static string Normalised(string file, string what)
    {
        JsonElement all = FfmpegCommand.Probe(file, what);
        string text = all.GetProperty("streams").GetRawText() + all.GetProperty("chapters").GetRawText()
            + string.Join('\n', all.GetProperty("format").GetProperty("tags").EnumerateObject().Select(tag => tag.ToString()).Order());
        int at = text.IndexOf("\"extradata_size\"", StringComparison.Ordinal);
        return text.Remove(at, text.IndexOf('\n', at) - at);
    }
}
