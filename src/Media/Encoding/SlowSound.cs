namespace AdaConv.Media.Encoding;

/// <summary>What becomes of sound in slow motion.</summary>
public enum SlowSound
{
    /// <summary>As long as the picture, at its own pitch; decoded and encoded for that.</summary>
    Stretch,

    /// <summary>Left out.</summary>
    Drop,
}
