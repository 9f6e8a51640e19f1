using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;

namespace AdaConv.FrameFilter.Measurement;

/// <summary>How fast this machine converts.</summary>
/// <param name="Machine">What it is.</param>
/// <param name="Settings">Method, model, precision and kernels that were measured.</param>
/// <param name="Sizes">Conversions by the size of their frames.</param>
/// <param name="Kernels">The separable convolution by itself.</param>
/// <param name="Processor">What the processor can do, and what the network's convolutions reach, on one thread and on as many as the settings say.</param>
/// <param name="Devices">The devices that auto chooses from; empty where there is no ONNX Runtime, or no choice.</param>
public sealed record SpeedReport(
    string Machine, string Settings, IReadOnlyList<SpeedOfSize> Sizes, IReadOnlyList<SpeedOfKernel> Kernels, IReadOnlyList<SpeedOfThreads> Processor,
    IReadOnlyList<SpeedOfDevice> Devices);

/// <summary>How fast a device predicts a frame of the largest size that was measured.</summary>
/// <param name="Device">The device, as settings name it.</param>
/// <param name="Seconds">The best of its frames; null where it cannot be used.</param>
/// <param name="Problem">Why not; null where it can.</param>
public sealed record SpeedOfDevice(string Device, double? Seconds, string? Problem);

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

/// <summary>What so many threads of this processor can do.</summary>
/// <param name="Threads">Threads at work.</param>
/// <param name="PeakGigaFlopsPerSecond">Fused multiply-adds on registers alone, two operations each; 0 with scalar kernels.</param>
/// <param name="MemoryGigaBytesPerSecond">A copy of 256 MiB, bytes read and bytes written.</param>
/// <param name="Convolutions">The network's convolutions by the size of frames; empty where no network runs on the CPU.</param>
public sealed record SpeedOfThreads(
    int Threads, double PeakGigaFlopsPerSecond, double MemoryGigaBytesPerSecond, IReadOnlyList<SpeedOfConvolutions> Convolutions);

/// <summary>How fast the network's convolutions are, at work in frames of a size.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="EffectiveGigaFlops">Operations of a new frame's convolutions, were they computed directly.</param>
/// <param name="Seconds">What they take.</param>
/// <param name="EffectiveGigaFlopsPerSecond">One by the other.</param>
/// <param name="ShareOfPeak">Of the threads' peak. Minimal filtering needs a fraction of the operations: more than 1 is possible. Null with scalar
/// kernels.</param>
public sealed record SpeedOfConvolutions(
    int Width, int Height, double EffectiveGigaFlops, double Seconds, double EffectiveGigaFlopsPerSecond, double? ShareOfPeak);
