namespace AdaConv.Training.Optimization;

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Adam, as in the paper.</summary>
    Adam,

    /// <summary>Muon for the weights of the residual pairs, Adam for everything else.</summary>
    Muon,
}
