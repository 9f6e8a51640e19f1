using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>Motion first, then small adaptive kernels.</summary>
/// <remarks>
/// <para>Coarse-to-fine blocks refine two flows and a blending mask (as in RIFE, Huang et al. 2022, and IFRNet, Kong et al. 2022);
/// both frames are warped; a head at half resolution estimates K vertical and K horizontal taps for each warped frame
/// (separable kernels: Niklaus et al. 2017; their normalisation and the joint input mean: Niklaus et al. 2021); the mask blends. Beside
/// motion and mask, blocks hand some hidden channels on.</para>
/// <para>Deviations: no PReLU but a leaky rectifier with a fixed slope (its gradient costs a fourteenth on the CPU); taps stay at half
/// resolution, upsampled inside the convolution; each kernel is a narrow Gaussian plus what sums to zero, so that its sum is one but for
/// rounding and the normalisation never divides by something small (unbounded, sums drifted to between 0.1 and 50 and the gradients
/// exploded); widths are multiples of 32, which bfloat16 convolutions need.</para>
/// </remarks>
public sealed class GuidedNetwork : InterpolationNetwork
{
    /// <summary>Channels that a block looks at: 17 and the hidden ones in use, the rest zero.</summary>
    internal const int InputChannels = 32;

    /// <summary>Slope of every rectifier below zero.</summary>
    internal const double RectifierSlope = 0.1;

    private readonly ModuleList<FlowBlock> blocks = new();
    private readonly Convolution headDown;
    private readonly ModuleList<ResidualPair> headBody = new();
    private readonly Convolution headLast;
    private readonly Scalar _inputScale; // kept: see Runtime/Scalars.cs
    private readonly Tensor _narrowGaussian; // [1, 4K, 1, 1]
    private readonly Tensor _means; // [6, 1, 2, 2]: the mean of 2×2 pixels of each plane

