using AdaConv.Reports;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>A frame's pictures.</summary>
internal sealed record PictureTriple(RgbImage Truth, RgbImage Predicted, RgbImage Averaged);
