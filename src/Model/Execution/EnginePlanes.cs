using AdaConv.Engine;
using AdaConv.Engine.Convolution;

namespace AdaConv.Model;

/// <summary>Planes or activations of a program: a place in its arena, held from the step that makes them to the last that uses them.</summary>
internal sealed class EnginePlanes
{
    private readonly EnginePlanes? _whole;
    private readonly long _start;
    private long _offset = -1;

    /// <summary>Planes [channels, height, width], or activations, whose pixels take whole vectors.</summary>
    public EnginePlanes(int channels, int height, int width, bool isActivations)
    {
        (Channels, Height, Width, IsActivations) = (channels, height, width, isActivations);
        Floats = isActivations ? ActivationView.Floats(height, width, channels) : (long)channels * height * width;
    }

    private EnginePlanes(EnginePlanes whole, int first, int count)
        : this(count, whole.Height, whole.Width, isActivations: false) => (_whole, _start) = (whole, first * whole.PlaneLength);

    /// <summary>What these activations are to be packed of, by the convolution that takes them: they never exist themselves.</summary>
    public PackedPlanes? Packed { get; init; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public bool IsActivations { get; }

    public long Floats { get; }

    public long PlaneLength => (long)Height * Width;

    /// <summary>What these are a part of, or themselves.</summary>
    public EnginePlanes Whole => _whole?.Whole ?? this;

    /// <summary>The step that makes them; −1: they are there before.</summary>
    public int Made { get; set; } = -1;

    /// <summary>The last step that uses them.</summary>
    public int LastUse { get; set; } = -1;

    /// <summary>Planes that the step which makes these may write over, if it is the last to use them.</summary>
    public EnginePlanes? MayReplace { get; set; }

    /// <summary>Where they begin in the arena, in floats.</summary>
    public long Offset
    {
        get => _whole is null ? _offset : _whole.Offset + _start;
        set => _offset = value;
    }

    /// <summary>Some of the planes.</summary>
    public EnginePlanes Slice(int first, int count) => new(this, first, count);

    /// <summary>The planes from one on.</summary>
    public unsafe TensorView View(float* arena, int plane = 0) => new(arena + Offset + plane * PlaneLength);

    /// <summary>The activations.</summary>
    public unsafe ActivationView Activations(float* arena) => new(arena + Offset, Height, Width, Channels);

    /// <summary>The activations, as packing takes them.</summary>
    public unsafe InterleavedView Interleaved(float* arena) => new(arena + Offset, ActivationView.Rounded(Channels), isBFloat16: false);
}

/// <summary>Planes that a network looks at: see <see cref="INetworkOperations{T}.Pack"/>.</summary>
internal sealed unsafe record PackedPlanes(
    EnginePlanes Frames, EnginePlanes Mean, EnginePlanes? Warped, EnginePlanes? Motion, EnginePlanes? Hidden, float FlowScale, EnginePlanes? Time)
{
    /// <summary>Groups at most.</summary>
    public const int MostGroups = 6;

    /// <summary>All planes in use.</summary>
    public EnginePlanes[] All => [.. ((EnginePlanes?[])[Frames, Mean, Warped, Motion, Hidden, Time]).OfType<EnginePlanes>()];

    /// <summary>Channels of the activations.</summary>
    public int Channels => Frames.Channels + (Warped?.Channels ?? 0) + (Motion?.Channels ?? 0) + (Hidden?.Channels ?? 0);

    /// <summary>Names the planes to be packed.</summary>
    /// <returns>How many groups there are.</returns>
    public int Groups(float* arena, Span<PlaneGroup> groups)
    {
        float* offsets = Mean.View(arena).Data;
        int count = 0;
        groups[count++] = new(Frames.View(arena), Frames.Channels, offsets: offsets);
        if (Warped is not null)
        {
            groups[count++] = new(Warped.View(arena), Warped.Channels, offsets: offsets);
        }

        if (Motion is not null)
        {
            float t = Time is null ? 0.5f : *Time.View(arena).Data;
            groups[count++] = new(Motion.View(arena), 2, FlowScale / (2 * t));
            groups[count++] = new(Motion.View(arena, 2), 2, FlowScale / (2 * (1 - t)));
            groups[count++] = new(Motion.View(arena, 4), 1);
        }

        if (Hidden is not null)
        {
            groups[count++] = new(Hidden.View(arena), Hidden.Channels);
        }

        return count;
    }
}
