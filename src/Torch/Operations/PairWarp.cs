using AdaConv.Engine;
using AdaConv.Model;
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
    /// <param name="sampling">How frames are sampled at fractions of a pixel; cubically they have no gradient.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, 2P, H, W], of the frames' type.</returns>
    public static Tensor Apply(Tensor frames, Tensor motion, WarpSampling sampling, EngineOptions options) => apply(frames, motion, sampling, options);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (frames, motion, sampling, options) = ((Tensor)vars[0], (Tensor)vars[1], (WarpSampling)vars[2], (EngineOptions)vars[3]);
        ctx.save_for_backward([frames, motion]);
        ctx.save_data(nameof(EngineOptions), options);
        ctx.save_data(nameof(WarpSampling), sampling);
        Tensor output = empty_like(frames);
        for (int frame = 0; frame < 2; frame++)
        {
            long plane = frame * frames.shape[1] / 2;
            TensorView from = View(frames, plane, options), flow = View(motion, 2 * frame, options), to = View(output, plane, options);
            if (sampling.CubicFarShare() is { } far)
            {
                CubicWarp.Forward(Shape(frames), from, flow, to, far, options);
            }
            else
            {
                BilinearWarp.Forward(Shape(frames), from, flow, to, options);
            }
        }

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (frames, motion) = (ctx.get_saved_variables()[0], ctx.get_saved_variables()[1]);
        var options = (EngineOptions)ctx.get_data(nameof(EngineOptions));
        Tensor gradient = grad_output.contiguous();
        float? cubicFarShare = ((WarpSampling)ctx.get_data(nameof(WarpSampling))).CubicFarShare();
        Tensor? framesGradient = frames.requires_grad && cubicFarShare is null ? empty_like(frames) : null;
        Tensor motionGradient = motion.shape[1] > 4 ? zeros_like(motion) : empty_like(motion);
        for (int frame = 0; frame < 2; frame++)
        {
            long plane = frame * frames.shape[1] / 2;
            TensorView from = View(frames, plane, options), flow = View(motion, 2 * frame, options), of = View(gradient, plane, options);
            TensorView flowGradient = View(motionGradient, 2 * frame, options);
            if (cubicFarShare is { } far)
            {
                CubicWarp.Backward(Shape(frames), from, flow, of, flowGradient, far, options);
                continue;
            }

            TensorView image = framesGradient is null ? default : View(framesGradient, plane, options);
            BilinearWarp.Backward(Shape(frames), from, flow, of, image, flowGradient, options);
        }

        return [framesGradient!, motionGradient, null!, null!];
    }

    private static WarpShape Shape(Tensor frames) =>
        new((int)frames.shape[0], (int)frames.shape[1] / 2, (int)frames.shape[2], (int)frames.shape[3]);

    private static TensorView View(Tensor tensor, long channel, EngineOptions options) => TensorMemory.Channels(tensor, channel, options);
}
