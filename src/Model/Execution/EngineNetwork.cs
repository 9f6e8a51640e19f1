using AdaConv.Engine;
using AdaConv.Engine.Convolution;

namespace AdaConv.Model;

/// <summary>A network run by the engine's kernels on the processor, as tiles see it: float32, in memory that is planned once for each size.</summary>
internal sealed unsafe class EngineNetwork : ITileNetwork
{
    private const long MostMeasured = 1L << 26; // pixels: of larger frames no program is written to know what it would take
    private static readonly int[] MeasuredSizes = [512, 1024]; // smaller tiles take more for each pixel where steps of larger ones run a few rows at a time

    // The program with FFmpeg's libraries, before the first frame (measured, rounded up).
    private const long BareProcess = 144L << 20;
    private const int MostPrograms = 48;
    private readonly EngineOptions _options;
    private readonly FrameMaking _making;
    private readonly bool _isCurved;
    private readonly Dictionary<ProgramKind, EngineProgram> _programs = [];
    private readonly Lazy<int> _bytesPerPixel, _keptBytesPerPixel;
    private readonly Dictionary<(int Width, int Height, int Samples), long> _frameBytes = [];
    private EngineWeights _weights;
    private NetworkWeights? _unpacked; // until it is known how they stay packed

    // Of the pair at hand and the next one.
    private readonly KeptMotion[] _kept = [new(), new()];
    private int _turn;

    /// <summary>Packs a network's weights.</summary>
    /// <exception cref="ModelException">The options ask for what the engine has not.</exception>
    public EngineNetwork(NetworkWeights weights, InterpolatorOptions options)
    {
        if (options.Precision is not (Precision.Auto or Precision.Float32))
        {
            throw new ModelException(
                $"The precision {(options.Precision == Precision.BFloat16 ? "bfloat16" : "float16")} is for CUDA devices; the CPU supports float32 and auto.");
        }

        if (options.Synthesis == Synthesis.Warping && weights.Network.Configuration.Kind == NetworkKind.Paper)
        {
            throw new ModelException("A network of the kind paper finds no motion to warp by; take --synthesis convolution.");
        }

        long packed = EngineWeights.PackedBytes(weights.Network, WeightPacking.Fast);
        long limit = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        if (packed > limit)
        {
            throw new ModelException(
                $"The weights take {(packed + (1 << 20) - 1) >> 20} MiB of memory once they are packed, more than the memory limit of {limit >> 20} MiB. "
                + "Allow more memory, or use a smaller network.");
        }

        ProcessBytes = BareProcess + packed;
        _options = new(options.Kernels, options.Threads);
        _making = new(options.Synthesis, options.Grain);
        _isCurved = options.Motion == MotionPath.Curved && weights.Network.MotionCell > 0;
        _weights = new(weights, _options);
        _unpacked = options.MemoryLimit is null ? null : weights;
        _bytesPerPixel = new(() => MeasuredSizes.Max(size => (int)Math.Ceiling((double)FrameBytes(size, size) / size / size)));
        _keptBytesPerPixel = new(MeasureKept);
    }

    /// <inheritdoc/>
    public int SizeMultiple => _weights.Network.SizeMultiple;

    /// <inheritdoc/>
    public int Context => _weights.Network.Context;

    /// <inheritdoc/>
    public int KernelSize => _weights.Network.Configuration.KernelSize;

    /// <inheritdoc/>
    public bool KnowsTime => _weights.Network.Configuration.KnowsTime;

    /// <inheritdoc/>
    public bool TakesAnySize => true;

    /// <inheritdoc/>
    public int BytesPerPixel => _bytesPerPixel.Value;

    /// <inheritdoc/>
    public long FrameBytes(int width, int height, int samples = 4)
    {
        if ((long)width * height > MostMeasured)
        {
            return (long)BytesPerPixel * width * height;
        }

        if (!_frameBytes.TryGetValue((width, height, samples), out long bytes))
        {
            TileShape shape = new(RoundUp(width), RoundUp(height), samples, SamplesAreColours: false, Depth: 0);
            long floats = EngineProgram.Write(_weights, new(shape, IsBent: _isCurved), _making, _options).Floats;
            bytes = sizeof(float) * ((shape.InputPlanes * shape.PlaneLength) + floats); // where the frames have to be copied
            _frameBytes[(width, height, samples)] = bytes;
        }

        return bytes;

        int RoundUp(int length) => (length + SizeMultiple - 1) / SizeMultiple * SizeMultiple;
    }

    /// <inheritdoc/>
    public int MotionCell => _isCurved ? _weights.Network.MotionCell : 0;

