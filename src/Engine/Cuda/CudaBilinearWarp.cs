namespace AdaConv.Engine.Cuda;

/// <summary><see cref="BilinearWarp"/> on a CUDA device; the same formula, the same borders.</summary>
internal static class CudaBilinearWarp
{
    /// <summary>Queues the computation of the output; the flow is float32 in both storages.</summary>
    /// <exception cref="ArgumentException">A size, address or stride is out of range; the message names it.</exception>
    public static void Forward(IKernelLauncher launcher, KernelStorage storage, in WarpShape shape, DeviceView image, DeviceView flow,
        DeviceView output)
    {
        WarpArguments arguments = Arguments(shape, image, flow);
        output = output.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(output));
        (arguments.Output, arguments.OutputStride) = (output.Address, output.BatchStride);
        launcher.Launch(KernelLaunch.WarpForward(arguments, storage), arguments);
    }

    /// <summary>Queues the computation of the gradients, which are float32; gradImage may have address 0 when it is not wanted.</summary>
    /// <exception cref="ArgumentException">A size, address or stride is out of range; the message names it.</exception>
    public static void Backward(IKernelLauncher launcher, KernelStorage storage, in WarpShape shape, DeviceView image, DeviceView flow,
        DeviceView gradOutput, DeviceView gradImage, DeviceView gradFlow)
    {
        WarpArguments arguments = Arguments(shape, image, flow);
        long planes = shape.Planes * shape.PlaneSize;
        gradOutput = gradOutput.Resolve(shape.Batch, planes, nameof(gradOutput));
        gradImage = gradImage.Resolve(shape.Batch, planes, nameof(gradImage), optional: true);
        gradFlow = gradFlow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(gradFlow));
        (arguments.GradOutput, arguments.GradOutputStride) = (gradOutput.Address, gradOutput.BatchStride);
        (arguments.GradImage, arguments.GradImageStride) = (gradImage.Address, gradImage.BatchStride);
        (arguments.GradFlow, arguments.GradFlowStride) = (gradFlow.Address, gradFlow.BatchStride);
        for (int n = 0; n < shape.Batch && gradImage.Address != 0; n++)
            launcher.Clear(gradImage.Address + (nint)(n * gradImage.BatchStride * sizeof(float)), planes);
        launcher.Launch(KernelLaunch.WarpBackward(arguments, storage), arguments);
    }

    internal static WarpArguments Arguments(in WarpShape shape, DeviceView image, DeviceView flow)
    {
        shape.Validate();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shape.Batch, KernelLaunch.MaximumDepth, nameof(shape.Batch));
        image = image.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(image));
        flow = flow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(flow));
        return new WarpArguments
        {
            Image = image.Address,
            ImageStride = image.BatchStride,
            Flow = flow.Address,
            FlowStride = flow.BatchStride,
            Batch = shape.Batch,
            Planes = shape.Planes,
            Height = shape.Height,
            Width = shape.Width,
        };
    }
}
