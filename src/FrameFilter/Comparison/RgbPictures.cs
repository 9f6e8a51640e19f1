using AdaConv.Conversion.Interpolation;
using AdaConv.Media.Libav;
using AdaConv.Reports;
using FFmpeg.AutoGen;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>Frames of rgb24 to and from the pictures that are scored and shown.</summary>
internal static unsafe class RgbPictures
{
    /// <summary>A frame of rgb24 as a picture.</summary>
    public static RgbImage ToImage(VideoFrame frame)
    {
        var image = new RgbImage(frame.Width, frame.Height);
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (int y = 0; y < frame.Height; y++)
        {
            byte* row = frame.Pointer->data[0] + ((long)y * frame.Pointer->linesize[0]);
            for (int x = 0, i = y * frame.Width; x < frame.Width; x++, i++)
            {
                (red[i], green[i], blue[i]) = (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]);
            }
        }

        return image;
    }

    /// <summary>A picture as a frame of rgb24.</summary>
    public static void Write(RgbImage image, VideoFrame frame)
    {
        frame.Clear();
        frame.Allocate(image.Width, image.Height, AVPixelFormat.AV_PIX_FMT_RGB24);
        ReadOnlySpan<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (int y = 0; y < image.Height; y++)
        {
            byte* row = frame.Pointer->data[0] + ((long)y * frame.Pointer->linesize[0]);
            for (int x = 0, i = y * image.Width; x < image.Width; x++, i++)
            {
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (red[i], green[i], blue[i]);
            }
        }
    }
}
