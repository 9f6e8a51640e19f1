namespace AdaConv.Conversion.Pipeline;

/// <summary>Where a conversion stands.</summary>
/// <param name="FramesIn">Frames decoded.</param>
/// <param name="FramesOut">Frames handed to the encoder, old and new.</param>
/// <param name="FramesExpected">Frames that the output will have, as far as the input says; null where it does not.</param>
/// <param name="FramesPerSecond">Output frames per second over the last seconds.</param>
/// <param name="Elapsed">Time since the conversion began.</param>
/// <param name="Remaining">Time left at the present pace; null where it cannot be told.</param>
public sealed record ConversionProgress(
    long FramesIn, long FramesOut, long? FramesExpected, double FramesPerSecond, TimeSpan Elapsed, TimeSpan? Remaining);
