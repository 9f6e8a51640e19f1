using AdaConv.Media.Libav;
using FFmpeg.AutoGen;

namespace AdaConv.Media.Pixels;

/// <summary>What a frame's colour tags mean, also where they are missing.</summary>
internal static unsafe class ColorTags
{
    /// <summary>Lines from which an untagged picture is taken for HD.</summary>
    private const int HdLines = 720;

    /// <summary>The matrix of a frame; untagged or unknown: BT.709 from 720 lines up, else BT.601.</summary>
    public static ColorMatrix Matrix(VideoFrame frame) => Matrix(frame.Pointer->colorspace, frame.Height);

    /// <summary>The matrix of a tag (the numbers are ISO/IEC 23091-2's).</summary>
    public static ColorMatrix Matrix(AVColorSpace tag, int height) => (int)tag switch
    {
        0 => ColorMatrix.Identity,
        1 => ColorMatrix.Bt709,
        4 => ColorMatrix.Fcc,
        5 or 6 => ColorMatrix.Bt601,
        7 => ColorMatrix.Smpte240M,
        8 => ColorMatrix.YCgCo,
        9 or 10 or 14 => ColorMatrix.Bt2020,
        _ => height >= HdLines ? ColorMatrix.Bt709 : ColorMatrix.Bt601,
    };

    /// <summary>Whether codes use the whole range; untagged: R, G, B, grey and yuvj do, Y, U, V does not.</summary>
    public static bool IsFullRange(VideoFrame frame) => IsFullRange(frame.Pointer->color_range, PixelLayout.Of(frame.Format));

    /// <summary>The same for a tag and a pixel format.</summary>
    public static bool IsFullRange(AVColorRange tag, PixelLayout? layout) => tag switch
    {
        AVColorRange.AVCOL_RANGE_JPEG => true,
        AVColorRange.AVCOL_RANGE_MPEG => layout is { IsFullRangeByName: true },
        _ => layout is null or { IsRgb: true } or { IsGray: true } or { IsFullRangeByName: true },
    };
}
