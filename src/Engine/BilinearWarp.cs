using System.Runtime.Intrinsics;
using AdaConv.Engine.Cuda;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Backward warp: <code>out(p, y, x) = I(p, y + flow(1, y, x), x + flow(0, y, x))</code>
/// with bilinear sampling and coordinates clamped to the border. A coordinate on or beyond the border has gradient 0, as in
/// torch's grid_sample with border padding. A flow that is not a number samples coordinate 0.
/// </summary>
public static unsafe class BilinearWarp
{
    /// <summary>Computes the output.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">[N, P, H, W].</param>
    /// <param name="flow">[N, 2, H, W] in pixels; channel 0 is x, channel 1 is y.</param>
    /// <param name="output">[N, P, H, W], written; must not overlap the inputs.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Forward(in WarpShape shape, TensorView image, TensorView flow, TensorView output, EngineOptions? options = null)
    {
        shape.Validate();
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaBilinearWarp.Forward(launcher, TensorView.CommonStorage(image, output), shape, image.OnDevice, flow.OnDevice, output.OnDevice);
            return;
        }

        image = image.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(image));
        flow = flow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(flow));
        output = output.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(output));

        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                WarpKernels<Operations512, Vector512<float>>.Forward(shape, image, flow, output, threads);
                break;
            case KernelLevel.Vector256:
                WarpKernels<Operations256, Vector256<float>>.Forward(shape, image, flow, output, threads);
                break;
            case KernelLevel.Vector128:
                WarpKernels<Operations128, Vector128<float>>.Forward(shape, image, flow, output, threads);
                break;
            default:
                BilinearWarpReference.Forward(shape, image, flow, output, threads);
                break;
        }
    }

    /// <summary>One row of all planes, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="image">What is looked at; a row or column beyond it is its border's.</param>
    /// <param name="planes">P.</param>
    /// <param name="flowX">[W]: the row's flow along x.</param>
    /// <param name="flowY">[W].</param>
    /// <param name="y">The row.</param>
    /// <param name="width">W: columns of the result.</param>
    /// <param name="output">[P, W], written.</param>
    /// <param name="outputPlane">Floats from a plane's row to the next plane's.</param>
    internal static void Row(
        KernelLevel level, in PlaneView image, int planes, float* flowX, float* flowY, int y, int width, float* output, long outputPlane)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                WarpKernels<Operations512, Vector512<float>>.Row(image, planes, flowX, flowY, y, width, output, outputPlane);
                break;
            case KernelLevel.Vector256:
                WarpKernels<Operations256, Vector256<float>>.Row(image, planes, flowX, flowY, y, width, output, outputPlane);
                break;
            case KernelLevel.Vector128:
                WarpKernels<Operations128, Vector128<float>>.Row(image, planes, flowX, flowY, y, width, output, outputPlane);
                break;
            default:
                BilinearWarpReference.Row(image, planes, flowX, flowY, y, width, output, outputPlane);
                break;
        }
    }

    /// <summary>Computes the gradients of a scalar loss, given that of the output. Gradients are written, not added.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">As in the forward pass.</param>
    /// <param name="flow">As in the forward pass.</param>
    /// <param name="gradOutput">[N, P, H, W].</param>
    /// <param name="gradImage">[N, P, H, W], written; null when not wanted.</param>
    /// <param name="gradFlow">[N, 2, H, W], written.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Backward(in WarpShape shape, TensorView image, TensorView flow, TensorView gradOutput, TensorView gradImage,
        TensorView gradFlow, EngineOptions? options = null)
    {
        shape.Validate();
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaBilinearWarp.Backward(launcher, TensorView.CommonStorage(image, gradOutput), shape, image.OnDevice, flow.OnDevice,
                gradOutput.OnDevice, gradImage.OnDevice, gradFlow.OnDevice);
            return;
        }

        image = image.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(image));
        flow = flow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(flow));
        gradOutput = gradOutput.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(gradOutput));
        gradImage = gradImage.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(gradImage), optional: true);
        gradFlow = gradFlow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(gradFlow));

        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                WarpKernels<Operations512, Vector512<float>>.Backward(shape, image, flow, gradOutput, gradImage, gradFlow, threads);
                break;
            case KernelLevel.Vector256:
                WarpKernels<Operations256, Vector256<float>>.Backward(shape, image, flow, gradOutput, gradImage, gradFlow, threads);
                break;
            case KernelLevel.Vector128:
                WarpKernels<Operations128, Vector128<float>>.Backward(shape, image, flow, gradOutput, gradImage, gradFlow, threads);
                break;
            default:
                BilinearWarpReference.Backward(shape, image, flow, gradOutput, gradImage, gradFlow, threads);
                break;
        }
    }
}
