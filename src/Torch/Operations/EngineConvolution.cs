using AdaConv.Engine.Convolution;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A 3×3 convolution with bias, rectifier and sum in one pass of the engine's kernels; differentiable in all that it is given.</summary>
internal sealed unsafe class EngineConvolution : autograd.SingleTensorFunction<EngineConvolution>
{
    /// <inheritdoc/>
    public override string Name => nameof(EngineConvolution);

    /// <summary>Whether the kernels take such activations: float32 on the processor, a multiple of 16 channels.</summary>
    public static bool Takes(Tensor input) =>
        input.dtype == ScalarType.Float32 && input.device_type == DeviceType.CPU && input.shape[1] % ActivationView.Granularity == 0;

    /// <summary>Convolves.</summary>
    /// <param name="input">[N, ≥I, H, W], channels last; see <see cref="Takes"/>.</param>
    /// <param name="weight">[≥O, ≥I, 3, 3] float32, in any order; those beyond O and I are left out, and their gradients are zero.</param>
    /// <param name="bias">[≥O] float32, contiguous.</param>
    /// <param name="kernels">Of the shape's I and O.</param>
    /// <param name="added">[N, O, H/stride, W/stride], channels last, added behind the rectifier; null: nothing. O is a multiple of 16 then.</param>
    /// <returns>[N, O rounded up to a multiple of 16, H/stride, W/stride], channels last; channels beyond O are zero.</returns>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor bias, ConvolutionKernels kernels, Tensor? added = null)
    {
        Tensor source = ChannelsLast(input);
        Tensor output = added is null ? apply(source, weight, bias, kernels) : apply(source, weight, bias, kernels, ChannelsLast(added));
        return output.permute(0, 3, 1, 2);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, bias, kernels) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (ConvolutionKernels)vars[3]);
        Tensor? added = vars.Length > 4 ? (Tensor)vars[4] : null;
        ConvolutionShape shape = kernels.Shape;
        int height = shape.OutputSize((int)input.shape[1]), width = shape.OutputSize((int)input.shape[2]);
        Tensor output = empty(input.shape[0], height, width, ActivationView.Rounded(shape.Outputs));
        kernels.Forward.SetWeights(TensorMemory.Weights(weight), new ReadOnlySpan<float>(TensorMemory.Floats(bias), shape.Outputs), kernels.Threads);
        kernels.Forward.Run(
            TensorMemory.Activations(input, shape.Inputs), TensorMemory.Activations(output, shape.Outputs),
            added is null ? null : TensorMemory.Activations(added, shape.Outputs), kernels.Threads);

        // The rectifier's side is read off the output. Detached: what a node keeps must not hold the node.
        ctx.save_for_backward(shape.Slope == 1 ? [input, weight] : [input, weight, output.detach()]);
        ctx.save_data(nameof(ConvolutionKernels), kernels);
        ctx.save_data(nameof(added), added is not null);
        ctx.save_data(nameof(bias), bias.shape[0]);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        var (input, weight, kernels) = (saved[0], saved[1], (ConvolutionKernels)ctx.get_data(nameof(ConvolutionKernels)));
        ConvolutionShape shape = kernels.Shape;
        ConvolutionGradient3x3 gradients = kernels.Backward;
        Tensor gradient = grad_output.contiguous(), biasGradient = zeros((long)ctx.get_data("bias"));
        using Tensor workspace = empty(gradients.WorkspaceFloats((int)gradient.shape[0], (int)gradient.shape[1], (int)gradient.shape[2]));
        using Tensor? rectified = shape.Slope == 1 ? null : empty_like(gradient);
        ActivationView result = TensorMemory.Activations(rectified ?? gradient, shape.Outputs);
        gradients.OfResult(
            rectified is null ? result : TensorMemory.Activations(saved[2], shape.Outputs), TensorMemory.Activations(gradient, shape.Outputs), result,
            new Span<float>(TensorMemory.Floats(biasGradient), shape.Outputs), TensorMemory.Floats(workspace), kernels.Threads);

        long outputs = weight.shape[0], inputs = weight.shape[1];
        bool isWhole = outputs == shape.Outputs && inputs == shape.Inputs;
        Tensor weightGradient = (isWhole ? empty(outputs, 3, 3, inputs) : zeros(outputs, 3, 3, inputs)).permute(0, 3, 1, 2);
        gradients.OfWeights(
            TensorMemory.Activations(input, shape.Inputs), result, TensorMemory.Weights(weightGradient), TensorMemory.Floats(workspace), kernels.Threads);
        Tensor? inputGradient = null;
        if (input.requires_grad)
        {
            inputGradient = input.shape[3] == ActivationView.Rounded(shape.Inputs) ? empty_like(input) : zeros_like(input);
            gradients.SetWeights(TensorMemory.Weights(weight), kernels.Threads);
            gradients.OfInput(result, TensorMemory.Activations(inputGradient, shape.Inputs), kernels.Threads);
        }

        return (bool)ctx.get_data("added")
            ? [inputGradient!, weightGradient, biasGradient, null!, gradient]
            : [inputGradient!, weightGradient, biasGradient, null!];
    }

    private static Tensor ChannelsLast(Tensor activations) => activations.permute(0, 2, 3, 1).contiguous();
}
