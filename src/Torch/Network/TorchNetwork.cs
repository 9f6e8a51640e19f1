using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A network with its weights, run by libtorch: to be trained, and on CUDA devices. What it computes is <see cref="Description"/>'s.</summary>
public sealed class TorchNetwork : nn.Module
{
    private readonly Dictionary<ConvolutionLayer, Convolution> _layers = [];

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="configuration">What the layers are built by.</param>
    /// <param name="seed">The weights are those of this seed, whatever else the process draws; null: any.</param>
    /// <exception cref="ModelException">The configuration is not valid, or libtorch cannot be loaded.</exception>
    public TorchNetwork(NetworkConfiguration configuration, int? seed = null)
        : base(Initialized("network"))
    {
        Description = InterpolationNetwork.Of(configuration);
        using Generator? generator = seed is { } value ? new Generator(unchecked((ulong)value)) : null;
        Folder root = new(this);
        foreach (ConvolutionLayer layer in Description.Layers)
        {
            Convolution convolution = new(layer, generator);
            root.Add(layer.Name.Split('.'), convolution);
            _layers.Add(layer, convolution);
        }

        float[] taps = InterpolationNetwork.NarrowGaussian(configuration.KernelSize);
        using Tensor kernels = tensor([.. taps, .. taps, .. taps, .. taps]);
        register_buffer("narrowGaussian", kernels.view(1, -1, 1, 1).DetachFromDisposeScope(), persistent: false);
    }

    /// <summary>The network without its weights.</summary>
    public InterpolationNetwork Description { get; }

    /// <summary>The configuration that the layers were built by.</summary>
    public NetworkConfiguration Configuration => Description.Configuration;

    /// <summary>Type of the convolutions: <see cref="ScalarType.Float32"/>, <see cref="ScalarType.BFloat16"/> or <see cref="ScalarType.Float16"/>.</summary>
    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>Type that taps and what they are applied to are stored in: <see cref="ScalarType.Float32"/>, on a device <see
    /// cref="ScalarType.Float16"/>, too.</summary>
    internal ScalarType TapType { get; set; } = ScalarType.Float32;

    /// <summary>How the convolution and warp kernels run.</summary>
    public EngineOptions Engine { get; set; } = EngineOptions.Default;

    /// <summary>Bytes of memory at most that a prediction and its synthesis take for each pixel looked at (measured, rounded up).</summary>
    internal int BytesPerPixel => Configuration.Kind == NetworkKind.Paper
        ? (ComputeType == ScalarType.BFloat16 ? 7500 : 10_000)
        : (ComputeType == ScalarType.BFloat16 ? 900 : 1300) / (Configuration.InputScale == 1 ? 1 : 2);

    /// <summary>Predicts taps, and for guided networks flows and mask.</summary>
    /// <param name="frames">Both frames' colour planes [N, 6, H, W] float32, contiguous, nominally 0..1: R, G, B of the earlier, then of the later.</param>
    /// <param name="mean">Mean colour of both frames [N, 3, 1, 1]; for tiles, that of the whole frames.</param>
    /// <param name="time">When each frame between lies, [N, 1, 1, 1] float32; null: in the middle.</param>
    /// <param name="withBlends">Also return each flow block's own estimate, for intermediate supervision.</param>
    /// <param name="hints">What is known of the motion already; null: nothing.</param>
    public NetworkPrediction<Tensor> Predict(
        Tensor frames, Tensor mean, Tensor? time = null, bool withBlends = false, MotionHints<Tensor>? hints = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(mean);
        return Description.Predict(new TorchOperations(this), frames, mean, time, withBlends, hints);
    }

    /// <summary>The motion alone, without the finest level: see <see cref="InterpolationNetwork.FindMotion{T}"/>.</summary>
    public CoarseMotion<Tensor>? FindMotion(Tensor frames, Tensor mean, Tensor? time = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(mean);
        return Description.FindMotion(new TorchOperations(this), frames, mean, time);
    }

    /// <summary>Planes of the frame between from a prediction: see <see cref="InterpolationNetwork.Synthesize"/>.</summary>
    public Tensor Synthesize(
        NetworkPrediction<Tensor> prediction, Tensor? frames, Synthesis synthesis = Synthesis.Convolution, Tensor? detailed = null) =>
        InterpolationNetwork.Synthesize(new TorchOperations(this), prediction, frames, synthesis, detailed);

    /// <summary>Mean colour of two frames: [N, 6, H, W] → [N, 3, 1, 1].</summary>
    public static Tensor MeanColour(Tensor frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Tensor means = frames.mean([2, 3], keepdim: true);
        return means.slice(1, 0, 3, 1).Plus(means.slice(1, 3, 6, 1)).mul(Scalars.Half);
    }

    /// <summary>A layer with its weights.</summary>
    internal Convolution this[ConvolutionLayer layer] => _layers[layer];

    /// <summary>What is added to the taps of kernels that sum to one: [1, 4K, 1, 1].</summary>
    internal Tensor NarrowGaussians => get_buffer("narrowGaussian")!;

    /// <summary>Keeps the weights of the convolutions in <see cref="ComputeType"/> from here on: for prediction, not for training.</summary>
    internal void NarrowWeights()
    {
        foreach (Convolution convolution in _layers.Values)
        {
            convolution.Narrow(ComputeType);
        }
    }

    /// <summary>
    /// Has the engine's kernels run the float32 convolutions on the processor, in either direction, where libtorch's do otherwise; null: libtorch's again.
    /// </summary>
    public void UseEngineConvolutions(EngineOptions? options)
    {
        foreach (Convolution convolution in _layers.Values)
        {
            convolution.UseEngine(options);
        }
    }

    // libtorch has to be loaded before anything of it is made.
    private static string Initialized(string name)
    {
        TorchRuntime.Initialize();
        return name;
    }

    // Modules named by the parts of a layer's name: "blocks.0.down0".
    private sealed class Folder(nn.Module module)
    {
        private readonly Dictionary<string, Folder> _children = [];

        public void Add(ReadOnlySpan<string> path, Convolution layer)
        {
            if (path.Length == 1)
            {
                module.register_module(path[0], layer);
                return;
            }

            if (!_children.TryGetValue(path[0], out Folder? child))
            {
                Group group = new();
                module.register_module(path[0], group);
                _children[path[0]] = child = new(group);
            }

            child.Add(path[1..], layer);
        }
    }

    private sealed class Group() : nn.Module("group");
}
