namespace AdaConv.Engine.Cuda;

/// <summary><see cref="CubicWarp"/> on a CUDA device; the same formula, the same borders.</summary>
internal static class CudaCubicWarp
{
    /// <summary>Queues the computation of the output; the flow is float32 in both storages.</summary>
    /// <exception cref="ArgumentException">A size, address or stride is out of range; the message names it.</exception>
    public static void Forward(
        IKernelLauncher launcher, KernelStorage storage, in WarpShape shape, DeviceView image, DeviceView flow, DeviceView output, float far)
    {
        WarpArguments arguments = CudaBilinearWarp.Arguments(shape, image, flow);
        arguments.Far = far;
        output = output.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(output));
        (arguments.Output, arguments.OutputStride) = (output.Address, output.BatchStride);
        launcher.Launch(KernelLaunch.CubicWarpForward(arguments, storage), arguments);
    }

    /// <summary>Queues the computation of the flow's gradient, which is float32.</summary>
    /// <exception cref="ArgumentException">A size, address or stride is out of range; the message names it.</exception>
    public static void Backward(
        IKernelLauncher launcher, KernelStorage storage, in WarpShape shape, DeviceView image, DeviceView flow, DeviceView gradOutput, DeviceView gradFlow,
        float far)
    {
        WarpArguments arguments = CudaBilinearWarp.Arguments(shape, image, flow);
        arguments.Far = far;
        gradOutput = gradOutput.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(gradOutput));
        gradFlow = gradFlow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(gradFlow));
        (arguments.GradOutput, arguments.GradOutputStride) = (gradOutput.Address, gradOutput.BatchStride);
        (arguments.GradFlow, arguments.GradFlowStride) = (gradFlow.Address, gradFlow.BatchStride);
        launcher.Launch(KernelLaunch.CubicWarpBackward(arguments, storage), arguments);
    }
}
