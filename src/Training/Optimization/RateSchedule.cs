namespace AdaConv.Training.Optimization;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum RateSchedule
{
    /// <summary>A half cosine that ends at a hundredth.</summary>
    Cosine,

    /// <summary>Halved at 1/2, 3/4 and 7/8 of the run.</summary>
    Halving,

    /// <summary>It does not (the paper's, within each of its two parts).</summary>
    Constant,
}
