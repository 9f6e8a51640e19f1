namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>One thing that was looked at.</summary>
/// <param name="Topic">What it belongs to, in a word or two.</param>
/// <param name="State">What it means for conversions.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">The line to type, or what else to do; null where nothing is to be done.</param>
public sealed record Finding(string Topic, FindingState State, string Text, string? Remedy = null);
