using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>A step of a program.</summary>
/// <param name="arena">The memory that all planes lie in.</param>
internal unsafe delegate void EngineStep(float* arena);

/// <summary>A step with what it is.</summary>
/// <param name="Name">The operation.</param>
/// <param name="MultiplyAdds">Those of a convolution (<see cref="Engine.Convolution.ConvolutionShape.MultiplyAdds"/>); 0 for all else.</param>
/// <param name="Run">Does it.</param>
internal readonly record struct ProgramStep(string Name, double MultiplyAdds, EngineStep Run);

/// <summary>What a program does.</summary>
/// <param name="Shape">What tiles consist of.</param>
/// <param name="FindsMotion">It finds the motion alone.</param>
/// <param name="IsBent">It is told what motion has beside that along a straight line.</param>
/// <param name="IsFound">It is given the motion that was found.</param>
internal readonly record struct ProgramKind(TileShape Shape, bool FindsMotion = false, bool IsBent = false, bool IsFound = false);

/// <summary>What a program makes a frame of.</summary>
/// <param name="Synthesis">What the prediction is made into a frame by.</param>
/// <param name="Grain">Whether the frames' detail is kept.</param>
internal readonly record struct FrameMaking(Synthesis Synthesis, Grain Grain);

/// <summary>A network and its synthesis for tiles of one shape: steps, one after another, over an arena that was planned once.</summary>
internal sealed unsafe class EngineProgram
{
    private readonly FrameRows _colours;
    private FrameRows _own;
    private readonly EnginePlanes _mean;
    private readonly EnginePlanes _time;
    private EnginePlanes? _samples;
    private EnginePlanes? _motion;
    private EnginePlanes? _bend;
    private EnginePlanes? _cells;
    private EnginePlanes[] _found = []; // what the motion that is found, or given, is made of: much less than its planes
    private float _cellPixels;

    private EngineProgram(EngineWeights weights, in ProgramKind kind, in FrameMaking making, EngineOptions options, SlidingChoice sliding)
    {
        EngineOperations operations = new(weights, options);
        TileShape shape = kind.Shape;
        EnginePlanes colours = operations.Frames(3, shape.Height, shape.Width, out _colours);
        _own = _colours;
        _mean = operations.Given(6, 1, 1);
        _time = operations.Given(1, 1, 1);
        EngineOperations.Hold(_mean, _time);
        if (kind.FindsMotion)
        {
            FindMotion(operations, weights.Network, colours);
        }
        else
        {
            Predict(operations, weights.Network, colours, kind, making);
        }

        (Steps, Floats) = operations.Finish(sliding);
    }

    /// <summary>What is done.</summary>
    public IReadOnlyList<ProgramStep> Steps { get; }

    /// <summary>Floats that the arena takes.</summary>
    public long Floats { get; }

    /// <summary>Floats of the motion that it finds, or is given.</summary>
    public long FoundFloats => _found.Sum(planes => planes.Floats);

    /// <summary>Writes the program of a network.</summary>
    /// <param name="weights">The network with its weights.</param>
    /// <param name="kind">What it is to do.</param>
    /// <param name="making">What a frame is made of.</param>
    /// <param name="options">Level and threads.</param>
    /// <param name="sliding">Which steps run a few rows at a time; the bits are the same.</param>
    public static EngineProgram Write(
        EngineWeights weights, in ProgramKind kind, in FrameMaking making, EngineOptions options,
        SlidingChoice sliding = SlidingChoice.WhereItSaves) =>
        new(weights, kind, making, options, sliding);

