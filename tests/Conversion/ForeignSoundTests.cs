using System.Buffers.Binary;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Sound and subtitles that containers do not hold, or hold only in ways of their own.</summary>
public sealed class ForeignSoundTests : IDisposable
{
    private const string Video = "-f lavfi -i testsrc2=size=96x64:rate=25";
    private const string Sound = "-f lavfi -i sine=frequency=330:sample_rate=48000";

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flac", "mkv", ".mkv")]
    [InlineData("libvorbis", "mkv", ".mkv")]
    [InlineData("pcm_s16le", "mov", ".mkv")]
    [InlineData("alac", "mov", ".mkv")]
    [InlineData("wmav2", "wmv", ".wmv")]
    public void A_transport_stream_refuses_sound_that_nothing_would_play_and_the_advice_helps(string sound, string from, string advised)
    {
        FfmpegCommand.Run($"{Video} {Sound} -t 0.4 -c:v libx264 -preset ultrafast -bf 0 -c:a {sound} {_folder[$"in.{from}"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder[$"in.{from}"], _folder["out.ts"]));
        ConversionResult dropped = Converter.Run(_folder[$"in.{from}"], _folder["out.ts"], Converter.Fast with { DropUnsupportedStreams = true });
        Converter.Run(_folder[$"in.{from}"], _folder[$"advised{advised}"], new() { SceneCutDetection = false });

        Assert.Contains("the container mpegts does not support stream 1 (audio ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Name the output {advised}, which does", error.Message, StringComparison.Ordinal);
        Assert.Contains(dropped.Messages, message => message.EndsWith("is dropped: the container mpegts does not support it."));
        Assert.Equal(["video"], Kinds("out.ts"));
        Assert.Equal(Hashes($"in.{from}", "0:a"), Hashes($"advised{advised}", "0:a"));
    }

    [Theory]
    [InlineData("pcm_s16le", "mov", true)]
    [InlineData("pcm_s16le", "avi", true)]
    [InlineData("aac", "avi", true)]
    [InlineData("aac", "mp4", false)]
    [InlineData("pcm_s16le", "mkv", false)]
    public void A_gap_that_the_container_cannot_keep_is_told(string codec, string extension, bool isLost)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -f lavfi -i sine=440:duration=4 -filter_complex [1]aselect=lt(t\\,0.5)+gt(t\\,3)[a] "
            + $"-map 0 -map [a] -c:v libx264 -preset ultrafast -c:a {codec} {folder["in.mkv"]}");

        ConversionResult result = Converter.Run(folder["in.mkv"], folder[$"out.{extension}"]);

        Assert.Equal(isLost, result.Messages.Any(message => message.StartsWith("The sound has gaps of 2.5 s in all", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_transport_stream_refuses_text_subtitles()
    {
        File.WriteAllText(_folder["a.srt"], "1\n00:00:00,100 --> 00:00:00,300\nGrüß Gott\n\n");
        FfmpegCommand.Run($"{Video} -i {_folder["a.srt"]} -t 0.4 -c:v libx264 -preset ultrafast -c:s subrip {_folder["in.mkv"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mkv"], _folder["out.ts"]));
        Converter.Run(_folder["in.mkv"], _folder["out.ts"], Converter.Fast with { DropUnsupportedStreams = true });

        Assert.Contains("the container mpegts does not support stream 1 (subtitle subrip). Name the output .mkv", error.Message, StringComparison.Ordinal);
        Assert.Equal(["video"], Kinds("out.ts"));
    }

    [Theory]
    [InlineData("mts")]
    [InlineData("m2ts")]
    public void Sound_and_subtitles_of_discs_are_copied_byte_by_byte(string extension)
    {
        File.WriteAllBytes(_folder["a.sup"], [.. DiscSubtitle.Empty(0), .. DiscSubtitle.Empty(400)]);
        FfmpegCommand.Run(
            $"{Video} {Sound} -i {_folder["a.sup"]} -map 0 -map 1 -map 2 -t 1 -c:v libx264 -preset ultrafast -ac 2 -c:a pcm_bluray -c:s copy "
            + _folder["in.m2ts"]);
        Assert.Equal(["video", "audio", "subtitle"], Kinds("in.m2ts"));

        Converter.Run(_folder["in.m2ts"], _folder[$"out.{extension}"]);

        Assert.Equal(["video", "audio", "subtitle"], Kinds($"out.{extension}"));
        Assert.Equal(Hashes("in.m2ts", "0:a"), Hashes($"out.{extension}", "0:a"));
        Assert.Equal(Hashes("in.m2ts", "0:s"), Hashes($"out.{extension}", "0:s"));

        // Packets of 192 bytes, as cameras and players of such discs have them.
        Assert.Equal(0x47, File.ReadAllBytes(_folder[$"out.{extension}"])[4 + 192]);
    }

    [Fact]
    public void Sound_of_discs_is_refused_elsewhere_with_a_name_that_works()
    {
        FfmpegCommand.Run($"{Video} {Sound} -t 0.4 -c:v libx264 -preset ultrafast -ac 2 -c:a pcm_bluray {_folder["in.m2ts"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.m2ts"], _folder["out.mkv"]));

