namespace AdaConv.FrameFilter.Watch;

/// <summary>How a folder is watched.</summary>
/// <param name="Interval">How often it is looked through, beside the moments that the system tells of a change.</param>
/// <param name="Settle">How long a file must stay as it is to be taken for complete.</param>
public sealed record WatchOptions(TimeSpan Interval, TimeSpan Settle);
