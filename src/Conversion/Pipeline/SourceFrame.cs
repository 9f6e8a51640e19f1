using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Pipeline;

/// <summary>A decoded frame on its way to the prediction.</summary>
/// <param name="Frame">The picture, in the encoder's pixel format.</param>
/// <param name="Tick">Its time in input ticks, after that of the frame before.</param>
/// <param name="Duration">How long it stands in the input in input ticks, 0 where not known.</param>
/// <param name="CutBefore">Whether a scene cut lies between the frame before and this one.</param>
/// <param name="IsDuplicate">Whether it shows the frame before once more.</param>
internal readonly record struct SourceFrame(VideoFrame Frame, long Tick, long Duration, bool CutBefore, bool IsDuplicate);
