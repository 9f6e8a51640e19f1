using AdaConv.Engine;
using AdaConv.Engine.Convolution;

namespace AdaConv.Model;

/// <summary>A network's weights, packed for the engine's convolutions.</summary>
internal sealed unsafe class EngineWeights : IDisposable
{
    private readonly Dictionary<ConvolutionLayer, IDisposable> _layers = [];
    private readonly Dictionary<ConvolutionLayer, TimedBias> _biases = []; // of the layers that know the time
    private float* _narrowGaussians;

    /// <summary>Packs weights.</summary>
    /// <param name="weights">What was read.</param>
    /// <param name="options">Level and threads.</param>
    /// <param name="packing">How.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public EngineWeights(NetworkWeights weights, EngineOptions options, WeightPacking packing = WeightPacking.Fast)
    {
        Network = weights.Network;
        KernelLevel level = options.ResolveLevel();
        try
        {
            Engine.Tiles.Run(Network.Layers.Count, options.ResolveThreads(), i =>
            {
                IDisposable packed = Pack(Network.Layers[i], weights, level, packing);
                lock (_layers)
                {
                    _layers.Add(Network.Layers[i], packed);
                }
            });
            float[] taps = InterpolationNetwork.NarrowGaussian(Network.Configuration.KernelSize);
            _narrowGaussians = NativeFloats.Allocate(4 * taps.Length);
            for (int i = 0; i < 4; i++)
            {
                taps.CopyTo(new Span<float>(_narrowGaussians + i * taps.Length, taps.Length));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        foreach (ConvolutionLayer layer in Network.Layers.Where(layer => layer.KnowsTime))
        {
            LayerWeights used = weights.Of(layer);
            _biases.Add(layer, new(used.Bias, used.Change!));
        }
    }

    ~EngineWeights() => NativeFloats.Free(_narrowGaussians);

    /// <summary>The network that they are of.</summary>
    public InterpolationNetwork Network { get; }

    /// <summary>[4K]: four narrow Gaussians.</summary>
    public float* NarrowGaussians => _narrowGaussians;

    /// <summary>A layer that takes activations, with its weights and its bias for a time.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="time">The time, in a program's arena; null: the layer does not know it.</param>
    /// <param name="arena">The arena.</param>
    public Convolution3x3 OfActivations(ConvolutionLayer layer, EnginePlanes? time, float* arena)
    {
        Convolution3x3 convolution = OfActivations(layer);
        if (ChangedBias(layer, time, arena) is { } bias)
        {
            convolution.SetBias(bias);
        }

        return convolution;
    }

    /// <summary>A layer that takes activations, with whatever bias it has.</summary>
    public Convolution3x3 OfActivations(ConvolutionLayer layer) => (Convolution3x3)_layers[layer];

    /// <summary>A layer that takes planes, with its weights.</summary>
    public PlanarConvolution OfPlanes(ConvolutionLayer layer) => (PlanarConvolution)_layers[layer];

    /// <summary>The same with its bias for a time.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="time">The time, in a program's arena; null: the layer does not know it.</param>
    /// <param name="arena">The arena.</param>
    public PlanarConvolution OfPlanes(ConvolutionLayer layer, EnginePlanes? time, float* arena)
    {
        PlanarConvolution convolution = OfPlanes(layer);
        if (ChangedBias(layer, time, arena) is { } bias)
        {
            convolution.SetBias(bias);
        }

        return convolution;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable layer in _layers.Values)
        {
            layer.Dispose();
        }

        NativeFloats.Free(_narrowGaussians);
        _narrowGaussians = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes that a network takes once its weights are packed: a value for each distinct point of a layer's tiles in place of nine; nine where it
    /// takes planes.</summary>
    public static long PackedBytes(InterpolationNetwork network, WeightPacking packing) => network.Layers.Sum(layer =>
        layer.TakesPlanes ? sizeof(float) * 9L * layer.Inputs * layer.Outputs : Convolution3x3.PackedBytes(ShapeOf(layer), packing));

    // The bias for a time; null where the layer does not know it, or has that bias.
    private float[]? ChangedBias(ConvolutionLayer layer, EnginePlanes? time, float* arena) =>
        time is null ? null : _biases[layer].At(*time.View(arena).Data);

    private static ConvolutionShape ShapeOf(ConvolutionLayer layer) => new(layer.Inputs, layer.Outputs, layer.Stride, layer.Slope);

    private static IDisposable Pack(ConvolutionLayer layer, NetworkWeights weights, KernelLevel level, WeightPacking packing)
    {
        LayerWeights used = weights.Of(layer);
        ConvolutionShape shape = ShapeOf(layer);
        return layer.TakesPlanes
            ? PlanarConvolution.Create(shape, used.Weights, used.Bias, level)
            : Convolution3x3.Create(shape, used.Weights, used.Bias, level, packing);
    }

    // A bias and what changes it; the convolution has that of the middle at first.
    private sealed class TimedBias(float[] middle, BiasChange change)
    {
        private readonly float[] _bias = new float[middle.Length];
        private float _time = 0.5f;

        // The bias for a time; null: the convolution has it.
        public float[]? At(float time)
        {
            if (_time == time)
            {
                return null;
            }

            _time = time;
            float late = 2 * time - 1;
            for (int o = 0; o < _bias.Length; o++)
            {
                _bias[o] = middle[o] + (late * change.Late[o] + late * late * change.Away[o]);
            }

            return _bias;
        }
    }
}
