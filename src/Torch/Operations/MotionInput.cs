using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>What a block of the guided network looks at: both frames, both warped frames, flows, mask and hidden channels, interleaved.</summary>
internal sealed unsafe class MotionInput : autograd.SingleTensorFunction<MotionInput>
{
    /// <summary>Channels of the result.</summary>
    public const int Channels = 32;

    /// <inheritdoc/>
    public override string Name => nameof(MotionInput);

    /// <summary>Makes the input of a block; differentiable in <paramref name="warped"/>, <paramref name="motion"/> and <paramref name="hidden"/>.</summary>
    /// <param name="frames">[N, 6, H, W] float32, contiguous.</param>
    /// <param name="warped">[N, 6, H, W] float32, contiguous.</param>
    /// <param name="motion">[N, 5, H, W] float32, contiguous: four flow channels, the mask's logit.</param>
    /// <param name="hidden">[N, 0 to 15, H, W] float32, contiguous.</param>
    /// <param name="mean">[N, 3, 1, 1]: taken off all colours.</param>
    /// <param name="settings">Scale of the flows, type, and how the kernels run.</param>
    /// <returns>[N, 32, H, W], channels last; channels beyond those given are zero.</returns>
    public static Tensor Apply(Tensor frames, Tensor warped, Tensor motion, Tensor hidden, Tensor mean, Settings settings)
    {
        if (!TensorMemory.HasPlaneKernels(frames, settings.Options))
        {
            return Compose(frames, warped, motion, hidden, mean, settings);
        }

        Tensor offsets = cat([mean, mean], 1).neg().contiguous();                    // [N, 6, 1, 1]
        return apply(frames, warped, motion, hidden, offsets, settings).permute(0, 3, 1, 2);
    }

    /// <summary>The same by libtorch's operations: what the kernel is tested against, and what runs on devices.</summary>
    internal static Tensor Compose(Tensor frames, Tensor warped, Tensor motion, Tensor hidden, Tensor mean, Settings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar scale = settings.FlowScale.ToScalar();
        Tensor means = cat([mean, mean], 1), flows = motion.slice(1, 0, 4, 1).mul(scale), mask = motion.slice(1, 4, 5, 1);
        Tensor input = cat([frames - means, warped - means, flows, mask, hidden], 1); // [N, ≥17, H, W]
        long unused = Channels - input.shape[1];
        input = nn.functional.pad(input.to(settings.Type), [0L, 0L, 0L, 0L, 0L, unused], PaddingModes.Constant, 0);
        return input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (frames, warped, motion, hidden) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (offsets, settings) = ((Tensor)vars[4], (Settings)vars[5]);
        ctx.save_for_backward([warped, motion, hidden]);
        ctx.save_data(nameof(Settings), settings);
        Tensor output = empty(frames.shape[0], frames.shape[2], frames.shape[3], Channels, settings.Type);
        float* means = TensorMemory.Floats(offsets);
        PlanePacking.Pack(
            Shape(frames),
            [
                new PlaneGroup(TensorMemory.Channels(frames, 0), 6, offsets: means),
                new PlaneGroup(TensorMemory.Channels(warped, 0), 6, offsets: means),
                .. settings.Groups(motion, hidden, (int)hidden.shape[1]),
            ],
            TensorMemory.Interleaved(output), settings.Options);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        var settings = (Settings)ctx.get_data(nameof(Settings));
        Tensor gradient = grad_output.contiguous();
        Tensor?[] gradients = [.. saved.Select(tensor => tensor.requires_grad ? empty_like(tensor) : null)];
        PlanePacking.Unpack(
            Shape(saved[0]), TensorMemory.Interleaved(gradient),
            [
                new PlaneGroup(default, 6),
                new PlaneGroup(Settings.View(gradients[0], 0), 6),
                .. settings.Groups(gradients[1], gradients[2], (int)saved[2].shape[1]),
            ],
            settings.Options);
        return [null!, gradients[0]!, gradients[1]!, gradients[2]!, null!, null!];
    }

    private static PackingShape Shape(Tensor planes) => new((int)planes.shape[0], (int)planes.shape[2], (int)planes.shape[3]);

    /// <summary>How the input is made.</summary>
    /// <param name="FlowScale">Factor on the four flow channels.</param>
    /// <param name="Type">float32 or bfloat16.</param>
    /// <param name="Options">How the kernels run.</param>
    internal sealed record Settings(float FlowScale, ScalarType Type, EngineOptions Options)
    {
        public static TensorView View(Tensor? tensor, int channel) => tensor is null ? default : TensorMemory.Channels(tensor, channel);

        public PlaneGroup[] Groups(Tensor? motion, Tensor? hidden, int hiddenChannels)
        {
            PlaneGroup flows = new(View(motion, 0), 4, FlowScale), mask = new(View(motion, 4), 1);
            return hiddenChannels == 0 ? [flows, mask] : [flows, mask, new PlaneGroup(View(hidden, 0), hiddenChannels)];
        }
    }
}
