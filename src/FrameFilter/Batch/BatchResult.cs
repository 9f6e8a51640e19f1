using AdaConv.Conversion.Pipeline;


namespace AdaConv.FrameFilter.Batch;

/// <summary>What became of one video, and why.</summary>
/// <param name="Item">The video.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Conversion">What the conversion did, where there was one.</param>
/// <param name="Error">Why it failed.</param>
public sealed record BatchResult(BatchItem Item, BatchOutcome Outcome, ConversionResult? Conversion, string? Error);
