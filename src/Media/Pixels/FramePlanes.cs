using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Pictures;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Pixels;

/// <summary>Frames ↔ float planes by <see cref="PicturePlanes"/>, for one pixel format, size and set of colour tags.</summary>
internal sealed class FramePlanes : IDisposable
{
    private readonly PixelLayout _layout;
    private readonly PicturePlanes _planes;
    private readonly int _width;
    private readonly int _height;

    /// <summary>A converter for frames of one kind.</summary>
    /// <param name="layout">The pixel format.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="matrix">The matrix of Y, U, V; unused for RGB.</param>
    /// <param name="fullRange">Whether codes use the whole range.</param>
    public FramePlanes(PixelLayout layout, int width, int height, ColorMatrix matrix, bool fullRange)
    {
        (_layout, _width, _height) = (layout, width, height);
        _planes = new(layout, width, height, matrix, fullRange);
    }

    /// <summary>A converter by a frame's own size, format and colour tags.</summary>
    /// <exception cref="ArgumentException">The pixel format has no <see cref="PixelLayout"/>.</exception>
    public static FramePlanes For(VideoFrame frame)
    {
        PixelLayout layout = PixelLayout.Of(frame.Format)
            ?? throw new ArgumentException($"Frames of the format {av_get_pix_fmt_name(frame.Format)} have no planes.", nameof(frame));
        return new(layout, frame.Width, frame.Height, ColorTags.Matrix(frame), ColorTags.IsFullRange(frame));
    }

    /// <summary>Planes of the size and kind that these frames need.</summary>
    public PlanarFrame CreatePlanes() => _planes.CreatePlanes();

    /// <summary>Frame → planes: the samples, and R, G, B for the network.</summary>
    public void Read(VideoFrame frame, PlanarFrame planes)
    {
        CheckMatch(frame);
        _planes.Read(_layout.MemoryOf(frame), planes);
    }

    /// <summary>Has planes show a frame without reading it: parts are read as they are looked at.</summary>
    /// <param name="frame">The frame, which keeps its picture as long as the planes show it.</param>
    /// <param name="planes">Show it.</param>
    public void Show(VideoFrame frame, PlanarFrame planes)
    {
        CheckMatch(frame);
        planes.Show(new Rows(this, frame));
    }

    /// <summary>Sample planes → frame, whose picture must be its own. Planes may have an alpha that the frame has not.</summary>
    public void Write(PlanarFrame planes, VideoFrame frame)
    {
        CheckMatch(frame);
        _planes.Write(planes, _layout.MemoryOf(frame));
    }

    /// <inheritdoc/>
    public void Dispose() => _planes.Dispose();

    private sealed unsafe class Rows(FramePlanes planes, VideoFrame frame) : IPictureRows
    {
        public void Read(int y, float* samples, float* colours) => planes._planes.ReadRow(planes._layout.MemoryOf(frame), y, samples, colours);
    }

    private void CheckMatch(VideoFrame frame)
    {
        if (frame.Width != _width || frame.Height != _height || frame.Format != _layout.Format)
        {
            throw new ArgumentException(
                $"The frame is {frame.Width}×{frame.Height} {av_get_pix_fmt_name(frame.Format)}, not {_width}×{_height} {_layout.Name}.",
                nameof(frame));
        }
    }
}
