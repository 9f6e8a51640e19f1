using AdaConv.Engine;
using AdaConv.Engine.Convolution;
using AdaConv.Engine.Search;

namespace AdaConv.Model;

/// <summary>Where rows of planes come from. Most are made when they are taken: planes of the full size then pass through the caches only.</summary>
internal abstract unsafe class RowSource
{
    /// <summary>What they are made by: "upsample".</summary>
    public abstract string Name { get; }

    /// <summary>Planes in the arena that they are made of.</summary>
    public abstract IEnumerable<EnginePlanes> Sources { get; }

    /// <summary>Floats that a row is made in.</summary>
    public abstract int Scratch { get; }

    /// <summary>Makes a row of some of the planes.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="y">The row.</param>
    /// <param name="first">The first of the planes.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">Where the first one's row goes.</param>
    /// <param name="stride">Floats from a plane's row to the next plane's.</param>
    /// <param name="scratch">Working memory, aligned to a cache line.</param>
    public abstract void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch);
}

/// <summary>Some planes of a source, or planes that lie in the arena.</summary>
/// <param name="source">The source; null: they lie in the arena.</param>
/// <param name="planes">The planes, where they do.</param>
/// <param name="start">The source's plane that is the first here.</param>
internal sealed unsafe class TakenRows(RowSource? source, EnginePlanes planes, int start) : RowSource
{
    public override string Name => "copy";

    public override IEnumerable<EnginePlanes> Sources => source?.Sources ?? [planes.Whole];

    public override int Scratch => source?.Scratch ?? 0;

    public override void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch)
    {
        if (source is not null)
        {
            source.Row(arena, y, start + first, count, target, stride, scratch);
            return;
        }

        for (int plane = first; plane < first + count; plane++, target += stride)
        {
            new ReadOnlySpan<float>(planes.View(arena, plane).Data + (long)y * planes.Width, planes.Width).CopyTo(new(target, planes.Width));
        }
    }
}

/// <summary>The first channels of one or more activations.</summary>
/// <param name="activations">Of one size.</param>
/// <param name="count">Channels that are taken of each.</param>
/// <param name="centred">Whose narrow Gaussians are added; null: nothing.</param>
internal sealed unsafe class UnpackedRows(EnginePlanes[] activations, int count, EngineWeights? centred) : RowSource
{
    public override string Name => "unpack taps";

    public override IEnumerable<EnginePlanes> Sources => activations;

    public override int Scratch => 0;

    public override void Row(float* arena, int y, int first, int planes, float* target, nint stride, float* scratch)
    {
        for (int i = 0; i < activations.Length; i++)
        {
            int begin = Math.Max(first, i * count), end = Math.Min(first + planes, (i + 1) * count);
            if (begin < end)
            {
                ActivationView source = activations[i].Activations(arena);
                float* offsets = centred is null ? null : centred.NarrowGaussians + (begin - i * count);
                PlanePacking.UnpackRow(
                    source.Pixel(y, 0), source.PixelStride, source.Width, begin - i * count, end - begin, offsets, target + (begin - first) * stride, stride);
            }
        }
    }
}

/// <summary>Both frames' planes, where they lie while the program runs; rows and columns beyond a frame are its border's.</summary>
/// <param name="table">Where the arena has their <see cref="FramePair"/>.</param>
/// <param name="planes">Planes of one frame.</param>
/// <param name="width">Columns, those beyond the frame's included.</param>
internal sealed unsafe class FrameRows(EnginePlanes table, int planes, int width) : RowSource
{
    /// <summary>Floats of the arena that a pair's places take.</summary>
    public static int TableFloats => (sizeof(FramePair) + sizeof(float) - 1) / sizeof(float);

    public override string Name => "copy frames";

    public override IEnumerable<EnginePlanes> Sources => [table];

    public override int Scratch => 0;

    /// <summary>Planes of a frame, from one on.</summary>
    public PlaneView View(float* arena, int frame, int plane) => (frame == 0 ? Pair(arena)->First : Pair(arena)->Second).From(plane);

    /// <summary>Writes down where the frames lie.</summary>
    public void Place(float* arena, in FramePair pair) => *Pair(arena) = pair;

