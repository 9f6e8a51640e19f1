namespace AdaConv.FrameFilter.Pipeline;

/// <summary>Finds scene cuts.</summary>
public sealed class SceneCutDetector
{
    /// <summary>The threshold of filter.yaml.</summary>
    public const double DefaultThreshold = 0.5;
}
