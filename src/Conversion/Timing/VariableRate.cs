namespace AdaConv.Conversion.Timing;

/// <summary>What becomes of an uneven frame rate.</summary>
public enum VariableRate
{
    /// <summary>Every original keeps its time.</summary>
    Keep,

    /// <summary>Output frames stand evenly, at the multiple of the nominal rate.</summary>
    Constant,
}