    public override void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch)
    {
        for (int plane = first; plane < first + count; plane++, target += stride)
        {
            PlaneView frame = View(arena, plane / planes, plane % planes);
            float* row = frame.Row(0, Math.Min(y, frame.Height - 1));
            new ReadOnlySpan<float>(row, frame.Width).CopyTo(new(target, frame.Width));
            new Span<float>(target + frame.Width, width - frame.Width).Fill(row[frame.Width - 1]);
        }
    }

    private FramePair* Pair(float* arena) => (FramePair*)table.View(arena).Data;
}

/// <summary>Smaller planes enlarged, and added to others where there are such.</summary>
/// <param name="level">The kernel level.</param>
/// <param name="small">In the arena.</param>
/// <param name="factor">How many times larger.</param>
/// <param name="added">Of the large size; null: nothing.</param>
/// <param name="flows">So many of the first planes are flows in pixels, and longer by the factor.</param>
internal sealed unsafe class UpsampledRows(KernelLevel level, EnginePlanes small, int factor, RowSource? added, int flows) : RowSource
{
    private readonly UpsamplingShape _shape = new(1, 1, small.Height, small.Width, factor);

    public override string Name => "upsample";

    public override IEnumerable<EnginePlanes> Sources => added is null ? [small] : [small, .. added.Sources];

    public override int Scratch => Math.Max(PlaneUpsampling.RowScratch(_shape), added?.Scratch ?? 0);

    /// <summary>Whether a row of the first plane comes of nothing but zeros.</summary>
    public bool IsZero(float* arena, int y)
    {
        int above = Math.Max((2 * y + 1 - factor) / (2 * factor), 0), below = Math.Min(above + 1, small.Height - 1);
        float* plane = small.View(arena).Data;
        return added is null && !new ReadOnlySpan<float>(plane + (long)above * small.Width, (below - above + 1) * small.Width).ContainsAnyExcept(0);
    }

    public override void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch)
    {
        added?.Row(arena, y, first, count, target, stride, scratch);
        for (int plane = first; plane < first + count; plane++, target += stride)
        {
            float* baseline = added is null ? null : target;
            PlaneUpsampling.Row(level, _shape, small.View(arena, plane).Data, y, plane < flows ? factor : 1, baseline, target, scratch);
        }
    }
}

/// <summary>Motion with what a search found in its place.</summary>
/// <param name="motion">Four flows, and planes that stay.</param>
/// <param name="found">The share a that is replaced, and x and y times a.</param>
/// <param name="time">The time t of the frame between; null: the middle.</param>
/// <param name="width">W.</param>
internal sealed unsafe class ReplacedRows(RowSource motion, UpsampledRows found, EnginePlanes? time, int width) : RowSource
{
    private const int Flows = 4;
    private readonly nint _stride = (width + 15) / 16 * 16;

    public override string Name => "replace motion";

    public override IEnumerable<EnginePlanes> Sources => [.. motion.Sources, .. found.Sources, .. time is null ? [] : time.Sources];

    public override int Scratch => Math.Max(motion.Scratch, MotionSearch.Planes * (int)_stride + found.Scratch);

    public override void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch)
    {
        motion.Row(arena, y, first, count, target, stride, scratch);
        if (first >= Flows || found.IsZero(arena, y))
        {
            return;
        }

        float t = EngineOperations.TimeOf(time, arena);
        found.Row(arena, y, 0, MotionSearch.Planes, scratch, _stride, scratch + MotionSearch.Planes * _stride);
        for (int plane = first; plane < Math.Min(first + count, Flows); plane++, target += stride)
        {
            MotionSearch.Replace(target, width, scratch, scratch + (1 + plane % 2) * _stride, plane < 2 ? 2 * t : -2 * (1 - t));
        }
    }
}

/// <summary>Both frames warped by their flows.</summary>
/// <param name="level">The kernel level.</param>
/// <param name="pair">[2P, H, W] in the arena, or the frames themselves.</param>
/// <param name="motion">[≥4, H, W].</param>
/// <param name="sampling">How frames are sampled at fractions of a pixel.</param>
internal sealed unsafe class WarpedRows(KernelLevel level, EnginePlanes pair, EnginePlanes motion, WarpSampling sampling) : RowSource
{
    private const int Flows = 4;
    private readonly RowSource _flows = motion.Rows;
    private readonly FrameRows? _frames = pair.Recipe as FrameRows;
    private readonly float? _cubicFarShare = sampling.CubicFarShare();
    private readonly nint _stride = (motion.Width + 15) / 16 * 16;

