using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Reports;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>Two pictures beside each other on white, each under its caption.</summary>
internal sealed class SideBySide : IDisposable
{
    private const int Gap = 6;
    private readonly RgbImage _sheet;
    private readonly FrameCaptions _captions;
    private readonly int _strip;

    /// <summary>Pairs of one size.</summary>
    /// <param name="width">Pixels in a row of either picture.</param>
    /// <param name="height">Rows of either picture.</param>
    /// <param name="left">What the left one is.</param>
    /// <param name="right">What the right one is.</param>
    public SideBySide(int width, int height, string left, string right)
    {
        int letters = Math.Clamp(width / 22, 10, 20);
        _strip = letters * 3 / 2;
        int wide = (2 * width) + (3 * Gap), high = height + _strip + (2 * Gap);
        _sheet = new(wide + (wide % 2), high + (high % 2)); // even, as videos need them
        _sheet.Planes.Fill(255);
        _captions = new(_sheet.Width, _sheet.Height, letters, (left, Gap, Gap), (right, width + (2 * Gap), Gap));
    }

    /// <summary>Gives a frame a picture of both.</summary>
    public void Draw(RgbImage left, RgbImage right, VideoFrame frame)
    {
        _sheet.Paste(left, Gap, Gap + _strip);
        _sheet.Paste(right, left.Width + (2 * Gap), Gap + _strip);
        RgbPictures.Write(_sheet, frame);
        _captions.Draw(frame);
    }

    /// <inheritdoc/>
    public void Dispose() => _captions.Dispose();
}
