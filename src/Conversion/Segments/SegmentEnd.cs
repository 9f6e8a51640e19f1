namespace AdaConv.Conversion.Segments;

/// <summary>What is known of a finished segment.</summary>
/// <param name="Frames">Frames in it.</param>
/// <param name="LastTimestamp">The last frame's time, in the encoder's ticks.</param>
/// <param name="Next">The number of the segment behind it.</param>
/// <param name="Bytes">Its size on disk.</param>
internal readonly record struct SegmentEnd(long Frames, long LastTimestamp, long Next, long Bytes);
