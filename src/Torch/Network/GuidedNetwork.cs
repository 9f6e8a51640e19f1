using AdaConv.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Motion first, then small adaptive kernels.</summary>
/// <remarks>
/// <para>Coarse-to-fine blocks, each at its own level of a pyramid of the frames, refine two flows and a blending mask (as in RIFE, Huang et al. 2022,
/// and IFRNet, Kong et al. 2022); both frames are warped; a head at half resolution estimates K vertical and K horizontal taps for each warped frame
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
    private readonly Tensor _narrowGaussian; // [1, 4K, 1, 1]

    /// <summary>Creates the network with fresh weights.</summary>
    public GuidedNetwork(NetworkConfiguration configuration)
        : base(configuration)
    {
        foreach (var (width, residuals) in configuration.BlockWidths.Zip(configuration.BlockResiduals))
        {
            blocks.Add(new FlowBlock(width, residuals));
        }

        int headWidth = configuration.HeadWidth;
        headDown = new(InputChannels, headWidth, stride: 2, slope: RectifierSlope);
        for (int i = 0; i < configuration.HeadResiduals; i++)
        {
            headBody.Add(new ResidualPair(headWidth));
        }

        headLast = new(headWidth, Convolution.PaddedWidth(4 * configuration.KernelSize + 1), gain: 0.05, zeroSums: (4, configuration.KernelSize));
        float[] taps = KernelHead.NarrowGaussian(configuration.KernelSize);
        _narrowGaussian = tensor([.. taps, .. taps, .. taps, .. taps]).view(1, -1, 1, 1).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int SizeMultiple => Configuration.InputScale * 4 << (Configuration.BlockWidths.Count - 1);

    /// <inheritdoc/>
    /// <remarks>A rounding-up of what the coarsest block's residual pairs reach in practice; motion beyond it is cut at a tile's edge.</remarks>
    public override int Context => 12 * (SizeMultiple << Configuration.CoarsePasses);

    /// <inheritdoc/>
    public override int BytesPerPixel => (ComputeType == ScalarType.BFloat16 ? 900 : 1300) / (Configuration.InputScale == 1 ? 1 : 2);

    /// <inheritdoc/>
    protected override double LayerMultiplyAdds =>
        (Enumerable.Range(-Configuration.CoarsePasses, blocks.Count + Configuration.CoarsePasses)
            .Sum(i => blocks[Math.Max(i, 0)].MultiplyAdds / Math.Pow(4, blocks.Count - 1 - i))
            + (headDown.MultiplyAdds + headBody.Sum(pair => pair.MultiplyAdds) + headLast.MultiplyAdds) / 4)
        / (Configuration.InputScale * Configuration.InputScale);

    /// <inheritdoc/>
    public override NetworkPrediction Predict(Tensor frames, Tensor mean, bool withBlends = false)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(mean);
        int kernelSize = Configuration.KernelSize;
        if (Configuration.InputScale > 1)
        {
            frames = HalvedPlanes.Of(frames, Engine);
        }

        List<Tensor> pyramid = Pyramid(frames);                                      // [N, 6, H/2ˡ, W/2ˡ] at level l
        Tensor motion = PlanesLike(pyramid[^1], 5);                                  // four flow channels in pixels of the level, the mask's logit
        Tensor hidden = PlanesLike(pyramid[^1], Configuration.HiddenChannels);
        Tensor warped = pyramid[^1];
        List<Tensor> blends = [];
        for (int level = pyramid.Count - 1; level >= 0; level--)
        {
            using DisposeScope step = NewDisposeScope();                             // temporaries go block by block: they are most of the memory
            Tensor scaled = pyramid[level];
            if (level < pyramid.Count - 1)
            {
                (motion, hidden) = (Finer(motion, 2, scaled), Upsampled(hidden, 2, scaled));
                warped = PairWarp.Apply(scaled, motion, Engine);
            }

            Tensor input = MotionInput.Apply(scaled, warped, motion, hidden, mean, new(0.1f, ComputeType, Engine));
            Tensor output = blocks[Math.Max(blocks.Count - 1 - level, 0)].forward(input); // [N, 32, h/4, w/4]
            Tensor change = PlanarChannels.Apply([output], [new(0, 4, 4), new(4, 1)], Engine); // [N, 5, h/4, w/4], flows in pixels
            motion = UpsampledSum.Apply(change, motion, Engine).MoveToOuterDisposeScope();
            hidden = NextHidden(output, hidden).MoveToOuterDisposeScope();
            if (withBlends)
            {
                Tensor whole = Finer(motion, 1 << level, frames);
                blends.Add(MaskedBlend.Apply(PairWarp.Apply(frames, whole, Engine), whole, Engine).MoveToOuterDisposeScope());
            }
        }

        warped = PairWarp.Apply(frames, motion, Engine);
        Tensor head = Head(MotionInput.Apply(frames, warped, motion, hidden, mean, new(0.05f, ComputeType, Engine))); // [N, ≥4K + 1, H/2, W/2]
        Tensor taps = PlanarChannels.Apply([head], [new(0, 4 * kernelSize, Offsets: _narrowGaussian)], Engine, TapType); // [N, 4K, H/2, W/2]
        Tensor maskChange = PlanarChannels.Apply([head], [new(4 * kernelSize, 1)], Engine); // [N, 1, H/2, W/2]
        if (Configuration.InputScale > 1)
        {
            taps = UpsampledSum.Apply(taps, Configuration.InputScale, Engine);       // from a quarter of whole frames' size to half
            motion = UpsampledSum.Apply(ScaledFlows(motion, Configuration.InputScale), Configuration.InputScale, Engine);
        }

        Tensor logit = UpsampledSum.Apply(maskChange, motion.slice(1, 4, 5, 1).contiguous(), Engine); // [N, 1, H, W]
        return new NetworkPrediction(taps, kernelSize, TapScale: 2, motion, logit, Configuration.InputScale > 1 ? null : warped, blends);
    }

    // Frames halved again and again: a level for each block and each coarse pass, padded to whole cells of a block (only those of coarse passes need it).
    private List<Tensor> Pyramid(Tensor frames)
    {
        List<Tensor> levels = [frames];
        for (int level = 1; level < blocks.Count + Configuration.CoarsePasses; level++)
        {
            Tensor finer = levels[^1];
            long bottom = -finer.shape[2] & 7, right = -finer.shape[3] & 7;
            if (bottom + right > 0)
            {
                finer = nn.functional.pad(finer, [0L, right, 0L, bottom], PaddingModes.Replicate);
            }

            levels.Add(HalvedPlanes.Of(finer, Engine));
        }

        return levels;
    }

    // The hidden channels that a block hands on.
    private Tensor NextHidden(Tensor output, Tensor hidden) => Configuration.HiddenChannels == 0
        ? hidden.clone()
        : UpsampledSum.Apply(PlanarChannels.Apply([output], [new(5, Configuration.HiddenChannels)], Engine), hidden, Engine);

    // Motion of a coarser level at the size and in pixels of a finer one.
    private Tensor Finer(Tensor motion, int factor, Tensor level) => factor == 1 ? motion : Upsampled(ScaledFlows(motion, factor), factor, level);

    private Tensor Upsampled(Tensor planes, int factor, Tensor level)
    {
        if (planes.shape[1] == 0)
        {
            return PlanesLike(level, 0);
        }

        Tensor large = UpsampledSum.Apply(planes, factor, Engine);
        long height = level.shape[2], width = level.shape[3];
        return large.shape[2] == height && large.shape[3] == width ? large : large.slice(2, 0, height, 1).slice(3, 0, width, 1).contiguous();
    }

    private static Tensor ScaledFlows(Tensor motion, int factor)
    {
        using Scalar scale = ((double)factor).ToScalar();
        return cat([motion.slice(1, 0, 4, 1).mul(scale), motion.slice(1, 4, 5, 1)], 1);
    }

    private static Tensor PlanesLike(Tensor level, int planes) => zeros(level.shape[0], planes, level.shape[2], level.shape[3], device: level.device);

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