    public override string Name => "warp";

    /// <summary>What the frames are warped by.</summary>
    public EnginePlanes Motion => motion;

    /// <summary>Receives the largest component of the flows in the last step that makes all rows; null: not wanted.</summary>
    public EnginePlanes? Extent { get; set; }

    public override IEnumerable<EnginePlanes> Sources => [.. pair.Sources, .. _flows.Sources];

    public override int Scratch => Flows * (int)_stride + _flows.Scratch;

    public override void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch)
    {
        _flows.Row(arena, y, 0, Flows, scratch, _stride, scratch + Flows * _stride);
        Row(arena, y, first, count, target, stride, scratch, _stride);
    }

    /// <summary>The same, given the row of the flows.</summary>
    public void Row(float* arena, int y, int first, int count, float* target, nint stride, float* flows, nint flowStride)
    {
        int planes = pair.Channels / 2;
        for (int frame = 0; frame < 2; frame++)
        {
            int begin = Math.Max(first, frame * planes), end = Math.Min(first + count, (frame + 1) * planes);
            if (begin < end)
            {
                float* x = flows + 2 * frame * flowStride;
                PlaneView image = _frames?.View(arena, frame, begin - frame * planes)
                    ?? new(pair.View(arena, begin).Data, pair.PlaneLength, pair.Width, pair.Height, pair.Width);
                float* output = target + (begin - first) * stride;
                if (_cubicFarShare is { } far)
                {
                    CubicWarp.Row(level, image, end - begin, x, x + flowStride, far, y, pair.Width, pair.Height, output, stride);
                }
                else
                {
                    BilinearWarp.Row(level, image, end - begin, x, x + flowStride, y, pair.Width, output, stride);
                }
            }
        }
    }

    /// <summary>A row of one plane of both frames.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="y">The row.</param>
    /// <param name="plane">Which plane of a frame.</param>
    /// <param name="target">Where the first frame's row goes.</param>
    /// <param name="stride">Floats from there to the second's.</param>
    /// <param name="scratch">Working memory, aligned to a cache line.</param>
    public void Both(float* arena, int y, int plane, float* target, nint stride, float* scratch)
    {
        _flows.Row(arena, y, 0, Flows, scratch, _stride, scratch + Flows * _stride);
        Row(arena, y, plane, 1, target, 0, scratch, _stride);
        Row(arena, y, pair.Channels / 2 + plane, 1, target + stride, 0, scratch, _stride);
    }

    /// <summary>Writes what is wanted of the flows, which lie in the working memory that the row was made in.</summary>
    public void WriteExtent(float* arena, int y, float* scratch)
    {
        if (Extent is not null)
        {
            FlowExtent.Row(Flows, scratch, _stride, Extent.View(arena).Data + (long)y * Extent.Width, Extent.Width);
        }
    }
}

/// <summary>The energy of both frames' detail where their flows point, [2, H, W]: see <see cref="FrameDetail"/>.</summary>
/// <param name="level">The kernel level.</param>
/// <param name="cells">[2, H/4, W/4] in the arena.</param>
/// <param name="motion">[≥4, H, W].</param>
internal sealed unsafe class DetailEnergyRows(KernelLevel level, EnginePlanes cells, EnginePlanes motion) : RowSource
{
    private const int Flows = 4;
    private readonly RowSource _flows = motion.Rows;
    private readonly nint _stride = (motion.Width + 15) / 16 * 16;

    public override string Name => "detail";

    public override IEnumerable<EnginePlanes> Sources => [cells, .. _flows.Sources];

    public override int Scratch => Flows * (int)_stride + _flows.Scratch;

    public override void Row(float* arena, int y, int first, int count, float* target, nint stride, float* scratch)
    {
        _flows.Row(arena, y, 0, Flows, scratch, _stride, scratch + Flows * _stride);
        for (int frame = first; frame < first + count; frame++, target += stride)
        {
            float* x = scratch + 2 * frame * _stride;
            FrameDetail.ToCells(level, x, motion.Width, y: null);
            FrameDetail.ToCells(level, x + _stride, motion.Width, y);
            PlaneView energy = new(cells.View(arena, frame).Data, cells.PlaneLength, cells.Width, cells.Height, cells.Width);
            BilinearWarp.Row(level, energy, 1, x, x + _stride, y, motion.Width, target, stride);
        }
    }
}
