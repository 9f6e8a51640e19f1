namespace AdaConv.Conversion.Options;

/// <summary>What becomes of frames that show the one before once more, as in animation drawn on twos.</summary>
public enum DuplicateHandling
{
    /// <summary>They stay, and motion goes on in jumps.</summary>
    Keep,

    /// <summary>The motion between two distinct pictures is spread evenly over all frames between them.</summary>
    Retime,
}
