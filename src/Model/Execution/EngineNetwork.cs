using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>A network run by the engine's kernels on the processor, as tiles see it: float32, in memory that is planned once for each size.</summary>
internal sealed unsafe class EngineNetwork : ITileNetwork
{
    private const int MeasuredSize = 1024;

    // The program with FFmpeg's libraries, before the first frame (measured, rounded up).
    private const long BareProcess = 160L << 20;
    private readonly EngineWeights _weights;
    private readonly EngineOptions _options;
    private readonly Synthesis _synthesis;
    private readonly Grain _grain;
    private readonly Dictionary<TileShape, EngineProgram> _programs = [];

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

        long packed = weights.Network.Layers.Sum(EngineWeights.PackedBytes), limit = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        if (packed > limit)
        {
            throw new ModelException(
                $"The weights take {packed >> 20} MiB of memory once they are packed, more than the memory limit of {limit >> 20} MiB. Allow more "
                + $"memory, or use a smaller network.");
        }

        ProcessBytes = BareProcess + packed;
        _options = new(options.Kernels, options.Threads);
        (_synthesis, _grain) = (options.Synthesis, options.Grain);
        _weights = new(weights, _options);
        int size = MeasuredSize / SizeMultiple * SizeMultiple;
        TileShape shape = new(size, size, 4, SamplesAreColours: false, Depth: 0);
        double arena = (double)EngineProgram.Write(_weights, shape, _synthesis, _grain, _options).Floats / shape.PlaneLength;
        BytesPerPixel = sizeof(float) * (shape.InputPlanes + (int)Math.Ceiling(arena)); // where the frames have to be copied
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
    public int BytesPerPixel { get; }

    /// <inheritdoc/>
    public long ProcessBytes { get; }

    /// <inheritdoc/>
    public TilePrediction CreatePrediction() => new Prediction(this);

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    private EngineProgram ProgramOf(in TileShape shape)
    {
        TileShape key = shape with { Depth = 0 }; // all is float32
        if (!_programs.TryGetValue(key, out EngineProgram? program))
        {
            _programs[key] = program = EngineProgram.Write(_weights, key, _synthesis, _grain, _options);
        }

        return program;
    }

    private sealed class Prediction(EngineNetwork owner) : TilePrediction
    {
        private readonly FloatBuffer _arena = new(), _copies = new();
        private EngineProgram? _program;
        private FramePair _colours;
        private TileResult _result;

        public override void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation)
        {
            InterpolationNetwork.CheckTime(owner._weights.Network.Configuration, time);
            float* memory = _arena.Take(_program!.Floats);
            _program.Prepare(memory, _colours, Samples, mean, time);
            _result = _program.Run(memory, cancellation);
        }

        public override TileResult Wait() => _result;

        public override void Release()
        {
            _result = default;
            base.Release();
        }

        protected override float* Allocate(in TileShape shape)
        {
            _program = owner.ProgramOf(shape);
            float* copies = _copies.Take(shape.InputPlanes * shape.PlaneLength);
            _colours = FramePair.Of(copies, 3, shape);
            return copies;
        }

        protected override bool Use(in TileShape shape, in FramePair colours, in FramePair samples)
        {
            (_program, _colours) = (owner.ProgramOf(shape), colours);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _arena.Dispose();
            _copies.Dispose();
        }
    }
}
