using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Two pictures brought together by a mask that comes as a logit.</summary>
internal sealed unsafe class MaskedBlend : autograd.SingleTensorFunction<MaskedBlend>
{
    /// <inheritdoc/>
    public override string Name => nameof(MaskedBlend);

    /// <summary>Blends; differentiable in both.</summary>
    /// <param name="pictures">[N, 2P, H, W] float32, contiguous: the first picture's planes, then the second's.</param>
    /// <param name="logits">[N, ≥1, H, W] float32, contiguous; its last channel is the first picture's share before the sigmoid.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, P, H, W].</returns>
    public static Tensor Apply(Tensor pictures, Tensor logits, EngineOptions options) =>
        TensorMemory.HasPlaneKernels(pictures, options) ? apply(pictures, logits, options) : Compose(pictures, logits);

    /// <summary>The same by libtorch's operations: what the kernel is tested against, and what runs on devices.</summary>
    internal static Tensor Compose(Tensor pictures, Tensor logits)
    {
        long planes = pictures.shape[1] / 2;
        Tensor first = pictures.slice(1, 0, planes, 1), second = pictures.slice(1, planes, 2 * planes, 1);
        return second.Plus(sigmoid(logits.slice(1, logits.shape[1] - 1, logits.shape[1], 1)) * (first - second));
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (pictures, logits, options) = ((Tensor)vars[0], (Tensor)vars[1], (EngineOptions)vars[2]);
        ctx.save_for_backward([pictures, logits]);
        ctx.save_data(nameof(EngineOptions), options);
        Tensor output = empty(pictures.shape[0], pictures.shape[1] / 2, pictures.shape[2], pictures.shape[3]);
        FrameBlend.Forward(
            Shape(pictures), TensorMemory.Channels(pictures, 0), TensorMemory.Channels(logits, logits.shape[1] - 1),
            TensorMemory.Channels(output, 0), options);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (pictures, logits) = (ctx.get_saved_variables()[0], ctx.get_saved_variables()[1]);
        var options = (EngineOptions)ctx.get_data(nameof(EngineOptions));
        Tensor gradient = grad_output.contiguous();
        Tensor? picturesGradient = pictures.requires_grad ? empty_like(pictures) : null;
        Tensor logitsGradient = logits.shape[1] > 1 ? zeros_like(logits) : empty_like(logits);
        long last = logits.shape[1] - 1;
        FrameBlend.Backward(
            Shape(pictures), TensorMemory.Channels(pictures, 0), TensorMemory.Channels(logits, last), TensorMemory.Channels(gradient, 0),
            picturesGradient is null ? default : TensorMemory.Channels(picturesGradient, 0), TensorMemory.Channels(logitsGradient, last), options);
        return [picturesGradient!, logitsGradient, null!];
    }

    private static WarpShape Shape(Tensor pictures) =>
        new((int)pictures.shape[0], (int)pictures.shape[1] / 2, (int)pictures.shape[2], (int)pictures.shape[3]);
}
