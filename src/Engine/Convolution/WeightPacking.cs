namespace AdaConv.Engine.Convolution;

/// <summary>What the weights of 3×3 convolutions of stride 1 are packed for.</summary>
public enum WeightPacking
{
    /// <summary>Few products: 64 values in place of nine, in wide layers 36.</summary>
    Fast,

    /// <summary>Little memory: 16 values in place of nine, for twice as many products.</summary>
    Small,
}
