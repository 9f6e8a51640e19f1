using AdaConv.Engine;
using AdaConv.Engine.Convolution;

namespace AdaConv.Model;

/// <summary>Planes or activations of a program: a place in its arena, held from the step that makes them to the last that uses them.</summary>
internal sealed class EnginePlanes
{
    private readonly EnginePlanes? _whole;
    private readonly int _first; // of the whole's planes
    private long _offset = -1;

    /// <summary>Planes [channels, height, width], or activations, whose pixels take whole vectors.</summary>
    public EnginePlanes(int channels, int height, int width, bool isActivations)
    {
        (Channels, Height, Width, IsActivations) = (channels, height, width, isActivations);
        Window = height;
    }

    private EnginePlanes(EnginePlanes whole, int first, int count)
        : this(count, whole.Height, whole.Width, isActivations: false) => (_whole, _first) = (whole, first);

    /// <summary>What these activations are to be packed of, by the convolution that takes them: they never exist themselves.</summary>
    public PackedPlanes? Packed { get; init; }

    /// <summary>How rows of these planes are made; null: they lie in the arena.</summary>
    public RowSource? Recipe { get; set; }

    /// <summary>What frames are convolved by, put off until it is known whether they are blended at once; null: nothing.</summary>
    public PendingConvolution? Convolution { get; set; }

    /// <summary>Where their rows come from, as things are now.</summary>
    public RowSource Rows => _whole is null && Recipe is not null ? Recipe : new TakenRows(Whole.Recipe, this, _first);

    /// <summary>Planes in the arena that these are made of, or themselves.</summary>
    public IEnumerable<EnginePlanes> Sources => Whole.Recipe is { } recipe ? recipe.Sources : [Whole];

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public bool IsActivations { get; }

    /// <summary>Rows that are there at a time: of activations between steps that run a few rows at a time, less than all.</summary>
    public int Window { get; set; }

    public long Floats => IsActivations ? ActivationView.Floats(Window, Width, Channels) : (long)Channels * Height * Width;

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
        get => _whole is null ? _offset : _whole.Offset + _first * PlaneLength;
        set => _offset = value;
    }

    /// <summary>Some of the planes.</summary>
    public EnginePlanes Slice(int first, int count) => new(this, first, count);

    /// <summary>The planes from one on.</summary>
    public unsafe TensorView View(float* arena, int plane = 0) => new(arena + Offset + plane * PlaneLength);

    /// <summary>The activations.</summary>
    public unsafe ActivationView Activations(float* arena) => new(arena + Offset, Height, Width, Channels, rows: Window);

    /// <summary>The activations, as packing takes them.</summary>
    public unsafe InterleavedView Interleaved(float* arena) => new(arena + Offset, ActivationView.Rounded(Channels), isBFloat16: false);
}

/// <summary>A pair of frames that is to be convolved separably.</summary>
/// <param name="Pair">[2P, H, W].</param>
/// <param name="Taps">[4K, h, w].</param>
/// <param name="Shape">The sizes of one frame.</param>
internal sealed record PendingConvolution(EnginePlanes Pair, EnginePlanes Taps, SeparableConvolutionShape Shape);
