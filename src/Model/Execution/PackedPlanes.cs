using System.Numerics.Tensors;

namespace AdaConv.Model;

/// <summary>Planes that a network looks at, row by row: see <see cref="INetworkOperations{T}.Pack"/>.</summary>
/// <param name="frames">Both frames' colours.</param>
/// <param name="means">[6] in the arena: what is added to both frames' planes.</param>
/// <param name="warped">The frames, warped; null: none.</param>
/// <param name="motion">Four planes of flows, and the mask's logit; null: none.</param>
/// <param name="hidden">Whatever blocks hand on; null: nothing.</param>
/// <param name="flowScale">Factor on the flows at time ½; at others they are first brought to the length that they have there.</param>
/// <param name="time">The time of the frame between, in the arena; null: ½.</param>
internal sealed unsafe class PackedPlanes(
    EnginePlanes frames, EnginePlanes means, EnginePlanes? warped, EnginePlanes? motion, EnginePlanes? hidden, float flowScale,
    EnginePlanes? time)
{
    private const int Flows = 4;
    private readonly RowSource _frames = frames.Rows;
    private readonly RowSource? _warped = warped?.Rows, _motion = motion?.Rows, _hidden = hidden?.Rows;
    private readonly int _warpedCount = warped?.Channels ?? 0, _motionCount = motion?.Channels ?? 0, _hiddenCount = hidden?.Channels ?? 0;
    private readonly int _width = frames.Width, _stride = (frames.Width + 15) / 16 * 16;

    /// <summary>Planes in the arena that all is made of.</summary>
    public EnginePlanes[] Sources =>
    [
        means, .. time is null ? Array.Empty<EnginePlanes>() : [time],
        .. ((RowSource?[])[_frames, _warped, _motion, _hidden]).OfType<RowSource>().SelectMany(rows => rows.Sources),
    ];

    /// <summary>Channels of the activations.</summary>
    public int Channels => frames.Channels + _warpedCount + _motionCount + _hiddenCount;

    /// <summary>Floats that <see cref="Row"/> works in.</summary>
    public int Scratch =>
        _motionCount * _stride + ((RowSource?[])[_frames, _warped, _motion, _hidden]).Max(rows => rows?.Scratch ?? 0);

    /// <summary>One row of all channels.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="y">The row.</param>
    /// <param name="target">Where the first channel's row goes.</param>
    /// <param name="stride">Floats from a channel's row to the next one's.</param>
    /// <param name="scratch">Working memory, aligned to a cache line.</param>
    public void Row(float* arena, int y, float* target, nint stride, float* scratch)
    {
        float* offsets = means.View(arena).Data, flows = scratch, free = scratch + _motionCount * _stride;
        _frames.Row(arena, y, 0, frames.Channels, target, stride, free);
        for (int plane = 0; plane < frames.Channels; plane++, target += stride)
        {
            Add(target, offsets[plane]);
        }

        _motion?.Row(arena, y, 0, _motionCount, flows, _stride, free);
        if (_warped is WarpedRows warp && ReferenceEquals(warp.Motion, motion))
        {
            warp.Row(arena, y, 0, _warpedCount, target, stride, flows, _stride); // the flows' row is there already
        }
        else
        {
            _warped?.Row(arena, y, 0, _warpedCount, target, stride, free);
        }

        for (int plane = 0; plane < _warpedCount; plane++, target += stride)
        {
            Add(target, offsets[plane]);
        }

        float t = time is null ? 0.5f : *time.View(arena).Data;
        for (int plane = 0; plane < _motionCount; plane++, target += stride)
        {
            float scale = plane >= Flows ? 1 : flowScale / (2 * (plane < Flows / 2 ? t : 1 - t));
            TensorPrimitives.Multiply(new ReadOnlySpan<float>(flows + plane * _stride, _width), scale, new(target, _width));
        }

        _hidden?.Row(arena, y, 0, _hiddenCount, target, stride, free);
    }

    private void Add(float* row, float offset) => TensorPrimitives.Add(new ReadOnlySpan<float>(row, _width), offset, new(row, _width));
}
