namespace AdaConv.Conversion.Segments;

/// <summary>What segments were made of and with; all of it must be equal for a run to go on from them.</summary>
/// <param name="Input">The input's content.</param>
/// <param name="Settings">Settings and weights, hashed.</param>
/// <param name="Program">This program's and FFmpeg's versions.</param>
/// <param name="Header">The encoder's parameter sets, hashed.</param>
/// <param name="TimeBase">Seconds per tick of the frames' times.</param>
/// <param name="SegmentTicks">Length of a segment in these ticks.</param>
internal sealed record SegmentKey(string Input, string Settings, string Program, string Header, string TimeBase, long SegmentTicks);
