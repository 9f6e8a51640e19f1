using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion.Interpolation;

/// <summary>An output frame between two input frames, and the time that its picture is predicted at.</summary>
/// <param name="Slot">What is wanted.</param>
/// <param name="Time">As near as the interpolator can; 0 and 1 stand for the input frames themselves.</param>
internal readonly record struct PredictedSlot(FrameSlot Slot, double Time)
{
    /// <summary>Whether the picture is a new one.</summary>
    public bool IsNew => Time is > 0 and < 1;
}

/// <summary>The new frames between two frames, begun.</summary>
/// <param name="Slots">What is wanted, in the order of time.</param>
/// <param name="Interpolator">Predicts it.</param>
internal sealed record PairPrediction(IReadOnlyList<PredictedSlot> Slots, IFrameInterpolator Interpolator)
{
    /// <summary>What was not emitted, in the order of time: the planes, their time, and what finishes them (null: nothing is missing).</summary>
    public List<(PlanarFrame Planes, double Time, Action? Finish)> Frames { get; } = [];
}

/// <summary>A decoded frame on its way to the prediction.</summary>
/// <param name="Frame">The picture, in the encoder's pixel format.</param>
/// <param name="Tick">Its time in input ticks, after that of the frame before.</param>
/// <param name="Duration">How long it stands in the input in input ticks, 0 where not known.</param>
/// <param name="CutBefore">Whether a scene cut lies between the frame before and this one.</param>
/// <param name="IsDuplicate">Whether it shows the frame before once more.</param>
internal readonly record struct SourceFrame(VideoFrame Frame, long Tick, long Duration, bool CutBefore, bool IsDuplicate);
