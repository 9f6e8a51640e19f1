using AdaConv.Media.Libav;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Media.Pixels;

/// <summary>Thumbnails of frames.</summary>
internal static class FrameThumbnails
{
    /// <summary>Measures a frame by its first component.</summary>
    /// <exception cref="ArgumentException">The pixel format has no <see cref="PixelLayout"/>.</exception>
    public static void Measure(this LumaThumbnail thumbnail, VideoFrame frame)
    {
        PixelLayout layout = PixelLayout.Of(frame.Format) ?? throw new ArgumentException("The frame's format has no layout.", nameof(frame));
        thumbnail.Measure(layout, layout.MemoryOf(frame), frame.Width, frame.Height);
    }
}
