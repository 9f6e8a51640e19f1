namespace AdaConv.Engine.Cuda;

/// <summary><see cref="SeparableConvolution"/> on a CUDA device; the same formula, the same borders.</summary>
internal static class CudaSeparableConvolution
{
    /// <summary>Floats of scratch memory that <see cref="Backward"/> needs.</summary>
    public static long ScratchLength(in SeparableConvolutionShape shape) =>
        shape.Batch * shape.PlaneSize * (1 + (shape.TapScale == 2 ? 2L * shape.Taps : 0));

    /// <summary>Queues the computation of the output; parameters as in <see cref="SeparableConvolution.Forward"/>.</summary>
    /// <exception cref="ArgumentException">A size, address or stride is out of range; the message names it.</exception>
    public static void Forward(IKernelLauncher launcher, KernelStorage storage, in SeparableConvolutionShape shape, DeviceView image,
        DeviceView vertical, DeviceView horizontal, DeviceView output)
    {
        SeparableArguments arguments = Arguments(shape, image, vertical, horizontal);
        output = output.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(output));
        (arguments.Output, arguments.OutputStride) = (output.Address, output.BatchStride);
        launcher.Launch(KernelLaunch.SeparableForward(arguments, storage), arguments);
    }

    /// <summary>Queues the computation of the gradients, which are float32; parameters as in <see cref="SeparableConvolution.Backward"/>.</summary>
    /// <param name="launcher">Where it runs.</param>
    /// <param name="storage">The type of image, taps and gradOutput.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">As in the forward pass.</param>
    /// <param name="vertical">As in the forward pass.</param>
    /// <param name="horizontal">As in the forward pass.</param>
    /// <param name="gradOutput">[N, P, H, W].</param>
    /// <param name="gradImage">[N, P, H, W], written; address 0 when not wanted.</param>
    /// <param name="gradVertical">Shaped as <paramref name="vertical"/>, written.</param>
    /// <param name="gradHorizontal">Shaped as <paramref name="horizontal"/>, written.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats on the device.</param>
    /// <exception cref="ArgumentException">A size, address or stride is out of range; the message names it.</exception>
    public static void Backward(IKernelLauncher launcher, KernelStorage storage, in SeparableConvolutionShape shape, DeviceView image,
        DeviceView vertical, DeviceView horizontal, DeviceView gradOutput, DeviceView gradImage, DeviceView gradVertical,
        DeviceView gradHorizontal, nint scratch)
    {
        SeparableArguments arguments = Arguments(shape, image, vertical, horizontal);
        long planes = shape.Planes * shape.PlaneSize, maps = shape.Taps * shape.TapPlaneSize, full = shape.Taps * shape.PlaneSize;
        gradOutput = gradOutput.Resolve(shape.Batch, planes, nameof(gradOutput));
        gradImage = gradImage.Resolve(shape.Batch, planes, nameof(gradImage), optional: true);
        gradVertical = gradVertical.Resolve(shape.Batch, maps, nameof(gradVertical));
        gradHorizontal = gradHorizontal.Resolve(shape.Batch, maps, nameof(gradHorizontal));
        if (gradVertical.BatchStride != gradHorizontal.BatchStride)
            throw new ArgumentException("The gradients of vertical and horizontal taps need the same batch stride.", nameof(gradHorizontal));
        ArgumentOutOfRangeException.ThrowIfZero(scratch);

        (arguments.GradOutput, arguments.GradOutputStride) = (gradOutput.Address, gradOutput.BatchStride);
        (arguments.GradImage, arguments.GradImageStride) = (gradImage.Address, gradImage.BatchStride);
        arguments.Divisor = scratch;
        bool halved = shape.TapScale == 2;
        if (halved)
        {
            arguments.GradVertical = scratch + (nint)(shape.Batch * shape.PlaneSize * sizeof(float));
            arguments.GradHorizontal = arguments.GradVertical + (nint)(shape.Batch * full * sizeof(float));
            arguments.GradTapStride = full;
        }
        else
        {
            (arguments.GradVertical, arguments.GradHorizontal) = (gradVertical.Address, gradHorizontal.Address);
            arguments.GradTapStride = gradVertical.BatchStride;
        }
        launcher.Launch(KernelLaunch.TapGradient(arguments, storage), arguments);
        if (halved)
        {
            Fold(launcher, shape, arguments.GradVertical, gradVertical);
            Fold(launcher, shape, arguments.GradHorizontal, gradHorizontal);
        }
        if (gradImage.Address == 0)
            return;
        for (int n = 0; n < shape.Batch; n++)
            launcher.Clear(gradImage.Address + (nint)(n * gradImage.BatchStride * sizeof(float)), planes);
        launcher.Launch(KernelLaunch.ImageGradient(arguments, storage), arguments);
    }

    private static void Fold(IKernelLauncher launcher, in SeparableConvolutionShape shape, nint full, DeviceView maps)
    {
        var arguments = new FoldArguments
        {
            Full = full,
            Maps = maps.Address,
            FullStride = shape.Taps * shape.PlaneSize,
            MapStride = maps.BatchStride,
            Batch = shape.Batch,
            Taps = shape.Taps,
            Height = shape.Height,
            Width = shape.Width,
        };
        launcher.Launch(KernelLaunch.FoldTaps(arguments), arguments);
    }

    private static SeparableArguments Arguments(in SeparableConvolutionShape shape, DeviceView image, DeviceView vertical,
        DeviceView horizontal)
    {
        shape.Validate();
        // Offsets inside a plane are 32 bits wide in the kernels.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shape.PlaneSize, int.MaxValue, nameof(shape.Height));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)shape.Batch * Math.Max(shape.Taps, shape.Planes), KernelLaunch.MaximumDepth,
            nameof(shape.Batch));
        long maps = shape.Taps * shape.TapPlaneSize;
        image = image.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(image));
        vertical = vertical.Resolve(shape.Batch, maps, nameof(vertical));
        horizontal = horizontal.Resolve(shape.Batch, maps, nameof(horizontal));
        if (vertical.BatchStride != horizontal.BatchStride)
            throw new ArgumentException("Vertical and horizontal taps need the same batch stride.", nameof(horizontal));
        return new SeparableArguments
        {
            Image = image.Address,
            ImageStride = image.BatchStride,
            Vertical = vertical.Address,
            Horizontal = horizontal.Address,
            TapStride = vertical.BatchStride,
            Batch = shape.Batch,
            Planes = shape.Planes,
            Height = shape.Height,
            Width = shape.Width,
            Taps = shape.Taps,
            TapScale = shape.TapScale,
            Normalize = shape.Normalize ? 1 : 0,
        };
    }
}
