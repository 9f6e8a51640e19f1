using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Clips in which a bar moves by 4 pixels from field to field, over a grey ground.</summary>
public class InterlacedTests
{
    private const string Fields = "-f lavfi -i color=gray:size=192x96:rate=50,format={0},geq=lum=if(between(X\\,4*N\\,4*N+15)\\,235\\,60):cb=128:cr=128 "
        + "-vf tinterlace=interleave_top,setfield=tff -frames:v 12 ";

    [Theory]
    [InlineData("in.mp4", "yuv420p", "-c:v libx264 -qp 0 -flags +ildct+ilme -x264opts tff=1 -preset ultrafast", "yuv420p")]
    [InlineData("in.mpg", "yuv420p", "-c:v mpeg2video -q:v 1 -flags +ildct+ilme -field_order tt", "yuv420p")]
    [InlineData("in.mov", "yuv422p10le", "-c:v prores_ks -flags +ildct", "yuv422p10le")]
    public void On_request_each_frame_becomes_one_whole_picture_at_its_own_time(string name, string format, string arguments, string expected)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Source(format)} {arguments} {folder[name]}");
        ConversionResult result = Converter.Run(folder[name], folder["out.mkv"], Converter.Lossless with { Interlaced = InterlacedHandling.Frames });
        Assert.Equal(["The video is interlaced; each frame is deinterlaced to one picture (bwdif)."], result.Messages);
        Assert.Equal(expected, result.PixelFormat);
        Assert.Equal(12, result.FramesIn);
        Assert.Equal(24, result.FramesOut);
        IReadOnlyList<double> before = VideoTimes.Of(folder[name]).Frames, after = VideoTimes.Of(folder["out.mkv"]).Frames;
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(before[i] - before[0], after[2 * i] - after[0], 0.0011);
        }

        Assert.InRange(Combing(folder["out.mkv"], 24, every: 2), 0, 6);
    }

    [Fact]
    public void As_it_is_what_moves_stays_combed()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Source("yuv420p")} -c:v libx264 -qp 0 -flags +ildct+ilme -x264opts tff=1 -preset ultrafast {folder["in.mp4"]}");
        ConversionResult result = Converter.Run(folder["in.mp4"], folder["out.mkv"], Converter.Lossless with { Interlaced = InterlacedHandling.Ignore });
        Assert.Contains("combing stays", Assert.Single(result.Messages), StringComparison.Ordinal);
        Assert.InRange(Combing(folder["out.mkv"], 24, every: 2), 20, 255);
        Assert.Equal(FrameHashes.OfVideo(folder["in.mp4"]), FrameHashes.OfVideo(folder["out.mkv"]).Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public void On_request_it_is_refused()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"{Source("yuv420p")} -c:v libx264 -qp 0 -flags +ildct+ilme -x264opts tff=1 -preset ultrafast {folder["in.mp4"]}");
        MediaException refusal = Assert.Throws<MediaException>(
            () => Converter.Run(folder["in.mp4"], folder["out.mp4"], Converter.Fast with { Interlaced = InterlacedHandling.Refuse }));
        Assert.Contains("the video is interlaced", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["in.mp4"], folder.Names);
    }

    private static string Source(string format) => Fields.Replace("{0}", format == "yuv420p" ? "yuv420p" : "yuv422p");

    // How much rows differ from the mean of both neighbours where the bar's edge runs, in codes of 8 bits; the mean over the frames.
    private static double Combing(string file, int count, int every)
    {
        double[][] frames = RawFrames.Read(file, "gray", count, wide: false);
        double worst = 0;
        for (int frame = every; frame + every < count - every; frame += every)
        {
            double sum = 0;
            for (int y = 9; y < 87; y++)
            {
                for (int x = 0; x < 192; x++)
                {
                    double[] p = frames[frame];
                    sum += Math.Abs(p[(y * 192) + x] - ((p[((y - 1) * 192) + x] + p[((y + 1) * 192) + x]) / 2));
                }
            }

            worst = Math.Max(worst, sum / 78 / 16);
        }

        return worst;
    }
}