        Assert.Contains("does not support stream 1 (audio pcm_bluray). Name the output .m2ts, which does", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkv", true)]
    [InlineData("avi", false)]
    [InlineData("wmv", false)]
    public void Windows_Media_sound_is_copied_byte_by_byte(string extension, bool isUnusual)
    {
        FfmpegCommand.Run($"{Video} {Sound} -t 1 -c:v wmv2 -c:a wmav2 {_folder["in.wmv"]}");

        ConversionResult result = Converter.Run(
            _folder["in.wmv"], _folder[$"out.{extension}"], new() { SceneCutDetection = false, Encoder = extension == "wmv" ? null : "mpeg4" });

        Assert.Equal(["video", "audio"], Kinds($"out.{extension}").Order().Reverse());
        Assert.Equal(Hashes("in.wmv", "0:a"), Hashes($"out.{extension}", "0:a"));
        Assert.Equal(
            FfmpegCommand.Text($"-i {_folder["in.wmv"]} -map 0:a -f md5 -"),
            FfmpegCommand.Text($"-i {_folder[$"out.{extension}"]} -map 0:a -f md5 -"));
        Assert.Equal(isUnusual, result.Messages.Any(message => message.Contains("has no name of its own for wmav2", StringComparison.Ordinal)));
    }

    [Fact]
    public void Windows_Media_sound_is_refused_where_no_reader_would_know_it()
    {
        FfmpegCommand.Run($"{Video} {Sound} -t 0.4 -c:v wmv2 -c:a wmav2 {_folder["in.wmv"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.wmv"], _folder["out.mov"]));
        Converter.Run(_folder["in.wmv"], _folder["out.mov"], Converter.Fast with { DropUnsupportedStreams = true });

        Assert.Contains("Name the output .wmv, which does", error.Message, StringComparison.Ordinal);
        Assert.Equal(["video"], Kinds("out.mov"));
    }

    [Theory]
    [InlineData("3gp")]
    [InlineData("mov")]
    [InlineData("mkv")]
    public void Speech_of_telephones_with_many_frames_in_a_packet_is_kept(string extension)
    {
        MakeTelephoneClip();
        string[] frames = Hashes("speech.amr", "0:a");
        Assert.Equal(50, frames.Length);
        Assert.Equal(5, Hashes("in.3gp", "0:a").Length);

        Converter.Run(_folder["in.3gp"], _folder[$"out.{extension}"]);

        Assert.Equal(frames, Hashes($"out.{extension}", "0:a"));
        double[] times = [.. FrameHashes.OfPackets(_folder[$"out.{extension}"], "0:a").Select(packet => packet.Time)];
        double start = VideoTimes.Of(_folder[$"out.{extension}"]).Frames[0];
        Assert.All(times, (time, i) => Assert.Equal(2 + (0.02 * i), time - start, 0.0015));
    }

    [Fact]
    public void Speech_is_refused_by_mp4_with_a_name_that_works()
    {
        MakeTelephoneClip();

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.3gp"], _folder["out.mp4"]));
        ConversionResult dropped = Converter.Run(_folder["in.3gp"], _folder["out.mp4"], Converter.Fast with { DropUnsupportedStreams = true });

        Assert.Contains("mp4 does not support stream 1 (audio amr_nb). Name the output .mov, which does", error.Message, StringComparison.Ordinal);
        Assert.Contains("Stream 1 (audio amr_nb) is dropped: the container mp4 does not support it.", dropped.Messages);
        Assert.Equal(["video"], Kinds("out.mp4"));
    }

    // ffmpeg's writer makes packets of one frame. Behind the video, all of them lie together, so that ten of them can be called one packet.
    private void MakeTelephoneClip()
    {
        Random random = new(1);
        byte[] speech = new byte[6 + (50 * 32)];
        random.NextBytes(speech);
        "#!AMR\n"u8.CopyTo(speech);
        for (int frame = 6; frame < speech.Length; frame += 32)
        {
            speech[frame] = 0x3c; // 12.2 kbit/s
        }

        File.WriteAllBytes(_folder["speech.amr"], speech);
        FfmpegCommand.Run($"{Video}:duration=1 -itsoffset 2 -i {_folder["speech.amr"]} -map 0 -map 1 -c:v mpeg4 -c:a copy {_folder["in.3gp"]}");
        byte[] file = File.ReadAllBytes(_folder["in.3gp"]);
        int track = file.AsSpan().IndexOf("samr"u8);
        int Table(ReadOnlySpan<byte> name) => track + file.AsSpan(track).IndexOf(name);
        void Write(int place, int value) => BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(place), value);
        int times = Table("stts"u8), chunks = Table("stsc"u8), sizes = Table("stsz"u8);
        Assert.Equal((1, 50), (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(chunks + 8)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(chunks + 16))));
        Write(times + 12, 5);
        Write(times + 16, 1600);
        Write(chunks + 16, 5);
        Write(sizes + 8, 320);
        Write(sizes + 12, 5);
        File.WriteAllBytes(_folder["in.3gp"], file);
    }

    private string[] Hashes(string file, string streams) => [.. FrameHashes.OfPackets(_folder[file], streams).Select(packet => packet.Hash)];

    private string[] Kinds(string file) =>
        [.. FfmpegCommand.Probe(_folder[file], "-show_entries stream=codec_type").GetProperty("streams").EnumerateArray()
            .Select(stream => stream.GetProperty("codec_type").GetString()!)];
}
