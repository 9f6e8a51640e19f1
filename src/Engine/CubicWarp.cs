using System.Runtime.Intrinsics;
using AdaConv.Engine.Cuda;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Backward warp by cubic convolution: <code>out(p, y, x) = Σⱼ Σᵢ w(j, v) w(i, u) I(p, ⌊Y⌋ + j, ⌊X⌋ + i)</code>, i and j from −1 to 2, with
/// X = x + flow(0, y, x) and Y = y + flow(1, y, x), both clamped to the image, and u and v what lies behind their points. The weights are Keys' with a = −½
/// (Keys 1981, equation 25; the Catmull–Rom spline): exact for whole pixels and for everything up to a parabola, where bilinear sampling blurs. Pixels beyond
/// the border are the border's.
/// </summary>
/// <remarks>
/// A coordinate on or beyond the border has gradient 0. A flow that is not a number samples coordinate 0. Values may exceed the range of the image: by 2/27 of
/// it at a hard edge along rows or columns, by 9/32 at most.
/// </remarks>
public static unsafe class CubicWarp
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
            CudaCubicWarp.Forward(launcher, TensorView.CommonStorage(image, output), shape, image.OnDevice, flow.OnDevice, output.OnDevice);
            return;
        }

        WarpShape sizes = shape;
        TensorView from = image.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(image));
        TensorView flows = flow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(flow));
        TensorView to = output.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(output));
        KernelLevel level = options.ResolveLevel();
        Tiles.Run(shape.Batch * shape.Height, options.ResolveThreads(), index =>
        {
            (int n, int y) = Math.DivRem(index, sizes.Height);
            float* flowRow = flows.Item(n) + (long)y * sizes.Width;
            PlaneView source = new(from.Item(n), sizes.PlaneSize, sizes.Width, sizes.Height, sizes.Width);
            Row(level, source, sizes.Planes, flowRow, flowRow + sizes.PlaneSize, y, sizes.Width, sizes.Height,
                to.Item(n) + (long)y * sizes.Width, sizes.PlaneSize);
        });
    }

    /// <summary>One row of all planes, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="image">What is looked at; a row or column beyond it is its border's.</param>
    /// <param name="planes">P.</param>
    /// <param name="flowX">[W]: the row's flow along x.</param>
    /// <param name="flowY">[W].</param>
    /// <param name="y">The row.</param>
    /// <param name="width">W: columns of the result; coordinates are clamped to these and the rows, which may be more than the image's.</param>
    /// <param name="height">H: rows of the result.</param>
    /// <param name="output">[P, W], written.</param>
    /// <param name="outputPlane">Floats from a plane's row to the next plane's.</param>
    internal static void Row(
        KernelLevel level, in PlaneView image, int planes, float* flowX, float* flowY, int y, int width, int height, float* output, long outputPlane)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                CubicWarpKernels<Operations512, Vector512<float>>.Row(image, planes, flowX, flowY, y, width, height, output, outputPlane);
                break;
            case KernelLevel.Vector256:
                CubicWarpKernels<Operations256, Vector256<float>>.Row(image, planes, flowX, flowY, y, width, height, output, outputPlane);
                break;
            case KernelLevel.Vector128:
                CubicWarpKernels<Operations128, Vector128<float>>.Row(image, planes, flowX, flowY, y, width, height, output, outputPlane);
                break;
            default:
                CubicWarpReference.Row(image, planes, flowX, flowY, y, width, height, output, outputPlane);
                break;
        }
    }

    /// <summary>Computes the flow's gradient of a scalar loss, given that of the output. It is written, not added; the image has none.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">As in the forward pass.</param>
    /// <param name="flow">As in the forward pass.</param>
    /// <param name="gradOutput">[N, P, H, W].</param>
    /// <param name="gradFlow">[N, 2, H, W], written.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Backward(
        in WarpShape shape, TensorView image, TensorView flow, TensorView gradOutput, TensorView gradFlow, EngineOptions? options = null)
    {
        shape.Validate();
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaCubicWarp.Backward(
                launcher, TensorView.CommonStorage(image, gradOutput), shape, image.OnDevice, flow.OnDevice, gradOutput.OnDevice, gradFlow.OnDevice);
            return;
        }

        WarpShape sizes = shape;
        TensorView from = image.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(image));
        TensorView flows = flow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(flow));
        TensorView gradient = gradOutput.Resolve(shape.Batch, shape.Planes * shape.PlaneSize, nameof(gradOutput));
        TensorView target = gradFlow.Resolve(shape.Batch, 2 * shape.PlaneSize, nameof(gradFlow));
        KernelLevel level = options.ResolveLevel();
        Tiles.Run(shape.Batch * shape.Height, options.ResolveThreads(), index =>
        {
            (int n, int y) = Math.DivRem(index, sizes.Height);
            switch (level)
            {
                case KernelLevel.Vector512:
                    CubicWarpKernels<Operations512, Vector512<float>>.FlowGradientRow(
                        sizes, from.Item(n), flows.Item(n), gradient.Item(n), target.Item(n), y);
                    break;
                case KernelLevel.Vector256:
                    CubicWarpKernels<Operations256, Vector256<float>>.FlowGradientRow(
                        sizes, from.Item(n), flows.Item(n), gradient.Item(n), target.Item(n), y);
                    break;
                case KernelLevel.Vector128:
                    CubicWarpKernels<Operations128, Vector128<float>>.FlowGradientRow(
                        sizes, from.Item(n), flows.Item(n), gradient.Item(n), target.Item(n), y);
                    break;
                default:
                    CubicWarpReference.FlowGradientRow(sizes, from.Item(n), flows.Item(n), gradient.Item(n), target.Item(n), y);
                    break;
            }
        });
    }
}
