using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AdaConv.OnnxRuntime;

/// <summary>A network run by ONNX Runtime, as tiles see it: float32, a session for each shape of a tile.</summary>
internal sealed unsafe class OnnxTileNetwork : ITileNetwork
{
    private static readonly string[] s_inputs = ["planes", "mean", "time"];
    private readonly NetworkWeights _weights;
    private readonly InterpolatorOptions _options;
    private readonly OnnxProvider _provider;
    private readonly int _threads;
    private readonly Dictionary<TileShape, InferenceSession> _sessions = [];

    /// <summary>Takes weights; a session is made for the first tile of a shape.</summary>
    /// <exception cref="ModelException">The options ask for what the device has not.</exception>
    public OnnxTileNetwork(NetworkWeights weights, InterpolatorOptions options)
    {
        if (options.Precision is not (Precision.Auto or Precision.Float32))
        {
            throw new ModelException("With the device onnx the precision is float32; bfloat16 and float16 are for the device cuda.");
        }

        if (options.Synthesis == Synthesis.Warping && weights.Network.Configuration.Kind == NetworkKind.Paper)
        {
            throw new ModelException("A network of the kind paper finds no motion to warp by; take --synthesis convolution.");
        }

        (_weights, _options, _provider) = (weights, options, OnnxProvider.Of(options.Device)!);
        _threads = new EngineOptions(Threads: options.Threads).ResolveThreads();
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
    public int BytesPerPixel => _weights.Network.Configuration.Kind == NetworkKind.Paper ? 12_000 : 2500;

    /// <inheritdoc/>
    public TilePrediction CreatePrediction() => new Prediction(this);

    /// <inheritdoc/>
    public bool IsOutOfMemory(Exception error) =>
        error is OnnxRuntimeException && error.Message.Contains("memory", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public ModelException? Explain(Exception error) => error is OnnxRuntimeException
        ? new($"The device {NetworkExecutors.WordOf(_options.Device)} failed. {error.Message} The device cpu works everywhere.", error)
        : null;

    /// <inheritdoc/>
    public ITileNetwork? MoveToProcessor() => new EngineNetwork(_weights, _options with { Precision = Precision.Auto });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (InferenceSession session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
    }

    private InferenceSession SessionOf(in TileShape shape)
    {
        TileShape key = shape with { Depth = 0 }; // all is float32
        if (!_sessions.TryGetValue(key, out InferenceSession? session))
        {
            using SessionOptions options = new()
            {
                IntraOpNumThreads = _threads,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // its errors come as exceptions
            };
            options.AddFreeDimensionOverrideByName("height", shape.Height);
            options.AddFreeDimensionOverrideByName("width", shape.Width);
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // decoder and encoder want the processor, too
            _provider.Use(options);
            _sessions[key] = session = new(OnnxModel.ForTiles(_weights, shape, _options.Synthesis, _options.Grain), options);
        }

        return session;
    }

    private sealed class Prediction(OnnxTileNetwork owner) : TilePrediction
    {
        private readonly FloatBuffer _input = new(), _output = new();
        private TileResult _result;

        public override void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation)
        {
            InterpolationNetwork.CheckTime(owner._weights.Network.Configuration, time);
            InferenceSession session = owner.SessionOf(Shape);
            bool hasMotion = session.OutputNames.Count > 1;
            float* behind = Input + Shape.InputPlanes * Shape.PlaneLength;
            mean.CopyTo(new Span<float>(behind, 3));
            behind[3] = (float)time;
            float* samples = _output.Take((Shape.SampleCount + 1) * Shape.PlaneLength), motion = samples + Shape.SampleCount * Shape.PlaneLength;
            using OrtValue planes = Value(Input, Shape.InputPlanes, Shape.Height, Shape.Width);
            using OrtValue colour = Value(behind, 3, 1, 1), when = Value(behind + 3, 1, 1, 1);
            using OrtValue made = Value(samples, Shape.SampleCount, Shape.Height, Shape.Width), extent = Value(motion, 1, Shape.Height, Shape.Width);
            using RunOptions run = new();
            using CancellationTokenRegistration end = cancellation.Register(() => run.Terminate = true);
            try
            {
                session.Run(run, s_inputs, [planes, colour, when], session.OutputNames, hasMotion ? [made, extent] : [made]);
            }
            catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }

            _result = new(samples, hasMotion ? motion : null);
        }

        public override TileResult Wait() => _result;

        public override void Release()
        {
            _result = default;
            base.Release();
        }

        protected override float* Allocate(in TileShape shape) => _input.Take(shape.InputPlanes * shape.PlaneLength + 4);

        protected override void Dispose(bool disposing)
        {
            _input.Dispose();
            _output.Dispose();
        }

        private static OrtValue Value(float* data, int channels, int height, int width) => OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, [1, channels, height, width], (nint)data,
            sizeof(float) * (long)channels * height * width);
    }
}
