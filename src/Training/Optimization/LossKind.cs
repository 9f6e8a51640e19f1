namespace AdaConv.Training.Optimization;

/// <summary>How the distance of a predicted frame from the true one is measured.</summary>
public enum LossKind
{
    /// <summary>Mean absolute difference (the paper's L1).</summary>
    L1,

    /// <summary>Mean squared difference (the paper's L2).</summary>
    L2,

    /// <summary>Mean of √(d² + 10⁻⁶): L1 with a smooth foot.</summary>
    Charbonnier,
}
