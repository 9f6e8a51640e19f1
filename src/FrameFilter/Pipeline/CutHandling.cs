namespace AdaConv.FrameFilter.Pipeline;

/// <summary>What stands between two frames with a scene cut between them.</summary>
public enum CutHandling
{
    /// <summary>The earlier frame, once more: the cut stays sharp.</summary>
    Repeat,

    /// <summary>The average of both frames: one frame of cross-fade.</summary>
    Blend,
}
