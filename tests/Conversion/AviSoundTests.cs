using System.Globalization;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>AVI knows no times of sound: what it counts instead must come to the same.</summary>
public sealed class AviSoundTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("aac", 48000, "avi")]
    [InlineData("aac", 22050, "mkv")]
    [InlineData("aac", 48000, "ts")]
    [InlineData("ac3", 48000, "avi")]
    [InlineData("ac3", 44100, "ts")]
    [InlineData("mp2", 44100, "avi")]
    [InlineData("libmp3lame", 22050, "ts")]
    [InlineData("flac", 44100, "avi")]
    [InlineData("adpcm_ms", 44100, "avi")]
    [InlineData("adpcm_ima_wav", 44100, "mkv")]
    [InlineData("wmav2", 44100, "mkv")]
    [InlineData("pcm_s16le", 44100, "mkv")]
    public void Copied_sound_lasts_as_long_as_it_did(string codec, int rate, string from)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=440:duration=2:sample_rate={rate} "
            + $"-c:v mpeg4 -c:a {codec} {_folder[$"in.{from}"]}");

        Converter.RunVerified(_folder[$"in.{from}"], _folder["out.avi"]);

        Assert.Equal(Packets($"in.{from}").Count, Packets("out.avi").Count);
        Assert.Equal(Lasted($"in.{from}"), Lasted("out.avi"), 0.02);
    }

    [Theory]
    [InlineData("libvorbis", "vorbis")]
    [InlineData("eac3", "eac3")]
    [InlineData("dca -strict -2", "dts")]
    public void Sound_that_it_cannot_time_is_refused_with_a_name_that_works(string encoder, string codec)
    {
        FfmpegCommand.Run("-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4 -f lavfi -i sine=440:duration=0.4:sample_rate=48000 "
            + $"-ac 2 -c:v mpeg4 -c:a {encoder} {_folder["in.mkv"]}");

        var error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mkv"], _folder["out.avi"]));

        Assert.Contains($"the container avi does not support stream 1 (audio {codec}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Name the output .mkv, which does", error.Message, StringComparison.Ordinal);
    }

    private double Lasted(string name) => Packets(name) is var times ? times[^1] - times[0] : 0;

    private List<double> Packets(string name) => [.. FfmpegCommand.Probe(_folder[name], "-select_streams a:0 -show_entries packet=dts_time")
        .GetProperty("packets").EnumerateArray().Select(packet => double.Parse(packet.GetProperty("dts_time").GetString()!, CultureInfo.InvariantCulture))];
}
