using SkiaSharp;

namespace AdaConv.Drawing;

/// <summary>The typeface of captions and charts: the first of the usual sans-serif ones that the system has.</summary>
internal static class Fonts
{
    private static readonly string[] Names = ["DejaVu Sans", "Segoe UI", "Noto Sans", "Liberation Sans", "Helvetica", "Arial"];
    private static readonly Lazy<SKTypeface> Found = new(
        () => Names.Select(SKFontManager.Default.MatchFamily).FirstOrDefault(face => face is not null) ?? SKTypeface.Default);

    /// <summary>The typeface; without any font on the system, one that draws nothing.</summary>
    public static SKTypeface SansSerif => Found.Value;
}
