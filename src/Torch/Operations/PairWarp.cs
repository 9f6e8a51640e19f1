using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Both frames warped by their flows; differentiable in both.</summary>
internal sealed unsafe class PairWarp : autograd.SingleTensorFunction<PairWarp>
{
    /// <inheritdoc/>
    public override string Name => nameof(PairWarp);

    /// <summary>Warps both frames.</summary>
    /// <param name="frames">[N, 2P, H, W] float32 (on a device float16, too), contiguous: the first frame's planes, then the second's.</param>
    /// <param name="motion">[N, ≥4, H, W] float32, contiguous: x and y towards the first frame, x and y towards the second, in pixels.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, 2P, H, W], of the frames' type.</returns>
    public static Tensor Apply(Tensor frames, Tensor motion, EngineOptions options) => apply(frames, motion, options);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (frames, motion, options) = ((Tensor)vars[0], (Tensor)vars[1], (EngineOptions)vars[2]);
        ctx.save_for_backward([frames, motion]);
        ctx.save_data(nameof(EngineOptions), options);
        Tensor output = empty_like(frames);
        for (int frame = 0; frame < 2; frame++)
        {
            BilinearWarp.Forward(
                Shape(frames), View(frames, frame * frames.shape[1] / 2, options), View(motion, 2 * frame, options),
                View(output, frame * frames.shape[1] / 2, options), options);
        }

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (frames, motion) = (ctx.get_saved_variables()[0], ctx.get_saved_variables()[1]);
        var options = (EngineOptions)ctx.get_data(nameof(EngineOptions));
        Tensor gradient = grad_output.contiguous();
        Tensor? framesGradient = frames.requires_grad ? empty_like(frames) : null;
        Tensor motionGradient = motion.shape[1] > 4 ? zeros_like(motion) : empty_like(motion);
        for (int frame = 0; frame < 2; frame++)
        {
            long plane = frame * frames.shape[1] / 2;
            BilinearWarp.Backward(
                Shape(frames), View(frames, plane, options), View(motion, 2 * frame, options), View(gradient, plane, options),
                framesGradient is null ? default : View(framesGradient, plane, options), View(motionGradient, 2 * frame, options), options);
        }

        return [framesGradient!, motionGradient, null!];
    }

    private static WarpShape Shape(Tensor frames) =>
        new((int)frames.shape[0], (int)frames.shape[1] / 2, (int)frames.shape[2], (int)frames.shape[3]);

    private static TensorView View(Tensor tensor, long channel, EngineOptions options) => TensorMemory.Channels(tensor, channel, options);
}
