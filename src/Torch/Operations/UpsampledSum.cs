using AdaConv.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Small planes, upsampled bilinearly, and added to large ones where there are such.</summary>
internal sealed unsafe class UpsampledSum : autograd.SingleTensorFunction<UpsampledSum>
{
    /// <inheritdoc/>
    public override string Name => nameof(UpsampledSum);

    /// <summary>Upsamples and adds; differentiable in both.</summary>
    /// <param name="small">[N, P, h, w] float32, contiguous.</param>
    /// <param name="large">[N, P, f·h, f·w] float32, contiguous.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, P, f·h, f·w].</returns>
    public static Tensor Apply(Tensor small, Tensor large, EngineOptions options) =>
        TensorMemory.HasPlaneKernels(small, options)
            ? apply(small, (int)(large.shape[3] / small.shape[3]), options, large)
            : Compose(small, large);

    /// <summary>Upsamples; differentiable.</summary>
    /// <param name="small">[N, P, h, w] float32, contiguous.</param>
    /// <param name="factor">How many times larger the result is: f.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, P, f·h, f·w].</returns>
    public static Tensor Apply(Tensor small, int factor, EngineOptions options) =>
        TensorMemory.HasPlaneKernels(small, options) ? apply(small, factor, options) : Compose(small, factor);

    /// <summary>The same by libtorch's operations: what the kernel is tested against, and what runs on devices.</summary>
    internal static Tensor Compose(Tensor small, Tensor large) => large.Plus(Compose(small, (int)(large.shape[3] / small.shape[3])));

    /// <summary>The same without large planes.</summary>
    internal static Tensor Compose(Tensor small, int factor) => nn.functional.interpolate(
        small, size: [factor * small.shape[2], factor * small.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (small, options) = ((Tensor)vars[0], (EngineOptions)vars[2]);
        Tensor? large = vars.Length > 3 ? (Tensor)vars[3] : null;
        UpsamplingShape shape = new((int)small.shape[0], (int)small.shape[1], (int)small.shape[2], (int)small.shape[3], (int)vars[1]);
        ctx.save_data(nameof(UpsamplingShape), shape);
        ctx.save_data(nameof(EngineOptions), options);
        ctx.save_data("adds", large is not null);
        Tensor output = empty(shape.Batch, shape.Planes, shape.Height, shape.Width);
        PlaneUpsampling.Forward(
            shape, TensorMemory.Channels(small, 0), large is null ? default : TensorMemory.Channels(large, 0), TensorMemory.Channels(output, 0), options);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var shape = (UpsamplingShape)ctx.get_data(nameof(UpsamplingShape));
        var options = (EngineOptions)ctx.get_data(nameof(EngineOptions));
        Tensor gradient = grad_output.contiguous();
        Tensor smallGradient = empty(shape.Batch, shape.Planes, shape.Rows, shape.Columns);
        PlaneUpsampling.Backward(shape, TensorMemory.Channels(gradient, 0), TensorMemory.Channels(smallGradient, 0), options);
        return (bool)ctx.get_data("adds") ? [smallGradient, null!, null!, gradient] : [smallGradient, null!, null!];
    }
}