    /// <summary>Writes down what the steps are to know of a pair.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="colours">Both frames' colours, where they lie while the steps run.</param>
    /// <param name="samples">Both frames' samples, alike.</param>
    /// <param name="mean">Mean colour of both whole frames.</param>
    /// <param name="time">When the frame between lies; a network that knows the middle only does not look at it.</param>
    /// <param name="bend">[2, H/c, W/c]: what both flows change by, where the program is told.</param>
    /// <param name="found">The motion that was found, where the program is given it.</param>
    public void Prepare(
        float* arena, in FramePair colours, in FramePair samples, ReadOnlySpan<float> mean, double time, float* bend = null, float* found = null)
    {
        _colours.Place(arena, colours);
        if (!ReferenceEquals(_own, _colours))
        {
            _own.Place(arena, samples);
        }

        float* offsets = arena + _mean.Offset; // of both frames' colours
        for (int i = 0; i < 6; i++)
        {
            offsets[i] = -mean[i % 3];
        }

        arena[_time.Offset] = (float)time;
        if (_bend is not null)
        {
            int cells = checked((int)_bend.PlaneLength);
            Span<float> planes = new(arena + _bend.Offset, 5 * cells);
            new ReadOnlySpan<float>(bend, 2 * cells).CopyTo(planes);
            planes[..(2 * cells)].CopyTo(planes[(2 * cells)..]);
            planes[(4 * cells)..].Clear();
        }

        if (found is not null)
        {
            CopyFound(arena, found, store: false);
        }
    }

    /// <summary>Runs all steps, after <see cref="Prepare"/>.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="cancellation">Ends the work.</param>
    public TileResult Run(float* arena, CancellationToken cancellation)
    {
        foreach (ProgramStep step in Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            step.Run(arena);
        }

        return new(_samples is null ? null : arena + _samples.Offset, _motion is null ? null : arena + _motion.Offset);
    }

    /// <summary>The motion that was found, [4, H/c, W/c] in pixels of the frames; it lies in the arena.</summary>
    public float* FoundCells(float* arena)
    {
        Span<float> cells = new(arena + _cells!.Offset, checked((int)_cells.Floats));
        System.Numerics.Tensors.TensorPrimitives.Multiply(cells, _cellPixels, cells);
        return arena + _cells.Offset;
    }

    /// <summary>Takes the motion that was found out of the arena.</summary>
    /// <param name="arena">The memory that all planes lie in.</param>
    /// <param name="target"><see cref="FoundFloats"/>.</param>
    public void KeepFound(float* arena, float* target) => CopyFound(arena, target, store: true);

    private void FindMotion(EngineOperations operations, InterpolationNetwork network, EnginePlanes colours)
    {
        CoarseMotion<EnginePlanes> found = network.FindMotion(operations, colours, _mean, _time)!;
        _found = PartsOf(found);
        _cells = network.Cells(operations, found, out _cellPixels);
        EngineOperations.Hold([_cells, .. _found]);
    }

    private static EnginePlanes[] PartsOf(CoarseMotion<EnginePlanes> found) =>
        [.. found.Motion.Sources.Concat(found.Hidden?.Sources ?? []).Distinct()];

    private void Predict(EngineOperations operations, InterpolationNetwork network, EnginePlanes colours, in ProgramKind kind, in FrameMaking making)
    {
        TileShape shape = kind.Shape;
        EnginePlanes own = colours;
        if (!shape.SamplesAreColours)
        {
            own = operations.Frames(shape.SampleCount, shape.Height, shape.Width, out _own);
        }

        if (kind.IsBent)
        {
            _bend = operations.Given(5, shape.Height / network.MotionCell, shape.Width / network.MotionCell);
        }

        CoarseMotion<EnginePlanes>? found = null;
        if (kind.IsFound)
        {
            found = network.FindMotion(operations, colours, _mean, _time)!;
            operations.GiveInstead(_found = PartsOf(found));
        }

        NetworkPrediction<EnginePlanes> prediction = network.Predict(operations, colours, _mean, _time, hints: new(found, _bend));
        EnginePlanes? seen = shape.SamplesAreColours && prediction.Warped is not null ? null : own;
        _samples = InterpolationNetwork.Synthesize(operations, prediction, seen, making.Synthesis, making.Grain == Grain.Keep ? own : null);
        _motion = prediction.Flows is { } flows ? operations.Extent(flows.Slice(0, 4)) : null;
        EngineOperations.Hold(_samples, _motion);
    }

    private void CopyFound(float* arena, float* kept, bool store)
    {
        foreach (EnginePlanes planes in _found)
        {
            float* own = arena + planes.Offset;
            long bytes = planes.Floats * sizeof(float);
            Buffer.MemoryCopy(store ? own : kept, store ? kept : own, bytes, bytes);
            kept += planes.Floats;
        }
    }
}
