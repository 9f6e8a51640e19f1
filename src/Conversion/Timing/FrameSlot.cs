namespace AdaConv.Conversion.Timing;

/// <summary>An output frame that is wanted between two input frames.</summary>
/// <param name="Phase">Where it stands: 0 (the earlier frame itself) to 7, in eighths of the way to the later one.</param>
/// <param name="Time">When it is shown, in output ticks.</param>
public readonly record struct FrameSlot(int Phase, FrameTime Time);