    /// <summary>Creates the network with fresh weights.</summary>
    public GuidedNetwork(NetworkConfiguration configuration)
        : base(configuration)
    {
        foreach (var (width, residuals) in configuration.BlockWidths.Zip(configuration.BlockResiduals))
        {
            blocks.Add(new FlowBlock(width, residuals));
        }

        int headWidth = configuration.HeadWidth;
        headDown = new(InputChannels, headWidth, stride: configuration.InputScale == 1 ? 2 : 1, slope: RectifierSlope); // to half the frame's size
        for (int i = 0; i < configuration.HeadResiduals; i++)
        {
            headBody.Add(new ResidualPair(headWidth));
        }

        headLast = new(headWidth, Convolution.PaddedWidth(4 * configuration.KernelSize + 1), gain: 0.05, zeroSums: (4, configuration.KernelSize));
        _inputScale = ((double)configuration.InputScale).ToScalar();
        float[] taps = KernelHead.NarrowGaussian(configuration.KernelSize);
        _narrowGaussian = tensor([.. taps, .. taps, .. taps, .. taps]).view(1, -1, 1, 1).DetachFromDisposeScope();
        _means = tensor([.. Enumerable.Repeat(0.25f, 24)]).view(6, 1, 2, 2).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int SizeMultiple => Configuration.InputScale * 4 << (Configuration.BlockWidths.Count - 1 + Configuration.CoarsePasses);

    /// <inheritdoc/>
    /// <remarks>A rounding-up of what the coarsest block's residual pairs reach in practice; motion beyond it is cut at a tile's edge.</remarks>
    public override int Context => 12 * SizeMultiple;

    /// <inheritdoc/>
    public override int BytesPerPixel => (ComputeType == ScalarType.BFloat16 ? 900 : 1300) / (Configuration.InputScale == 1 ? 1 : 2);

    /// <inheritdoc/>
    protected override double LayerMultiplyAdds =>
        Enumerable.Range(-Configuration.CoarsePasses, blocks.Count + Configuration.CoarsePasses)
            .Sum(i => blocks[Math.Max(i, 0)].MultiplyAdds / Math.Pow(4, blocks.Count - 1 - i)) / (Configuration.InputScale * Configuration.InputScale)
        + (headDown.MultiplyAdds + headBody.Sum(pair => pair.MultiplyAdds) + headLast.MultiplyAdds) / 4;

    /// <inheritdoc/>
    public override NetworkPrediction Predict(Tensor frames, Tensor mean, bool withBlends = false)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(mean);
        int kernelSize = Configuration.KernelSize;
        if (Configuration.InputScale > 1)
        {
            frames = nn.functional.conv2d(frames, _means, strides: [2L, 2L], groups: 6); // three times as fast as avg_pool2d
        }

        long batch = frames.shape[0], height = frames.shape[2], width = frames.shape[3];

        Tensor motion = zeros(batch, 5, height, width, device: frames.device);       // [N, 5, H, W]: four flow channels, the mask's logit
        Tensor hidden = zeros(batch, Configuration.HiddenChannels, height, width, device: frames.device); // [N, C, H, W]
        Tensor warped = frames;                                                      // [N, 6, H, W]
        List<Tensor> blends = [];
        for (int i = -Configuration.CoarsePasses; i < blocks.Count; i++)
        {
            int scale = 1 << (blocks.Count - 1 - i);                                 // 4, 2, 1; coarse passes before them: 16, 8
            using DisposeScope step = NewDisposeScope();                             // temporaries go block by block: they are most of the memory
            Tensor input = MotionInput.Apply(frames, warped, motion, hidden, mean, new(0.1f / scale, scale, ComputeType, Engine));
            Tensor output = blocks[Math.Max(i, 0)].forward(input);                   // [N, 32, H/4s, W/4s]
            Tensor change = PlanarChannels.Apply([output], [new(0, 4, 4 * scale), new(4, 1)], Engine); // [N, 5, H/4s, W/4s], flows in pixels
            motion = UpsampledSum.Apply(change, motion, Engine).MoveToOuterDisposeScope();
            if (Configuration.HiddenChannels > 0)
            {
                Tensor state = PlanarChannels.Apply([output], [new(5, Configuration.HiddenChannels)], Engine);
                hidden = UpsampledSum.Apply(state, hidden, Engine).MoveToOuterDisposeScope();
            }

            warped = PairWarp.Apply(frames, motion, Engine).MoveToOuterDisposeScope();
            if (withBlends)
            {
                blends.Add(MaskedBlend.Apply(warped, motion, Engine).MoveToOuterDisposeScope());
            }
        }

        Tensor head = Head(MotionInput.Apply(frames, warped, motion, hidden, mean, new(0.05f, 1, ComputeType, Engine))); // [N, ≥4K + 1, H/2, W/2]
        Tensor taps = PlanarChannels.Apply([head], [new(0, 4 * kernelSize, Offsets: _narrowGaussian)], Engine, TapType); // [N, 4K, H/2, W/2]
        Tensor maskChange = PlanarChannels.Apply([head], [new(4 * kernelSize, 1)], Engine); // [N, 1, H/2, W/2]
        if (Configuration.InputScale > 1)
        {
            motion = UpsampledSum.Apply(FullSizeFlows(motion), Configuration.InputScale, Engine); // [N, 5, H, W] of whole frames
        }

        Tensor logit = UpsampledSum.Apply(maskChange, motion.slice(1, 4, 5, 1).contiguous(), Engine); // [N, 1, H, W]
        return new NetworkPrediction(taps, kernelSize, TapScale: 2, motion, logit, Configuration.InputScale > 1 ? null : warped, blends);
    }

    // Flows of half-size frames in pixels of whole ones; the mask as it is.
    private Tensor FullSizeFlows(Tensor motion) => cat([motion.slice(1, 0, 4, 1).mul(_inputScale), motion.slice(1, 4, 5, 1)], 1);

    private Tensor Head(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = headDown.forward(input);
        foreach (ResidualPair residual in headBody)
        {
            x = residual.forward(x);
        }

        return headLast.forward(x).MoveToOuterDisposeScope();
    }
}
