using System.Buffers.Binary;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Animated pictures and other outputs that H.264 does not go into, with no encoder named.</summary>
public sealed class AnimationTests : IDisposable
{
    private const string Video = "-f lavfi -i testsrc2=size=160x120:rate=25:duration=0.4";

    private static readonly ConversionOptions Plain = new() { SceneCutDetection = false };

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gif", "gif", 8.0)]
    [InlineData("apng", "apng", 6.0)]
    [InlineData("ogv", "theora", 8.0)]
    public void The_default_encoder_fits_and_keeps_colours(string extension, string codec, double mostDifference)
    {
        FfmpegCommand.Run($"{Video} -c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv420p {_folder["in.mp4"]}");

        Converter.Run(_folder["in.mp4"], _folder[$"out.{extension}"], Plain);

        var probed = FfmpegCommand.Probe(_folder[$"out.{extension}"], "-show_entries stream=codec_name").GetProperty("streams")[0];
        Assert.Equal(codec, probed.GetProperty("codec_name").GetString());

        double[] times = [.. VideoTimes.Of(_folder[$"out.{extension}"]).Frames];

        // FFmpeg's writer of Ogg may drop a frame that repeats the one before, as the last of a clip does.
        Assert.InRange(times.Length, extension == "ogv" ? 19 : 20, 20);
        Assert.All(times, (time, i) => Assert.Equal(0.02 * i, time - times[0], 0.001));
        double[][] before = RawFrames.Read(_folder["in.mp4"], "rgb24", 10, wide: false);
        double[][] after = RawFrames.Read(_folder[$"out.{extension}"], "rgb24", times.Length, wide: false);
        for (int i = 0; i < 10; i++)
        {
            double difference = before[i].Zip(after[2 * i], (a, b) => Math.Abs(a - b)).Average();
            Assert.True(difference < mostDifference, $"frame {i}: {difference}");
        }
    }

    [Fact]
    public void The_pictures_of_a_GIF_stay_as_they_are_in_another()
    {
        FfmpegCommand.Run($"{Video} -vf 'split[a][b];[a]palettegen=max_colors=200[p];[b][p]paletteuse' {_folder["in.gif"]}");

        Converter.Run(_folder["in.gif"], _folder["out.gif"], Plain);

        string[] before = FrameHashes.OfVideo(_folder["in.gif"], "bgra"), after = FrameHashes.OfVideo(_folder["out.gif"], "bgra");
        Assert.Equal(10, before.Distinct().Count());
        Assert.Equal(before, after.Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public void What_is_transparent_in_a_GIF_stays_transparent()
    {
        FfmpegCommand.Run(
            "-f lavfi -i color=red@0.0:size=64x48:rate=10:duration=0.5,format=rgba -f lavfi -i testsrc2=size=16x16:rate=10:duration=0.5 "
            + $"-filter_complex '[0][1]overlay=x=n*4:y=10:format=rgb,split[a][b];[a]palettegen[p];[b][p]paletteuse' {_folder["in.gif"]}");

        Converter.Run(_folder["in.gif"], _folder["out.gif"], Plain);

        double[][] before = RawFrames.Read(_folder["in.gif"], "bgra", 5, wide: false), after = RawFrames.Read(_folder["out.gif"], "bgra", 10, wide: false);
        Assert.Contains(before[0], value => value == 0);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Opacities(before[i]), Opacities(after[2 * i]));
        }
    }

