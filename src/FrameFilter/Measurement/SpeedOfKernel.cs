namespace AdaConv.FrameFilter.Measurement;

/// <summary>How fast a kernel runs here.</summary>
/// <param name="Name">Operation and size.</param>
/// <param name="GigaFlopsPerSecond">Operations of the formula, 2 K (K + 1) for a pixel of a plane, in the best of the runs.</param>
public sealed record SpeedOfKernel(string Name, double GigaFlopsPerSecond);
