using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;
using FFmpeg.AutoGen;

namespace AdaConv.Conversion.Tests;

public sealed class FrameFileWriterTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_encoder_that_refuses_leaves_no_partial_file()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 3 -c:v ffv1 {_folder["in.mkv"]}");
        using Demuxer source = Demuxer.Open(_folder["in.mkv"]);
        using VideoFrame frame = new();
        frame.Allocate(64, 48, AVPixelFormat.AV_PIX_FMT_YUV420P);
        var options = Converter.Fast with { EncoderOptions = Converter.Fast.EncoderOptions.Add("profile", "none-of-these") };

        var error = Assert.Throws<MediaException>(() => new FrameFileWriter(source, _folder["out.mp4"], options, frame, source.TimeBase, source.FrameRate));

        Assert.Contains("libx264", error.Message, StringComparison.Ordinal);
        Assert.Equal(["in.mkv"], _folder.Names);
    }
}
