using AdaConv.Conversion.Timing;
using AdaConv.Engine;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion.Interpolation;

/// <summary>The new frames between two frames, begun.</summary>
/// <param name="slots">What is wanted, in the order of time.</param>
/// <param name="interpolator">Finds the middle of two frames.</param>
/// <param name="emit">Takes what is finished at once; null: nothing is.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class PairPrediction(
    IReadOnlyList<FrameSlot> slots, IFrameInterpolator interpolator, Action<FrameSlot, VideoFrame>? emit, CancellationToken cancellation)
{
    public IReadOnlyList<FrameSlot> Slots => slots;

    public IFrameInterpolator Interpolator => interpolator;

    public Action<FrameSlot, VideoFrame>? Emit => emit;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What was not emitted, in the order of time: the planes, their phase, and what finishes them (null: nothing is missing).</summary>
    public List<(PlanarFrame Planes, int Phase, Action? Finish)> Frames { get; } = [];

    /// <summary>Whether a frame between two phases, both excluded, is wanted.</summary>
    public bool IsWanted(int low, int high)
    {
        foreach (FrameSlot slot in slots)
        {
            if (slot.Phase > low && slot.Phase < high)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A decoded frame on its way to the prediction.</summary>
/// <param name="Frame">The picture, in the encoder's pixel format.</param>
/// <param name="Tick">Its time in input ticks, after that of the frame before.</param>
/// <param name="Duration">How long it stands in the input in input ticks, 0 where not known.</param>
/// <param name="CutBefore">Whether a scene cut lies between the frame before and this one.</param>
/// <param name="IsDuplicate">Whether it shows the frame before once more.</param>
internal readonly record struct SourceFrame(VideoFrame Frame, long Tick, long Duration, bool CutBefore, bool IsDuplicate);
