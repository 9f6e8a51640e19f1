using AdaConv.Media.Libav;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Pixels;

/// <summary>Frames of rgb24 to and from planes of 8 bits.</summary>
public static unsafe class RgbFrames
{
    /// <summary>FFmpeg's name of the frames' pixel format.</summary>
    public const string PixelFormat = "rgb24";

    /// <summary>Copies a frame's samples to planes of its width × height bytes each, row by row.</summary>
    public static void Read(VideoFrame frame, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        ArgumentNullException.ThrowIfNull(frame);
        for (int y = 0; y < frame.Height; y++)
        {
            byte* row = frame.Pointer->data[0] + ((long)y * frame.Pointer->linesize[0]);
            for (int x = 0, i = y * frame.Width; x < frame.Width; x++, i++)
            {
                (red[i], green[i], blue[i]) = (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]);
            }
        }
    }

    /// <summary>Gives a frame a new picture of planes of width × height bytes each.</summary>
    public static void Write(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, int width, int height, VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.Clear();
        frame.Allocate(width, height, AVPixelFormat.AV_PIX_FMT_RGB24);
        for (int y = 0; y < height; y++)
        {
            byte* row = frame.Pointer->data[0] + ((long)y * frame.Pointer->linesize[0]);
            for (int x = 0, i = y * width; x < width; x++, i++)
            {
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (red[i], green[i], blue[i]);
            }
        }
    }
}
