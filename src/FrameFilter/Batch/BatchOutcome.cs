namespace AdaConv.FrameFilter.Batch;

/// <summary>What became of a video.</summary>
public enum BatchOutcome
{
    /// <summary>Its output stands.</summary>
    Done,

    /// <summary>Its output stands from an earlier run, of the same content with the same settings.</summary>
    Skipped,

    /// <summary>It could not be converted.</summary>
    Failed,

    /// <summary>The run was ended before it was done.</summary>
    Unfinished,
}
