using AdaConv.Engine;
using AdaConv.Model;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A network that looks at two frames and predicts the kernels (and the motion) that make the frame between them.</summary>
/// <remarks>Training and filter use this very class.</remarks>
public abstract class InterpolationNetwork : nn.Module
{
    /// <summary>Creates the base with the configuration that the weights' file will carry.</summary>
    protected InterpolationNetwork(NetworkConfiguration configuration)
        : base("network")
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = configuration;
    }

    /// <summary>The configuration that the layers were built by.</summary>
    public NetworkConfiguration Configuration { get; }

    /// <summary>Type of the convolutions: <see cref="ScalarType.Float32"/>, <see cref="ScalarType.BFloat16"/> or <see cref="ScalarType.Float16"/>.</summary>
    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>Type that taps and what they are applied to are stored in: <see cref="ScalarType.Float32"/>, on a device <see cref="ScalarType.Float16"/>, too.</summary>
    internal ScalarType TapType { get; set; } = ScalarType.Float32;

    /// <summary>How the convolution and warp kernels run.</summary>
    public EngineOptions Engine { get; set; } = EngineOptions.Default;

    /// <summary>Height and width of what <see cref="Predict"/> takes must be multiples of this.</summary>
    public abstract int SizeMultiple { get; }

    /// <summary>Pixels beyond a tile's edge that its result looks at: the overlap that tiles need.</summary>
    public abstract int Context { get; }

    /// <summary>Bytes of memory at most that a prediction and its synthesis take for each pixel looked at (measured, rounded up).</summary>
    public abstract int BytesPerPixel { get; }

    /// <summary>
    /// Multiply-adds for each pixel of the new frame: those of the convolutions, and of the separable convolution of both frames' three planes,
    /// 2 · 3 · K (K + 1). Warping, upsampling and activations are not counted.
    /// </summary>
    public double MultiplyAddsPerPixel => LayerMultiplyAdds + 6.0 * Configuration.KernelSize * (Configuration.KernelSize + 1);

    /// <summary>Multiply-adds of the convolution layers for each pixel.</summary>
    protected abstract double LayerMultiplyAdds { get; }

    /// <summary>Predicts taps, and for guided networks flows and mask.</summary>
    /// <param name="frames">Both frames' colour planes [N, 6, H, W] float32, contiguous, nominally 0..1: R, G, B of the earlier, then of the later.</param>
    /// <param name="mean">Mean colour of both frames [N, 3, 1, 1]; for tiles, that of the whole frames.</param>
    /// <param name="withBlends">Also return each flow block's own estimate, for intermediate supervision.</param>
    public abstract NetworkPrediction Predict(Tensor frames, Tensor mean, bool withBlends = false);

    /// <summary>Keeps the weights of the convolutions in <see cref="ComputeType"/> from here on: for prediction, not for training.</summary>
    internal void NarrowWeights()
    {
        foreach (Convolution convolution in modules().OfType<Convolution>())
        {
            convolution.Narrow(ComputeType);
        }
    }

    /// <summary>Mean colour of two frames: [N, 6, H, W] → [N, 3, 1, 1].</summary>
    public static Tensor MeanColour(Tensor frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Tensor means = frames.mean([2, 3], keepdim: true);
        return means.slice(1, 0, 3, 1).Plus(means.slice(1, 3, 6, 1)).mul(Scalars.Half);
    }
}
