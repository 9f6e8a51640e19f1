using System.Globalization;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Whole colours → 256 of them, as GIF has: a palette for each frame, by libavfilter's palettegen and paletteuse.</summary>
/// <remarks>
/// A frame of at most 255 colours, such as one of another GIF, keeps them exactly: the 256th is for what is transparent, or unchanged since the
/// frame before. Others are dithered.
/// </remarks>
internal sealed unsafe class PaletteFilter : IDisposable
{
    private readonly VideoFrame _given = new();
    private readonly FilterGraph _graph;

    /// <summary>A filter for frames like the first.</summary>
    /// <param name="first">The first frame, in R, G, B.</param>
    /// <param name="timeBase">Seconds per tick of the frames' timestamps.</param>
    /// <param name="path">The output, for messages.</param>
    /// <exception cref="MediaException">libavfilter, or a filter, is missing.</exception>
    public PaletteFilter(VideoFrame first, Rational timeBase, string path)
    {
        AVRational shape = first.Pointer->sample_aspect_ratio;
        _graph = new(
            "buffer",
            string.Create(
                CultureInfo.InvariantCulture,
                $"video_size={first.Width}x{first.Height}:pix_fmt={av_get_pix_fmt_name(first.Format)}:"
                + $"time_base={timeBase.Numerator}/{timeBase.Denominator}:pixel_aspect={shape.num}/{Math.Max(1, shape.den)}"),
            "split[picture][sample];[sample]palettegen=stats_mode=single[palette];[picture][palette]paletteuse=new=1",
            "Choosing the colours of",
            path);
    }

    /// <summary>Whether an encoder takes frames of such a format through here.</summary>
    /// <param name="encoder">FFmpeg's name of the encoder.</param>
    /// <param name="isRgb">Whether the frames are R, G, B; shades of gray are a palette by themselves.</param>
    public static bool IsNeeded(string encoder, bool isRgb) => encoder == "gif" && isRgb;

    /// <summary>The pixel format of the frames that come out.</summary>
    public AVPixelFormat PixelFormat => _graph.PixelFormat;

    /// <summary>Gives a frame, which stays the caller's, or null when there are no more.</summary>
    public void Send(VideoFrame? frame)
    {
        if (frame is null)
        {
            _graph.Send(null);
            return;
        }

        _given.ReferTo(frame);
        _graph.Send(_given.Pointer);
    }

    /// <summary>Takes a frame; false where there is none yet or, at the end, none any more.</summary>
    public bool Receive(VideoFrame frame) => _graph.Receive(frame.Pointer);

    /// <inheritdoc/>
    public void Dispose()
    {
        _given.Dispose();
        _graph.Dispose();
    }
}
