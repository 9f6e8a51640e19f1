using AdaConv.Media.Pixels;

namespace AdaConv.Media.Encoding;

/// <summary>Which of the pixel formats that NVENC lists keep what they hold; chosen from where the user names none.</summary>
internal static class NvencFormats
{
    /// <summary>Whether a format is one to choose; null for encoders that are not NVENC's.</summary>
    /// <param name="encoder">FFmpeg's name.</param>
    /// <remarks>
    /// NVENC turns RGB into 4:2:0 by itself and drops alpha. Of the 16 bits of p016 and yuv444p16 it encodes ten; p010 says so, and for 4:4:4
    /// there is no such name in FFmpeg 5. Ten bits of H.264 are beyond every card before 2025.
    /// </remarks>
    public static Func<PixelLayout, bool>? Takes(string encoder) => encoder switch
    {
        "h264_nvenc" => layout => !layout.IsRgb && !layout.HasAlpha && layout.Depth == 8,
        "hevc_nvenc" or "av1_nvenc" => layout => !layout.IsRgb && !layout.HasAlpha && !layout.Name.StartsWith("p016", StringComparison.Ordinal),
        _ => null,
    };
}