    /// <inheritdoc/>
    public int KeptBytesPerPixel => _keptBytesPerPixel.Value;

    /// <inheritdoc/>
    public long ProcessBytes { get; private set; }

    /// <inheritdoc/>
    public long SpareProcessBytes =>
        _unpacked is null ? ProcessBytes : BareProcess + EngineWeights.PackedBytes(_unpacked.Network, WeightPacking.Small);

    /// <inheritdoc/>
    public void SettleWeights(bool spare)
    {
        if (_unpacked is null)
        {
            return;
        }

        if (spare)
        {
            ProcessBytes = SpareProcessBytes;
            _weights.Dispose();
            _weights = new(_unpacked, _options, WeightPacking.Small);
            _programs.Clear();
            _frameBytes.Clear();
        }

        // The file and its tensors, of which only the packed weights stay, would otherwise lie there until there is pressure.
        _unpacked = null;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <inheritdoc/>
    public TilePrediction CreatePrediction() => new Prediction(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        Array.ForEach(_kept, kept => kept.Values.Dispose());
    }

    private int MeasureKept()
    {
        if (!_isCurved)
        {
            return 0;
        }

        int size = MeasuredSizes[0] / SizeMultiple * SizeMultiple;
        TileShape shape = new(size, size, 4, SamplesAreColours: false, Depth: 0);
        EngineProgram finding = EngineProgram.Write(_weights, new(shape, FindsMotion: true), _making, _options);
        return (int)Math.Ceiling((double)_kept.Length * sizeof(float) * finding.FoundFloats / shape.PlaneLength);
    }

    private EngineProgram ProgramOf(ProgramKind kind)
    {
        kind = kind with { Shape = kind.Shape with { Depth = 0 } }; // all is float32
        if (!_programs.TryGetValue(kind, out EngineProgram? program))
        {
            if (_programs.Count == MostPrograms)
            {
                _programs.Clear(); // of parts between bars, which may have come in many sizes
            }

            _programs[kind] = program = EngineProgram.Write(_weights, kind, _making, _options);
        }

        return program;
    }

    private KeptMotion? Kept(in TileShape shape, (long First, long Second) pictures)
    {
        foreach (KeptMotion kept in _kept)
        {
            if (pictures != default && kept.Pictures == pictures && (kept.Shape.Width, kept.Shape.Height) == (shape.Width, shape.Height))
            {
                return kept;
            }
        }

        return null;
    }

    // What was found of a pair's motion at the middle.
    private sealed class KeptMotion
    {
        public FloatBuffer Values { get; } = new();

        public (long First, long Second) Pictures { get; set; }

        public TileShape Shape { get; set; }

        public float* Found { get; set; }
    }

    private sealed class Prediction(EngineNetwork owner) : TilePrediction
    {
        private readonly FloatBuffer _arena = new(), _copies = new();
        private FramePair _colours;
        private TileResult _result;

        public override float* FindMotion(ReadOnlySpan<float> mean, CancellationToken cancellation)
        {
            EngineProgram program = owner.ProgramOf(new(Shape, FindsMotion: true));
            float* memory = _arena.Take(program.Floats);
            program.Prepare(memory, _colours, default, mean, 0.5);
            program.Run(memory, cancellation);
            if (Pictures != default)
            {
                KeptMotion kept = owner._kept[owner._turn++ % owner._kept.Length];
                kept.Pictures = default; // until it holds this pair's
                kept.Found = kept.Values.Take(program.FoundFloats);
                program.KeepFound(memory, kept.Found);
                (kept.Pictures, kept.Shape) = (Pictures, Shape);
            }

            return program.FoundCells(memory);
        }

        public override void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation)
        {
            InterpolationNetwork.CheckTime(owner._weights.Network.Configuration, time);
            KeptMotion? kept = time == 0.5 ? owner.Kept(Shape, Pictures) : null;
            EngineProgram program = owner.ProgramOf(new(Shape, IsBent: Bend is not null, IsFound: kept is not null));
            float* memory = _arena.Take(program.Floats);
            program.Prepare(memory, _colours, Samples, mean, time, Bend, kept is null ? null : kept.Found);
            _result = program.Run(memory, cancellation);
        }

        public override TileResult Wait() => _result;

        public override void Release()
        {
            _result = default;
            base.Release();
        }

        protected override float* Allocate(in TileShape shape)
        {
            float* copies = _copies.Take(shape.InputPlanes * shape.PlaneLength);
            _colours = FramePair.Of(copies, 3, shape);
            return copies;
        }

        protected override bool Use(in TileShape shape, in FramePair colours, in FramePair samples)
        {
            _colours = colours;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _arena.Dispose();
            _copies.Dispose();
        }
    }
}
