using System.Text.Json;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using FFmpeg.AutoGen;
using Xunit;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Tests;

/// <summary>What containers are said to hold, beside what the commands ffmpeg and ffprobe write and read back.</summary>
public sealed unsafe class ContainerSupportTests(ContainerSupportTests.SourceFiles sources) : IClassFixture<ContainerSupportTests.SourceFiles>, IDisposable
{
    // Coding, the container of its own file, and how it is made of a tone of 48 kHz in stereo; subtitles are made of words.
    private static readonly (string Codec, string Extension, string Encoding)[] Sources =
    [
        ("aac", "mp4", "-c:a aac"), ("mp2", "mp2", "-c:a mp2"), ("mp3", "mp3", "-c:a libmp3lame"), ("ac3", "ac3", "-c:a ac3"),
        ("eac3", "eac3", "-c:a eac3"), ("dts", "dts", "-c:a dca -strict -2"), ("truehd", "mkv", "-c:a truehd -strict -2"),
        ("flac", "mkv", "-c:a flac"), ("alac", "mov", "-c:a alac"), ("vorbis", "mkv", "-c:a libvorbis"), ("opus", "mkv", "-c:a libopus"),
        ("wmav2", "wma", "-c:a wmav2"), ("pcm_s16le", "mkv", "-c:a pcm_s16le"), ("pcm_s16be", "mov", "-c:a pcm_s16be"),
        ("pcm_bluray", "m2ts", "-c:a pcm_bluray"), ("pcm_dvd", "vob", "-c:a pcm_dvd"), ("s302m", "ts", "-c:a s302m -strict -2"),
        ("adpcm_ms", "avi", "-c:a adpcm_ms"), ("speex", "ogg", "-ar 16000 -ac 1 -c:a libspeex"), ("adpcm_ima_qt", "mov", "-c:a adpcm_ima_qt"),
        ("subrip", "mkv", "-c:s subrip"), ("ass", "mkv", "-c:s ass"), ("mov_text", "mp4", "-c:s mov_text"),
    ];

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ts", "libx264")]
    [InlineData("mts", "libx264")]
    [InlineData("mpg", "mpeg2video")]
    [InlineData("vob", "mpeg2video")]
    [InlineData("mxf", "mpeg2video")]
    [InlineData("ogv", "libtheora")]
    [InlineData("mov", "mpeg4")]
    [InlineData("mp4", "mpeg4")]
    [InlineData("3gp", "mpeg4")]
    [InlineData("avi", "mpeg4")]
    [InlineData("wmv", "wmv2")]
    [InlineData("flv", "flv")]
    [InlineData("nut", "mpeg4")]
    [InlineData("mkv", "mpeg4")]
    [InlineData("webm", "libvpx")]
    public void What_a_container_is_said_to_hold_is_what_can_be_read_back(string extension, string encoder)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x240:rate=25:duration=0.4 -c:v {encoder} -bf 0 -b:v 1M {_folder["video.mkv"]}");
        Assert.All(Sources, source =>
        {
            string file = sources.Of(source.Codec);
            bool readsBack = ReadsBack(file, source.Codec, extension);
            bool isHeld = IsHeld(file, extension);

            // Vorbis goes into QuickTime under a number of AVI's, which only FFmpeg knows, and not from every input. AVI gives these the wrong times.
            bool isLost = (extension, source.Codec) is ("mov", "vorbis") or ("avi", "vorbis" or "eac3" or "dts" or "speex");
            Assert.True(isHeld == readsBack || (isLost && !isHeld), $"{source.Codec}: held {isHeld}, read back {readsBack}");
        });
    }

    /// <summary>A file of each coding.</summary>
    public sealed class SourceFiles : IDisposable
    {
        private readonly ClipFolder _folder = new();

        public SourceFiles()
        {
            File.WriteAllText(_folder["words.srt"], "1\n00:00:00,000 --> 00:00:00,200\nHello\n\n");
            foreach ((string codec, string extension, string encoding) in Sources)
            {
                bool isSubtitle = encoding.StartsWith("-c:s", StringComparison.Ordinal);
                FfmpegCommand.Run(
                    $"{(isSubtitle ? $"-i {_folder["words.srt"]}" : "-f lavfi -i sine=r=48000:d=1 -ac 2")} {encoding} {_folder[$"{codec}.{extension}"]}");
            }
        }

        public void Dispose() => _folder.Dispose();

        internal string Of(string codec) => _folder[$"{codec}.{Array.Find(Sources, source => source.Codec == codec).Extension}"];
    }

    private static bool IsHeld(string file, string extension)
    {
        string output = $"out.{extension}";
        LibavLog.Install();
        AVOutputFormat* format = av_guess_format(null, output, null);
        using OptionDictionary options = new();
        using InputContext input = InputContext.TryOpen($"file:{file}", null, options, _ => 0, null, "Opening", file, out int result)!;
        Assert.True(result >= 0, LibavError.Words(result));
        Assert.True(avformat_find_stream_info(input.Pointer, null) >= 0);
        AVStream* stream = input.Pointer->streams[0];
        return ContainerSupport.Of(format, stream->codecpar->codec_id, output) != Support.None
            && ContainerSupport.TakesHeader(format, stream, output);
    }

    private bool ReadsBack(string file, string codec, string extension)
    {
        // AVCHD's files, which libav tells from other transport streams only by Blu-ray's extension.
        string output = _folder[$"out.{extension}"], discs = extension == "mts" ? "-mpegts_m2ts_mode 1" : "";
        if (!FfmpegCommand.Succeeds($"-i {_folder["video.mkv"]} -i {file} -map 0 -map 1 -c copy -strict -2 {discs} {output}"))
        {
            return false;
        }

        JsonElement? found = FfmpegCommand.TryProbe(output, "-count_packets -show_entries stream=codec_name,codec_type,nb_read_packets");
        return found is { } probed && probed.GetProperty("streams").EnumerateArray().Any(stream => stream.TryGetProperty("codec_name", out JsonElement name)
            && AreAlike(name.GetString()!, codec) && int.Parse(stream.GetProperty("nb_read_packets").GetString()!) > 0);
    }

    // mp4 has one name for both, and their decoders are one.
    private static bool AreAlike(string found, string wanted) => found == wanted || (found is "mp2" or "mp3" && wanted is "mp2" or "mp3");
}