    [Fact]
    public void Every_frame_of_a_transparent_16_bit_video_can_be_read_from_an_APNG()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=10:duration=0.5 -vf format=yuva444p10,geq=lum=lum(X\\,Y):cb=cb(X\\,Y):cr=cr(X\\,Y)"
            + $":a=if(lt(N\\,2)\\,1023\\,16*X) -c:v prores_ks {_folder["in.mov"]}");

        Converter.Run(_folder["in.mov"], _folder["out.apng"], Plain);

        Assert.Equal(10, VideoTimes.Of(_folder["out.apng"]).Frames.Count);
        Assert.NotEmpty(RawFrames.Read(_folder["out.apng"], "rgba", 10, wide: false)[8].Where((value, i) => i % 4 == 3 && value is > 0 and < 255));
    }

    /// <remarks>Each frame has a palette of its own, in which nothing needs to be near to what stands there already.</remarks>
    [Fact]
    public void Behind_a_colourful_picture_in_a_GIF_a_white_one_is_white()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=128x96:rate=25:duration=1.1,drawbox=color=white:t=fill:enable='lt(mod(t\\,1)\\,0.081)' -c:v libx264 "
            + _folder["in.mp4"]);

        Converter.Run(_folder["in.mp4"], _folder["out.gif"], Plain);

        double[][] after = RawFrames.Read(_folder["out.gif"], "rgb24", 56, wide: false);
        Assert.All(after[50], value => Assert.InRange(value, 250, 255));
    }

    [Fact]
    public void An_animated_WebP_holds_every_frame()
    {
        FfmpegCommand.Run($"{Video} -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");

        Converter.Run(_folder["in.mp4"], _folder["out.webp"], Plain);

        (int times, int[] durations) = ReadWebP(_folder["out.webp"]);
        Assert.Equal(0, times);
        Assert.Equal(400, durations.Sum());
        Assert.Equal(20, durations[..^1].Distinct().Single());
    }

    [Theory]
    [InlineData("gif -loop -1", 1)]
    [InlineData("gif -loop 0", 0)]
    [InlineData("gif -loop 4", 5)]
    [InlineData("apng -plays 0", 0)]
    [InlineData("apng -plays 1", 1)]
    [InlineData("apng -plays 7", 7)]
    [InlineData("mp4", 0)]
    public void An_animation_is_shown_as_often_as_before(string input, int times)
    {
        string[] parts = input.Split(' ', 2);
        string from = _folder[$"in.{parts[0]}"];
        FfmpegCommand.Run($"{Video} -vf scale=32:24 {(parts.Length > 1 ? parts[1] : "")} {from}");

        foreach (string extension in (string[])["gif", "apng", "webp"])
        {
            Converter.Run(from, _folder[$"out.{extension}"], Plain);
        }

        Assert.Equal(times, ReadWebP(_folder["out.webp"]).Times);
        byte[] png = File.ReadAllBytes(_folder["out.apng"]), gif = File.ReadAllBytes(_folder["out.gif"]);
        Assert.Equal(times, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(png.AsSpan().IndexOf("acTL"u8) + 8)));
        int netscape = gif.AsSpan().IndexOf("NETSCAPE2.0"u8);
        Assert.Equal(times == 1, netscape < 0);
        if (netscape >= 0)
        {
            int more = BinaryPrimitives.ReadUInt16LittleEndian(gif.AsSpan(netscape + 13));
            Assert.Equal(times, more == 0 ? 0 : more + 1);
        }
    }

    [Theory]
    [InlineData("gif")]
    [InlineData("apng")]
    [InlineData("webp")]
    public void An_animated_picture_is_not_encoded_in_segments(string extension)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=32x24:rate=10:duration=2.4 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");
        FilterOptions options = new()
        {
            Interpolation = new() { Method = InterpolationMethod.Average },
            Conversion = Plain with { SegmentLength = 1 },
        };

        ConversionPlan plan = new VideoConverter(options).Plan(_folder["in.mp4"], _folder[$"out.{extension}"]);
        new VideoConverter(options).Convert(_folder["in.mp4"], _folder[$"out.{extension}"]);

        Assert.False(plan.Segments!.AreKept);
        Assert.Equal(
            48, extension == "webp" ? ReadWebP(_folder["out.webp"]).Durations.Sum() / 50 : FrameHashes.OfVideo(_folder[$"out.{extension}"]).Length);
    }

    [Fact]
    public void A_rate_that_browsers_do_not_play_in_GIF_is_told()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=32x24:rate=30:duration=0.2 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");

        ConversionResult result = Converter.Run(_folder["in.mp4"], _folder["out.gif"], Plain);
        ConversionResult slower = Converter.Run(_folder["in.mp4"], _folder["other.gif"], Plain with { Timing = new() { TargetRate = new(50, 1) } });

        Assert.Contains(result.Messages, message => message.Contains("60 frames per second play slowly there. --fps 50", StringComparison.Ordinal));
        Assert.DoesNotContain(slower.Messages, message => message.Contains("slowly", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mpg", "mpeg2video", "mpeg")]
    [InlineData("vob", "mpeg2video", "svcd")]
    [InlineData("wmv", "wmv2", "asf")]
    [InlineData("mxf", "mpeg2video", "mxf")]
    public void Containers_that_cannot_time_H264_get_an_encoder_that_fits_or_refuse(string extension, string codec, string container)
    {
        FfmpegCommand.Run($"{Video} -c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv420p {_folder["in.mp4"]}");

        Converter.Run(_folder["in.mp4"], _folder[$"out.{extension}"], Plain);
        var error = Assert.Throws<MediaException>(
            () => Converter.Run(_folder["in.mp4"], _folder[$"other.{extension}"], Plain with { Encoder = "libx264" }));

        var probed = FfmpegCommand.Probe(_folder[$"out.{extension}"], "-show_entries stream=codec_name").GetProperty("streams")[0];
        Assert.Equal(codec, probed.GetProperty("codec_name").GetString());
        double[] times = [.. VideoTimes.Of(_folder[$"out.{extension}"]).Frames];
        Assert.Equal(20, times.Length);
        Assert.All(times, (time, i) => Assert.Equal(0.02 * i, time - times[0], 0.001));
        double[][] before = RawFrames.Read(_folder["in.mp4"], "yuv420p", 10, wide: false);
        double[][] after = RawFrames.Read(_folder[$"out.{extension}"], "yuv420p", 20, wide: false);
        for (int i = 0; i < 10; i++)
        {
            double difference = before[i].Zip(after[2 * i], (a, b) => Math.Abs(a - b)).Average();
            Assert.True(difference < 4, $"frame {i}: {difference}");
        }

        Assert.Contains($"the container {container} does not support the encoder libx264", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<double> Opacities(double[] bgra) => bgra.Where((_, i) => i % 4 == 3);

    // How often the animation is shown, and the milliseconds of its frames.
    private static (int Times, int[] Durations) ReadWebP(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int times = -1;
        List<int> durations = [];
        for (int chunk = 12; chunk < file.Length;)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(chunk + 4));
            ReadOnlySpan<byte> kind = file.AsSpan(chunk, 4), data = file.AsSpan(chunk + 8, size);
            if (kind.SequenceEqual("ANIM"u8))
            {
                times = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
            }
            else if (kind.SequenceEqual("ANMF"u8))
            {
                durations.Add(data[12] | (data[13] << 8) | (data[14] << 16));
            }

            chunk += 8 + size + (size & 1);
        }

        return (times, [.. durations]);
    }
}
