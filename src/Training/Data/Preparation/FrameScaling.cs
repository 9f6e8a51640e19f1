using System.Globalization;

namespace AdaConv.Training.Data.Preparation;

/// <summary>The size at which frames are cached: large or hard-compressed ones are scaled down by a whole factor, in area averages.</summary>
/// <remarks>
/// The smallest factor that leaves a short side below 600, at most 540,000 pixels, and at least 0.08 bits a pixel (0.05 for HEVC, VP9 and
/// AV1, which need fewer), but no short side below 160. Frames of that size move by what patches of 128 can show, and below that rate blocks and
/// smeared texture are what a network would learn.
/// </remarks>
/// <param name="Factor">Divides width and height.</param>
/// <param name="Because">Why, in a few words; null where the factor is 1.</param>
internal readonly record struct FrameScaling(int Factor, string? Because)
{
    /// <summary>The short side stays below this …</summary>
    public const int ShortSide = 600;

    /// <summary>… and at or above this.</summary>
    public const int LeastShortSide = 160;

    /// <summary>Pixels of a cached frame at most.</summary>
    public const int Pixels = 540_000;

    /// <summary>Least bits a pixel of the encoded clip, counted at the cached size.</summary>
    public const double BitsPerPixel = 0.08;

    /// <summary>The same for codecs of the generation after H.264.</summary>
    public const double BitsPerPixelOfNewCodecs = 0.05;

    /// <summary>Decides for frames of a size.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="bitsPerPixel">Encoded bits a pixel; null = unknown or not lossy.</param>
    /// <param name="codec">FFmpeg's name of the codec.</param>
    public static FrameScaling Of(int width, int height, double? bitsPerPixel = null, string codec = "")
    {
        int shortSide = Math.Min(width, height), factor = 1;
        string? because = null;
        while (shortSide / factor >= ShortSide || (long)(width / factor) * (height / factor) > Pixels)
        {
            factor++;
            because = "large";
        }

        double least = codec is "hevc" or "vp9" or "av1" ? BitsPerPixelOfNewCodecs : BitsPerPixel;
        while (bitsPerPixel * factor * factor < least && shortSide / (factor + 1) >= LeastShortSide)
        {
            factor++;
            because = string.Create(CultureInfo.InvariantCulture, $"{bitsPerPixel:F3} bits per pixel");
        }

        return new FrameScaling(factor, because);
    }
}
