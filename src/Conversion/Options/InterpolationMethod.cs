namespace AdaConv.Conversion.Options;

/// <summary>What makes the frame between.</summary>
public enum InterpolationMethod
{
    /// <summary>The trained network.</summary>
    Network,

    /// <summary>The plain average of both neighbours: a baseline to compare with, it ghosts on motion.</summary>
    Average,
}
