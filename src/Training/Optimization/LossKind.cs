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

    /// <summary>L1 between the five levels of both Laplacian pyramids, each level weighted by 2ˡᵉᵛᵉˡ (Niklaus and Liu 2018, eq. 6).</summary>
    Laplacian,

    /// <summary>Soft Hamming distance of both 7×7 census transforms of brightness (Meister et al. 2018): structure, whatever the light.</summary>
    Census,
}
