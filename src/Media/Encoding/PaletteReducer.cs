using System.Globalization;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Whole colours → 256 of them, as GIF has: a palette for each frame.</summary>
/// <remarks>
/// A frame of at most 255 colours, such as one of another GIF, keeps them exactly: the 256th is for what is transparent, or unchanged since the
/// frame before. For others libavfilter's palettegen chooses colours, and paletteuse dithers.
/// </remarks>
internal sealed unsafe class PaletteReducer : IDisposable
{
    /// <summary>The pixel format of the frames that come out.</summary>
    public static readonly AVPixelFormat Format = av_get_pix_fmt("pal8");

    private const int MostColours = 255, Transparent = 255;
    private const uint Opaque = 0xff000000;

    private readonly string _path;
    private readonly PixelLayout _layout;
    private readonly VideoFrame _reduced = new();
    private readonly VideoFrame _given = new();
    private readonly Dictionary<uint, byte> _indices = [];

    /// <summary>A reducer for frames of R, G, B, with or without alpha, in bytes one behind the other.</summary>
    /// <param name="layout">Their layout.</param>
    /// <param name="path">The output, for messages.</param>
    public PaletteReducer(PixelLayout layout, string path) => (_layout, _path) = (layout, path);

    /// <summary>Whether an encoder takes frames of such a layout through here.</summary>
    /// <param name="encoder">FFmpeg's name of the encoder.</param>
    /// <param name="layout">The layout; shades of gray are a palette by themselves.</param>
    public static bool IsNeeded(string encoder, PixelLayout? layout) => encoder == "gif" && layout is { IsRgb: true };

    /// <summary>The frame with a palette, which is valid until the next one; the given one stays the caller's.</summary>
    /// <exception cref="MediaException">libavfilter, or a filter, is missing.</exception>
    public VideoFrame Reduce(VideoFrame frame)
    {
        // Rows of one length for all frames: FFmpeg 5.1's encoder of GIF writes beyond its memory where they grow.
        _reduced.Clear();
        _reduced.Allocate(frame.Width, frame.Height, Format);
        if (!TryKeepColours(frame))
        {
            ChooseColours(frame);
        }

        _reduced.CopyPropertiesFrom(frame);
        return _reduced;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _given.Dispose();
        _reduced.Dispose();
    }

    private bool TryKeepColours(VideoFrame frame)
    {
        AVFrame* from = frame.Pointer, to = _reduced.Pointer;
        Span<uint> palette = Palette(to);
        palette.Fill(Opaque);
        palette[Transparent] = 0;
        _indices.Clear();
        int step = _layout.Component(0).UnitBytes, red = _layout.Component(0).Offset, green = _layout.Component(1).Offset, blue = _layout.Component(2).Offset;
        int alpha = _layout.HasAlpha ? _layout.Component(3).Offset : -1;
        for (int y = 0; y < frame.Height; y++)
        {
            byte* row = from->data[0] + ((long)y * from->linesize[0]), indices = to->data[0] + ((long)y * to->linesize[0]);
            for (int x = 0; x < frame.Width; x++, row += step)
            {
                if (alpha >= 0 && row[alpha] < 128)
                {
                    indices[x] = Transparent;
                    continue;
                }

                uint colour = Opaque | ((uint)row[red] << 16) | ((uint)row[green] << 8) | row[blue];
                if (!_indices.TryGetValue(colour, out byte index))
                {
                    if (_indices.Count == MostColours)
                    {
                        return false;
                    }

                    index = (byte)_indices.Count;
                    _indices[colour] = index;
                    palette[index] = colour;
                }

                indices[x] = index;
            }
        }

        return true;
    }

    // A chain for each frame: one that ran on might hold a frame back while those that keep their colours pass it.
    private void ChooseColours(VideoFrame frame)
    {
        AVRational shape = frame.Pointer->sample_aspect_ratio;
        using FilterGraph graph = new(
            "buffer",
            string.Create(
                CultureInfo.InvariantCulture,
                $"video_size={frame.Width}x{frame.Height}:pix_fmt={_layout.Name}:time_base=1/1:pixel_aspect={shape.num}/{Math.Max(1, shape.den)}"),
            "split[picture][sample];[sample]palettegen=stats_mode=single[palette];[picture][palette]paletteuse=new=1",
            "Choosing the colours of",
            _path);

        // paletteuse dithers in place, and the frame is still needed for the next prediction.
        _given.ReferTo(frame);
        LibavError.Check(av_frame_make_writable(_given.Pointer), "Choosing the colours of", _path);
        _given.Pointer->pts = 0;
        graph.Send(_given.Pointer);
        graph.Send(null);
        if (!graph.Receive(_given.Pointer))
        {
            throw new MediaException("Choosing the colours of", _path, "FFmpeg's filters gave no picture", "Choose another container, such as .webp.");
        }

        AVFrame* from = _given.Pointer, to = _reduced.Pointer;
        for (int y = 0; y < frame.Height; y++)
        {
            Row(from, y).CopyTo(Row(to, y));
        }

        Palette(from).CopyTo(Palette(to));
        _given.Clear();
    }

    private static Span<byte> Row(AVFrame* frame, int y) => new(frame->data[0] + ((long)y * frame->linesize[0]), frame->width);

    private static Span<uint> Palette(AVFrame* frame) => new(frame->data[1], MostColours + 1);
}
