namespace AdaConv.Conversion.Options;

/// <summary>What stands between two frames with a scene cut between them.</summary>
public enum CutHandling
{
    /// <summary>The nearer frame, once more (halfway, the earlier one): the cut stays sharp.</summary>
    Repeat,

    /// <summary>A mix of both frames by their nearness: a cross-fade of one input frame.</summary>
    Blend,
}
