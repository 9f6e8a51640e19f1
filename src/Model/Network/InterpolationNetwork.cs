namespace AdaConv.Model;

/// <summary>
/// A network, described once for whoever runs it: its layers as data, and the order of operations over <see cref="INetworkOperations{T}"/>.
/// It looks at two frames and predicts the kernels (and the motion) that make the frame between them. It holds no weights.
/// </summary>
public abstract class InterpolationNetwork
{
    private protected InterpolationNetwork(NetworkConfiguration configuration) => Configuration = configuration;

    /// <summary>The configuration that decides the layers.</summary>
    public NetworkConfiguration Configuration { get; }

    /// <summary>All layers with weights, in the order that weight files and optimizers have them in.</summary>
    public abstract IReadOnlyList<ConvolutionLayer> Layers { get; }

    /// <summary>Height and width of what <see cref="Predict"/> takes must be multiples of this.</summary>
    public abstract int SizeMultiple { get; }

    /// <summary>Pixels beyond a tile's edge that its result looks at: the overlap that tiles need.</summary>
    public abstract int Context { get; }

    /// <summary>
    /// Multiply-adds for each pixel of the new frame: those of the convolutions, and of the separable convolution of both frames' three planes,
    /// 2 · 3 · K (K + 1). Warping, upsampling and activations are not counted.
    /// </summary>
    public double MultiplyAddsPerPixel => LayerMultiplyAdds + 6.0 * Configuration.KernelSize * (Configuration.KernelSize + 1);

    /// <summary>Multiply-adds of the convolution layers for each pixel.</summary>
    private protected abstract double LayerMultiplyAdds { get; }

    /// <summary>The network of a configuration.</summary>
    /// <exception cref="ModelException">The configuration is not valid.</exception>
    public static InterpolationNetwork Of(NetworkConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        return configuration.Kind == NetworkKind.Paper ? new PaperNetwork(configuration) : new GuidedNetwork(configuration);
    }

    /// <summary>A kernel [K] of sum one: a Gaussian with σ = 0.5 pixel. Fresh taps are near it, so that training starts from averaging.</summary>
    public static float[] NarrowGaussian(int kernelSize)
    {
        double[] kernel = [.. Enumerable.Range(0, kernelSize).Select(i => Math.Exp(-2.0 * Math.Pow(i - kernelSize / 2, 2)))];
        return [.. kernel.Select(tap => (float)(tap / kernel.Sum()))];
    }

    /// <summary>Checks a time that a network is to predict at.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It knows the middle of two frames only, and that is another time.</exception>
    public static void CheckTime(NetworkConfiguration configuration, double time)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (time != 0.5 && !configuration.KnowsTime)
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, "The network knows the middle of two frames only.");
        }
    }

    /// <summary>Predicts taps, and for guided networks flows and mask.</summary>
    /// <param name="operations">Compute.</param>
    /// <param name="frames">Both frames' colour planes [6, H, W], nominally 0..1: R, G, B of the earlier, then of the later.</param>
    /// <param name="mean">Mean colour of both frames [3, 1, 1]; for tiles, that of the whole frames.</param>
    /// <param name="time">
    /// When the frame between lies, [1, 1, 1]: more than 0 (the earlier frame), less than 1 (the later one). Null: in the middle. Networks that know the
    /// middle only do not look at it.
    /// </param>
    /// <param name="withBlends">Also return each flow block's own estimate, for intermediate supervision.</param>
    /// <param name="hints">What is known of the motion already; null: nothing. Networks without motion do not look at it.</param>
    public abstract NetworkPrediction<T> Predict<T>(
        INetworkOperations<T> operations, T frames, T mean, T? time = null, bool withBlends = false, MotionHints<T>? hints = null)
        where T : class;

    /// <summary>
    /// Pixels each way of the cells that motion is told for (<see cref="MotionHints{T}.Bend"/>), a divisor of <see cref="SizeMultiple"/>; 0: the network
    /// finds no motion before its finest level.
    /// </summary>
    public virtual int MotionCell => 0;

    /// <summary>The motion between two frames, as all levels but the finest find it: about a third of a prediction's work.</summary>
    /// <param name="operations">Compute.</param>
    /// <param name="frames">Both frames' colour planes [6, H, W].</param>
    /// <param name="mean">Mean colour of both frames [3, 1, 1].</param>
    /// <param name="time">When the frame between lies, as for <see cref="Predict"/>.</param>
    /// <returns>Null where <see cref="MotionCell"/> is 0.</returns>
    public virtual CoarseMotion<T>? FindMotion<T>(INetworkOperations<T> operations, T frames, T mean, T? time = null)
        where T : class => null;

    /// <summary>The motion that was found, in cells: [4, H/c, W/c], each the mean over a <see cref="MotionCell"/> of c pixels.</summary>
    /// <param name="operations">Compute.</param>
    /// <param name="found">What <see cref="FindMotion"/> found; it is left as it is.</param>
    /// <param name="pixels">Pixels of the frames for each unit of the result: it is to be multiplied by them.</param>
    public T Cells<T>(INetworkOperations<T> operations, CoarseMotion<T> found, out float pixels)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(found);
        pixels = 2 * Configuration.InputScale;
        T flows = operations.Slice(found.Motion, 0, 4), half = operations.Halve(flows), cells = operations.Halve(half);
        operations.Release(half);
        return cells;
    }

    /// <summary>Planes of the frame between from a prediction: warp where there is motion, convolve, and bring both frames together.</summary>
    /// <param name="operations">Compute.</param>
    /// <param name="prediction">What the network says of the pair.</param>
    /// <param name="frames">
    /// [2P, H, W]: P planes of the first frame, P of the second, in any affine scale; null = the colour planes that the network saw, already warped.
    /// </param>
    /// <param name="synthesis">Whether the taps are applied.</param>
    /// <param name="detailed">[2P, H, W]: the frames themselves, whose detail the result keeps; null: it need not. A network without motion does not.</param>
    /// <returns>[P, H, W].</returns>
    public static T Synthesize<T>(
        INetworkOperations<T> operations, NetworkPrediction<T> prediction, T? frames, Synthesis synthesis = Synthesis.Convolution, T? detailed = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(prediction);
        T aligned = frames is null
            ? prediction.Warped ?? throw new ArgumentNullException(nameof(frames))
            : prediction.Flows is { } flows ? operations.Warp(frames, flows, prediction.Sampling) : frames;
        KeptDetail<T>? kept = detailed is not null && prediction.Flows is { } motion ? new(operations.Detail(detailed), motion) : null;
        if (synthesis == Synthesis.Warping && prediction.MaskLogit is { } mask)
        {
            return operations.Blend(aligned, mask, kept);
        }

        T convolved = operations.ConvolveSeparably(
            aligned, prediction.Taps, prediction.KernelSize, prediction.TapScale, normalize: prediction.MaskLogit is not null);
        if (!ReferenceEquals(aligned, frames) && !ReferenceEquals(aligned, prediction.Warped))
        {
            operations.Release(aligned);
        }

        T between = prediction.MaskLogit is { } logit
            ? operations.Blend(convolved, logit, kept)
            : operations.SumNormalized(convolved, prediction.Taps, prediction.KernelSize);
        operations.Release(kept?.Energy);
        operations.Release(convolved);
        return between;
    }
}
