using AdaConv.Media.Libav;
using AdaConv.Pictures;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Pixels;

/// <summary>What a frame's colour tags mean, also where they are missing.</summary>
internal static unsafe class ColorTags
{
    /// <summary>The matrix of a frame; untagged or unknown: BT.709 from 720 lines up, else BT.601.</summary>
    public static ColorMatrix Matrix(VideoFrame frame) => Matrix(frame.Pointer->colorspace, frame.Height);

    /// <summary>The matrix of a tag (the numbers are ISO/IEC 23091-2's).</summary>
    public static ColorMatrix Matrix(AVColorSpace tag, int height) => ColorMatrices.Of((int)tag, height);

    /// <summary>Whether codes use the whole range; untagged: R, G, B, grey and yuvj do, Y, U, V does not.</summary>
    public static bool IsFullRange(VideoFrame frame) => IsFullRange(frame.Pointer->color_range, PixelLayout.Of(frame.Format));

    /// <summary>Whether a frame is Y, U, V whose codes use the whole range, for which players must be told.</summary>
    public static bool IsFullRangeYuv(VideoFrame frame) => PixelLayout.Of(frame.Format) is { IsRgb: false, IsGray: false } && IsFullRange(frame);

    /// <summary>The same for a tag and a pixel format.</summary>
    public static bool IsFullRange(AVColorRange tag, PixelLayout? layout) => tag switch
    {
        AVColorRange.AVCOL_RANGE_JPEG => true,
        AVColorRange.AVCOL_RANGE_MPEG => layout is { IsFullRangeByName: true },
        _ => layout is null or { IsRgb: true } or { IsGray: true } or { IsFullRangeByName: true },
    };
}
