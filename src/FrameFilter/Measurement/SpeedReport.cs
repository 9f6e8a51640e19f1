using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;

namespace AdaConv.FrameFilter.Measurement;

/// <summary>How fast this machine converts.</summary>
/// <param name="Machine">What it is.</param>
/// <param name="Settings">Method, model, precision and kernels that were measured.</param>
/// <param name="Sizes">Conversions by the size of their frames.</param>
/// <param name="Kernels">The separable convolution by itself.</param>
public sealed record SpeedReport(string Machine, string Settings, IReadOnlyList<SpeedOfSize> Sizes, IReadOnlyList<SpeedOfKernel> Kernels);
