using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;


namespace AdaConv.Conversion.Pipeline;

/// <summary>A frame on its way to the encoder.</summary>
/// <param name="Frame">The picture.</param>
/// <param name="Time">When it is shown.</param>
/// <param name="IsPredicted">Whether its picture is new: predicted, or mixed at a cut.</param>
internal readonly record struct OutputFrame(VideoFrame Frame, FrameTime Time, bool IsPredicted);
