namespace AdaConv.Conversion.Timing;

/// <summary>When an output frame is shown, in ticks of <see cref="FrameSchedule.TimeBase"/>.</summary>
/// <param name="Timestamp">Presentation time.</param>
/// <param name="Duration">How long it stands, above 0.</param>
public readonly record struct FrameTime(long Timestamp, long Duration);
