using System.Diagnostics;
using System.Text.Json;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Files as cameras, broadcasts and other programs write them, each once converted wrongly or refused.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const string Video = "-f lavfi -i testsrc2=size=96x64:rate=25";
    private const string Sound = "-f lavfi -i sine=frequency=330:sample_rate=48000";

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("libx264", "mp4", "avc1")]
    [InlineData("libx265", "mp4", "hvc1")]
    [InlineData("libx265", "mov", "hvc1")]
    [InlineData("libsvtav1", "mp4", "av01")]
    [InlineData("libvpx-vp9", "mp4", "vp09")]
    [InlineData("prores_ks", "mov", "apch")]
    [InlineData("mpeg4", "mp4", "mp4v")]
    public void Video_is_tagged_as_players_want_it(string encoder, string extension, string tag)
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");

        Converter.Run(_folder["in.mp4"], _folder[$"out.{extension}"], new() { Encoder = encoder, SceneCutDetection = false });

        Assert.Equal(tag, Stream($"out.{extension}", "v:0", "codec_tag_string"));
    }

    [Theory]
    [InlineData("libx265 -x265-params log-level=none", "mp4", "yuv420p10le", "mp4", "hevc", "yuv420p10le")]
    [InlineData("libx265 -x265-params log-level=none", "mkv", "yuv420p10le", "ts", "hevc", "yuv420p10le")]
    [InlineData("libx265 -x265-params log-level=none", "mp4", "yuv420p", "mp4", "h264", "yuv420p")]
    [InlineData("libvpx-vp9 -deadline realtime -cpu-used 8", "webm", "yuv420p10le", "mkv", "hevc", "yuv420p10le")]
    [InlineData("libvpx-vp9 -deadline realtime -cpu-used 8", "webm", "yuv420p10le", "webm", "vp9", "yuv420p10le")]
    [InlineData("prores_ks", "mov", "yuv422p10le", "mov", "hevc", "yuv422p10le")]
    [InlineData("libx264", "mp4", "yuv420p10le", "mp4", "h264", "yuv420p10le")]
    public void Ten_bits_are_kept_in_a_coding_that_players_know_them_of(string encoding, string from, string format, string to, string codec, string written)
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v {encoding} -pix_fmt {format} {_folder[$"in.{from}"]}");

        ConversionResult result = Converter.Run(
            _folder[$"in.{from}"], _folder[$"out.{to}"], new() { EncoderPreset = to == "webm" ? "8" : "ultrafast", SceneCutDetection = false });

        Assert.Equal((codec, written), (Stream($"out.{to}", "v:0", "codec_name"), Stream($"out.{to}", "v:0", "pix_fmt")));
        Assert.Equal(20, FrameHashes.OfVideo(_folder[$"out.{to}"]).Length);
        Assert.Empty(result.Messages);
    }

    [Fact]
    public void Copied_HEVC_is_tagged_alike()
    {
        FfmpegCommand.Run($"{Video} {Video} -map 0 -map 1 -t 0.4 -c:v:0 libx264 -c:v:1 libx265 -x265-params log-level=none {_folder["in.mkv"]}");

        Converter.Run(_folder["in.mkv"], _folder["out.mp4"]);

        Assert.Equal("hvc1", Stream("out.mp4", "v:1", "codec_tag_string"));
    }

    [Theory]
    [InlineData("-c:v ffv1", "mkv", "mkv")]
    [InlineData("-c:v ffv1", "mkv", "mp4")]
    [InlineData("-c:v prores", "mov", "mov")]
    [InlineData("-c:v libvpx-vp9 -deadline realtime -cpu-used 8", "webm", "mkv")]
    public void The_pixel_shape_of_the_container_is_kept(string encoding, string from, string to)
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -vf scale=96:72 {encoding} -aspect 16:9 {_folder[$"in.{from}"]}");
        Assert.Equal("16:9", Stream($"in.{from}", "v:0", "display_aspect_ratio"));

        Converter.Run(_folder[$"in.{from}"], _folder[$"out.{to}"]);

        Assert.Equal("16:9", Stream($"out.{to}", "v:0", "display_aspect_ratio"));
    }

    [Fact]
    public void The_containers_pixel_shape_wins_over_the_coded_one()
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v libx264 -preset ultrafast -aspect 4:3 {_folder["coded.mp4"]}");
        FfmpegCommand.Run($"-i {_folder["coded.mp4"]} -c copy -aspect 16:9 {_folder["in.mkv"]}");

        Converter.Run(_folder["in.mkv"], _folder["out.mp4"]);

        Assert.Equal("16:9", Stream("out.mp4", "v:0", "display_aspect_ratio"));
    }

    [Theory]
    [InlineData("libvpx-vp9", 2)]
    [InlineData("libvpx-vp9", 4)]
    [InlineData("libaom-av1", 2)]
    [InlineData("libsvtav1", 2)]
    [InlineData("libx264", 8)]
    public void Clocks_that_count_nanoseconds_are_encoded_by_every_encoder(string encoder, int factor)
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=25,settb=1/1000000000 -t 0.4 -vsync passthrough -enc_time_base 1/1000000000 -c:v libx264 -preset "
            + "ultrafast -bf 0 "
            + $"-video_track_timescale 1000000000 {_folder["in.mp4"]}");
        Assert.Equal("1/1000000000", Stream("in.mp4", "v:0", "time_base"));

        Converter.Run(
            _folder["in.mp4"],
            _folder["out.mkv"],
            new()
            {
                Encoder = encoder,
                EncoderPreset = encoder.StartsWith("libvpx") || encoder == "libaom-av1" ? "8" : null,
                SceneCutDetection = false,
                Timing = new() { Factor = factor }
            });

        double[] times = [.. VideoTimes.Of(_folder["out.mkv"]).Frames];
        Assert.Equal(10 * factor, times.Length);
        Assert.All(times, (time, i) => Assert.Equal(i * 0.04 / factor, time, 0.0011));
    }

    [Fact]
    public void A_time_code_track_that_lies_beyond_the_end_of_the_file_does_not_end_the_reading()
    {
        FfmpegCommand.Run($"{Video} {Sound} -t 2 -c:v libx264 -preset ultrafast -c:a aac -timecode 10:11:12:13 {_folder["in.mov"]}");
        byte[] bytes = File.ReadAllBytes(_folder["in.mov"]);
        MoveChunks(bytes, "tmcd"u8, bytes.Length + 1000);
        File.WriteAllBytes(_folder["in.mov"], bytes);

        ConversionResult result = Converter.Run(_folder["in.mov"], _folder["out.mov"]);

        Assert.Equal(50, result.FramesIn);
        Assert.Equal(100, FrameHashes.OfVideo(_folder["out.mov"]).Length);
    }

    [Fact]
    public void A_dropped_stream_whose_packets_are_beyond_the_end_of_the_file_does_not_end_the_reading()
    {
        File.WriteAllText(_folder["a.srt"], "1\n00:00:01,000 --> 00:00:01,500\nGrüß Gott\n\n");
        FfmpegCommand.Run($"{Video} -i {_folder["a.srt"]} -t 2 -c:v libx264 -preset ultrafast -c:s mov_text {_folder["in.mov"]}");
        byte[] bytes = File.ReadAllBytes(_folder["in.mov"]);
        MoveChunks(bytes, "text"u8, bytes.Length + 1000);
        File.WriteAllBytes(_folder["in.mov"], bytes);

        ConversionResult result = Converter.Run(_folder["in.mov"], _folder["out.ts"], Converter.Fast with { DropUnsupportedStreams = true });

        Assert.Equal(50, result.FramesIn);
    }

    [Fact]
    public void A_transport_stream_whose_ids_clash_with_the_writers_own_is_converted()
    {
        FfmpegCommand.Run(
            $"{Video} {Sound} -t 0.4 -c:v libx264 -preset ultrafast -c:a aac -streamid 0:4096 -streamid 1:300 -mpegts_pmt_start_pid 500 {_folder["in.ts"]}");
        FfmpegCommand.Run($"{Video} {Sound} -t 0.4 -c:v libx264 -preset ultrafast -c:a aac -streamid 0:256 -streamid 1:300 {_folder["plain.ts"]}");

        Converter.Run(_folder["in.ts"], _folder["out.ts"]);
        Converter.Run(_folder["plain.ts"], _folder["kept.ts"]);
        Converter.Run(_folder["plain.ts"], _folder["disc.m2ts"]);

        Assert.Equal(2, FfmpegCommand.Probe(_folder["out.ts"], "-show_streams").GetProperty("streams").GetArrayLength());
        Assert.Equal(("0x100", "0x12c"), (Stream("kept.ts", "v:0", "id"), Stream("kept.ts", "a:0", "id")));
        Assert.Equal(2, FfmpegCommand.Probe(_folder["disc.m2ts"], "-show_streams").GetProperty("streams").GetArrayLength());
    }

    [Theory]
    [InlineData("ts")]
    [InlineData("mkv")]
    [InlineData("mp4")]
    public void Sound_that_is_announced_and_carries_nothing_is_dropped_with_a_message(string to)
    {
        FfmpegCommand.Run(
            $"{Video} {Sound} -map 0 -map 1 -map 1 -t 1 -c:v libx264 -preset ultrafast -c:a aac -filter:a:1 atrim=end_sample=0 {_folder["in.ts"]}");

        ConversionResult result = Converter.Run(_folder["in.ts"], _folder[$"out.{to}"]);

        Assert.Contains(result.Messages, message => message.StartsWith("Stream 2 (") && message.EndsWith("is dropped: it holds no sound."));
        Assert.Equal(2, FfmpegCommand.Probe(_folder[$"out.{to}"], "-show_streams").GetProperty("streams").GetArrayLength());
    }

    [Theory]
    [InlineData("out.m3u8", "hls")]
    [InlineData("out.mpd", "dash")]
    public void Playlists_are_refused_before_anything_is_written(string output, string name)
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mp4"], _folder[output]));

        Assert.Contains($"{name} is not one file but a playlist", error.Message, StringComparison.Ordinal);
        Assert.Contains("Name a .mp4 or .mkv", error.Message, StringComparison.Ordinal);
        Assert.Equal(["in.mp4"], _folder.Names);
    }

    [Fact]
    public void The_longest_names_that_systems_take_are_written_and_longer_ones_refused_at_once()
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");
        string longest = new('x', 251), umlauts = new('ü', 125);

        Converter.Run(_folder["in.mp4"], _folder[$"{longest}.mkv"]);
        Converter.Run(_folder["in.mp4"], _folder[$"{umlauts}.mkv"]);
        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mp4"], _folder[$"{longest}x.mkv"]));

        Assert.Equal(["in.mp4", $"{longest}.mkv", $"{umlauts}.mkv"], _folder.Names);
        Assert.Contains("its name is longer than systems take (255 bytes)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_not_UTF8_are_refused_for_what_they_are()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Names are Unicode there.");
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");
        string made = $"\"$(printf '{_folder.Path}/b\\377d.mp4')\"";
        Shell($"cp '{_folder["in.mp4"]}' {made}");
        string given = _folder["b\uFFFDd.mp4"];
        Assert.Contains(Path.GetFileName(given), _folder.Names);

        var input = Assert.Throws<MediaException>(() => Converter.Run(given, _folder["out.mkv"]));
        var output = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mp4"], _folder["o\uFFFDt.mkv"]));

        Assert.Contains("its name is not UTF-8, and only such names can be opened. Rename the file.", input.Message, StringComparison.Ordinal);
        Assert.Contains("its name is not UTF-8", output.Message, StringComparison.Ordinal);
        Assert.Equal(2, _folder.Names.Length);
        Shell($"rm {made}");
    }

    private static void Shell(string command)
    {
        using Process shell = Process.Start("sh", ["-c", command]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    // Writes another place into the chunk offsets of the track with that sample entry.
    private static void MoveChunks(byte[] file, ReadOnlySpan<byte> sampleEntry, int place)
    {
        int stsd = file.AsSpan().IndexOf("stsd"u8);
        while (!file.AsSpan(stsd + 16, 4).SequenceEqual(sampleEntry))
        {
            int next = file.AsSpan(stsd + 1).IndexOf("stsd"u8);
            Assert.True(next >= 0, "there is no such track");
            stsd += 1 + next;
        }

        int stco = stsd + file.AsSpan(stsd).IndexOf("stco"u8);
        int count = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(stco + 8));
        Assert.InRange(count, 1, 10);
        for (int i = 0; i < count; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(stco + 12 + (4 * i)), place);
        }
    }

    private string Stream(string file, string stream, string entry)
    {
        JsonElement found = FfmpegCommand.Probe(_folder[file], $"-select_streams {stream} -show_entries stream={entry}").GetProperty("streams")[0];
        return found.GetProperty(entry).GetString()!;
    }
}
