using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Reports;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>Frames of rgb24 to and from the pictures that are scored and shown.</summary>
internal static class RgbPictures
{
    /// <summary>A frame of rgb24 as a picture.</summary>
    public static RgbImage ToImage(VideoFrame frame)
    {
        var image = new RgbImage(frame.Width, frame.Height);
        RgbFrames.Read(frame, image.Plane(0), image.Plane(1), image.Plane(2));
        return image;
    }

    /// <summary>A picture as a frame of rgb24.</summary>
    public static void Write(RgbImage image, VideoFrame frame) =>
        RgbFrames.Write(image.Plane(0), image.Plane(1), image.Plane(2), image.Width, image.Height, frame);
}
