using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Both frames convolved with their separable kernels (eq. 2 and 3 of Niklaus et al. 2017); differentiable in both.</summary>
internal sealed unsafe class PairConvolution : autograd.SingleTensorFunction<PairConvolution>
{
    /// <inheritdoc/>
    public override string Name => nameof(PairConvolution);

    /// <summary>Convolves both frames.</summary>
    /// <param name="frames">[N, 2P, H, W] float32 (on a device float16, too), contiguous: the first frame's planes, then the second's.</param>
    /// <param name="taps">[N, ≥4K, h, w] of the frames' type, contiguous: K vertical and K horizontal taps of the first frame, then of the second.</param>
    /// <param name="kernelSize">Taps K.</param>
    /// <param name="tapScale">1, or 2 for taps at half resolution.</param>
    /// <param name="normalize">Divide by the sum of each kernel.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, 2P, H, W], of the frames' type.</returns>
    public static Tensor Apply(Tensor frames, Tensor taps, int kernelSize, int tapScale, bool normalize, EngineOptions options) =>
        apply(frames, taps, new Settings(kernelSize, tapScale, normalize, options));

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (frames, taps, settings) = ((Tensor)vars[0], (Tensor)vars[1], (Settings)vars[2]);
        ctx.save_for_backward([frames, taps]);
        ctx.save_data(nameof(Settings), settings);
        Tensor output = empty_like(frames);
        for (int frame = 0; frame < 2; frame++)
        {
            long plane = frame * frames.shape[1] / 2;
            SeparableConvolution.Forward(
                settings.Shape(frames), settings.View(frames, plane), settings.Vertical(taps, frame), settings.Horizontal(taps, frame),
                settings.View(output, plane), settings.Options);
        }

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (frames, taps) = (ctx.get_saved_variables()[0], ctx.get_saved_variables()[1]);
        var settings = (Settings)ctx.get_data(nameof(Settings));
        Tensor gradient = grad_output.contiguous();
        Tensor? framesGradient = frames.requires_grad ? empty_like(frames) : null;
        Tensor tapsGradient = taps.shape[1] > 4 * settings.KernelSize ? zeros_like(taps) : empty_like(taps);
        SeparableConvolutionShape shape = settings.Shape(frames);
        long scratchLength = SeparableConvolution.ScratchLength(shape, settings.Options);
        using Tensor? scratch = scratchLength > 0 ? empty(scratchLength, device: frames.device) : null;
        for (int frame = 0; frame < 2; frame++)
        {
            long plane = frame * frames.shape[1] / 2;
            SeparableConvolution.Backward(
                shape, settings.View(frames, plane), settings.Vertical(taps, frame), settings.Horizontal(taps, frame),
                settings.View(gradient, plane), framesGradient is null ? default : settings.View(framesGradient, plane),
                settings.Vertical(tapsGradient, frame), settings.Horizontal(tapsGradient, frame), settings.Options,
                scratch is null ? default : TensorMemory.Floats(scratch, settings.Options));
        }

        return [framesGradient!, tapsGradient, null!];
    }

    private sealed record Settings(int KernelSize, int TapScale, bool Normalize, EngineOptions Options)
    {
        public SeparableConvolutionShape Shape(Tensor frames) => new(
            (int)frames.shape[0], (int)frames.shape[1] / 2, (int)frames.shape[2], (int)frames.shape[3], KernelSize, TapScale, Normalize);

        public TensorView View(Tensor tensor, long channel) => TensorMemory.Channels(tensor, channel, Options);

        public TensorView Vertical(Tensor taps, int frame) => View(taps, 2 * frame * KernelSize);

        public TensorView Horizontal(Tensor taps, int frame) => View(taps, (2 * frame + 1) * KernelSize);
    }
}
