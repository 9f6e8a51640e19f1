namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>What a finding means for conversions.</summary>
public enum FindingState
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>Conversions go without; they may be slower or less choice may be there.</summary>
    Note,

    /// <summary>Something that conversions need is missing or broken.</summary>
    Missing,
}
