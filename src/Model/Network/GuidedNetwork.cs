using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>Motion first, then small adaptive kernels.</summary>
/// <remarks>
/// <para>Coarse-to-fine blocks refine two flows and a blending mask (as in RIFE, Huang et al. 2022, and IFRNet, Kong et al. 2022);
/// both frames are warped; a head at half resolution estimates K vertical and K horizontal taps for each warped frame
/// (separable kernels: Niklaus et al. 2017; their normalisation and the joint input mean: Niklaus et al. 2021); the mask blends.</para>
/// <para>Deviations: no PReLU but a leaky rectifier with a fixed slope (its gradient costs a fourteenth on the CPU); taps stay at half
/// resolution, upsampled inside the convolution; widths are multiples of 32, which bfloat16 convolutions need.</para>
/// </remarks>
public sealed class GuidedNetwork : InterpolationNetwork
{
    /// <summary>Channels that a block looks at: 17 in use, the rest zero.</summary>
    internal const int InputChannels = 32;

    /// <summary>Slope of every rectifier below zero.</summary>
    internal const double RectifierSlope = 0.1;

    private const int UsedChannels = 17;
    private readonly ModuleList<FlowBlock> blocks = new();
    private readonly Convolution headDown;
    private readonly ModuleList<ResidualPair> headBody = new();
    private readonly Convolution headLast;
    private readonly Tensor _narrowGaussian; // [1, 4K + 1, 1, 1]

    /// <summary>Creates the network with fresh weights.</summary>
    public GuidedNetwork(NetworkConfiguration configuration)
        : base(configuration)
    {
        foreach (int width in configuration.BlockWidths)
        {
            blocks.Add(new FlowBlock(width, configuration.BlockResiduals));
        }

        int headWidth = configuration.HeadWidth;
        headDown = new(InputChannels, headWidth, stride: 2, slope: RectifierSlope);
        for (int i = 0; i < configuration.HeadResiduals; i++)
        {
            headBody.Add(new ResidualPair(headWidth));
        }

        headLast = new(headWidth, Convolution.PaddedWidth(4 * configuration.KernelSize + 1), gain: 0.05);
        float[] taps = KernelHead.NarrowGaussian(configuration.KernelSize);
        _narrowGaussian = tensor([.. taps, .. taps, .. taps, .. taps, 0f]).view(1, -1, 1, 1).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int SizeMultiple => 4 << (Configuration.BlockWidths.Count - 1);

    /// <inheritdoc/>
    /// <remarks>A rounding-up of what the coarsest block's residual pairs reach in practice; motion beyond it is cut at a tile's edge.</remarks>
    public override int Context => 12 * SizeMultiple;

    /// <inheritdoc/>
    public override int BytesPerPixel => ComputeType == ScalarType.BFloat16 ? 900 : 1300;

    /// <inheritdoc/>
    public override NetworkPrediction Predict(Tensor frames, Tensor mean, bool withBlends = false)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(mean);
        int kernelSize = Configuration.KernelSize;
        long batch = frames.shape[0], height = frames.shape[2], width = frames.shape[3];

        Tensor means = cat([mean, mean], 1);                                         // [N, 6, 1, 1]
        Tensor centred = frames - means;                                             // [N, 6, H, W]
        Tensor motion = zeros(batch, 5, height, width, device: frames.device);        // [N, 5, H, W]: four flow channels, the mask's logit
        Tensor warped = frames;                                                      // [N, 6, H, W]
        List<Tensor> blends = [];
        for (int i = 0; i < blocks.Count; i++)
        {
            int scale = 1 << (blocks.Count - 1 - i);                                 // 4, 2, 1
            using DisposeScope step = NewDisposeScope();                             // temporaries go block by block: they are most of the memory
            Tensor input = BlockInput(centred, warped - means, motion, 0.1f / scale, scale);
            Tensor output = blocks[i].forward(input);                                // [N, 32, H/4s, W/4s]
            Tensor change = output.slice(1, 0, 5, 1).to(ScalarType.Float32).contiguous();
            change *= MotionScale(4 * scale, frames.device);
            motion = motion + nn.functional.interpolate(
                change, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
            motion.MoveToOuterDisposeScope();
            warped = PairWarp.Apply(frames, motion, Engine).MoveToOuterDisposeScope();
            if (withBlends)
            {
                blends.Add(Blend(warped, sigmoid(motion.slice(1, 4, 5, 1))).MoveToOuterDisposeScope());
            }
        }

        Tensor head = Head(BlockInput(centred, warped - means, motion, 0.05f, 1)); // [N, 32 or more, H/2, W/2]
        Tensor taps = head.slice(1, 0, 4 * kernelSize + 1, 1).to(ScalarType.Float32).contiguous();
        taps = taps + _narrowGaussian.to(taps.device);                               // [N, 4K + 1, H/2, W/2]
        Tensor logit = nn.functional.interpolate(
            taps.slice(1, 4 * kernelSize, 4 * kernelSize + 1, 1), size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        Tensor mask = sigmoid(motion.slice(1, 4, 5, 1) + logit);                     // [N, 1, H, W]
        return new NetworkPrediction(taps, kernelSize, TapScale: 2, motion, mask, warped, blends);
    }

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

    // Both frames, both warped frames, flows and mask, pooled to the block's scale: [N, 32, H/s, W/s], channels last.
    private Tensor BlockInput(Tensor centred, Tensor warped, Tensor motion, float flowScale, int scale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scaled = motion * tensor([flowScale, flowScale, flowScale, flowScale, 1f], device: motion.device).view(1, 5, 1, 1);
        Tensor input = cat([centred, warped, scaled], 1);                            // [N, 17, H, W]
        if (scale > 1)
        {
            input = nn.functional.avg_pool2d(input, scale, scale);
        }

        input = nn.functional.pad(input.to(ComputeType), [0L, 0L, 0L, 0L, 0L, InputChannels - UsedChannels], PaddingModes.Constant, 0);
        return input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private static Tensor Blend(Tensor warped, Tensor mask)
    {
        Tensor first = warped.slice(1, 0, 3, 1), second = warped.slice(1, 3, 6, 1);
        return second + mask * (first - second);
    }

    private static Tensor MotionScale(float pixels, Device device) =>
        tensor([pixels, pixels, pixels, pixels, 1f], device: device).view(1, 5, 1, 1);
}
