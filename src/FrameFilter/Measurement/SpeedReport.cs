using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;

namespace AdaConv.FrameFilter.Measurement;

/// <summary>How fast this machine converts.</summary>
/// <param name="Machine">What it is.</param>
/// <param name="Settings">Method, model, precision and kernels that were measured.</param>
/// <param name="Sizes">Conversions by the size of their frames.</param>
/// <param name="Kernels">The separable convolution by itself.</param>
public sealed record SpeedReport(string Machine, string Settings, IReadOnlyList<SpeedOfSize> Sizes, IReadOnlyList<SpeedOfKernel> Kernels);

/// <summary>How fast frames of a size are converted here.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="NewFramesPerSecond">Of a running conversion, H.264 in and out, its start left out.</param>
/// <param name="Predictions">New frames that this was measured with.</param>
/// <param name="DecodeSeconds">Decoding one original, by itself.</param>
/// <param name="PlanesSeconds">One original to float planes and one new frame back, by itself.</param>
/// <param name="PredictSeconds">Predicting one frame, by itself.</param>
/// <param name="EncodeSeconds">Encoding two frames, by itself.</param>
public sealed record SpeedOfSize(
    int Width, int Height, double NewFramesPerSecond, int Predictions, double DecodeSeconds, double PlanesSeconds, double PredictSeconds, double EncodeSeconds)
{
    /// <summary>All stages together, one after the other, for one new frame.</summary>
    public double SumSeconds => DecodeSeconds + PlanesSeconds + PredictSeconds + EncodeSeconds;
}

/// <summary>How fast a kernel runs here.</summary>
/// <param name="Name">Operation and size.</param>
/// <param name="GigaFlopsPerSecond">Operations of the formula, 2 K (K + 1) for a pixel of a plane, in the best of the runs.</param>
public sealed record SpeedOfKernel(string Name, double GigaFlopsPerSecond);
