using System.Runtime.Intrinsics;
using AdaConv.Engine.Cuda;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Backward warp by cubics between pixels: <code>out(p, y, x) = Σⱼ Σᵢ w(j, v) w(i, u) I(p, ⌊Y⌋ + j, ⌊X⌋ + i)</code>, i and j from −2 to 3, with
/// X = x + flow(0, y, x) and Y = y + flow(1, y, x), both clamped to the image, and u and v what lies behind their points. Along a row, a cubic runs
/// through two pixels with the slope m(i) = (½ + 2f) (I(i + 1) − I(i − 1)) − f (I(i + 2) − I(i − 2)) at each (Hermite's form). f = 0 is cubic
/// convolution between four pixels with a = −½ (Keys 1981, equation 25; the Catmull–Rom spline), f = 1/12 makes slopes exact up to fourth powers,
/// and larger ones come near the interpolating spline, whose slopes begin with 0.80 and −0.22. All are exact for whole pixels and for everything up
/// to a parabola. Pixels beyond the border are the border's.
/// </summary>
/// <remarks>
/// A coordinate on or beyond the border has gradient 0. A flow that is not a number samples coordinate 0. Values may exceed the range of the image: with
/// f = 0 by 2/27 of it at a hard edge along rows or columns and by 9/32 at most; with f = 1/8 by 0.103 and by 0.533.
/// </remarks>
public static unsafe class CubicWarp
{
    /// <summary>Pixels along an axis that count.</summary>
    internal const int Taps = 6;

    /// <summary>Of these, those before the one that the coordinate lies behind.</summary>
    internal const int Before = 2;

    /// <summary>Those after it.</summary>
    internal const int After = Taps - 1 - Before;

    /// <summary>What the nearer neighbours count in a slope where the farther ones count −f.</summary>
    internal static float Near(float far) => 0.5f + 2 * far;

    /// <summary>Computes the output.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">[N, P, H, W].</param>
    /// <param name="flow">[N, 2, H, W] in pixels; channel 0 is x, channel 1 is y.</param>
    /// <param name="output">[N, P, H, W], written; must not overlap the inputs.</param>
    /// <param name="far">f: 0 to ¼.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <exception cref="ArgumentException">A size, pointer, stride or f is out of range; the message names it.</exception>
    public static void Forward(in WarpShape shape, TensorView image, TensorView flow, TensorView output, float far, EngineOptions? options = null)
    {
        shape.Validate();
        Validate(far);
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaCubicWarp.Forward(launcher, TensorView.CommonStorage(image, output), shape, image.OnDevice, flow.OnDevice, output.OnDevice, far);
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
            Row(level, source, sizes.Planes, flowRow, flowRow + sizes.PlaneSize, far, y, sizes.Width, sizes.Height,
                to.Item(n) + (long)y * sizes.Width, sizes.PlaneSize);
        });
    }

    /// <summary>One row of all planes, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="image">What is looked at; a row or column beyond it is its border's.</param>
    /// <param name="planes">P.</param>
    /// <param name="flowX">[W]: the row's flow along x.</param>
    /// <param name="flowY">[W].</param>
    /// <param name="far">f.</param>
    /// <param name="y">The row.</param>
    /// <param name="width">W: columns of the result; coordinates are clamped to these and the rows, which may be more than the image's.</param>
    /// <param name="height">H: rows of the result.</param>
    /// <param name="output">[P, W], written.</param>
    /// <param name="outputPlane">Floats from a plane's row to the next plane's.</param>
    internal static void Row(
        KernelLevel level, in PlaneView image, int planes, float* flowX, float* flowY, float far, int y, int width, int height, float* output, long outputPlane)
    {
        switch (level)
        {
            case KernelLevel.Vector512: // values that lie apart are gathered slower sixteen at a time than eight: bench/README.md
            case KernelLevel.Vector256:
                CubicWarpKernels<Operations256, Vector256<float>>.Row(image, planes, flowX, flowY, far, y, width, height, output, outputPlane);
                break;
            case KernelLevel.Vector128:
                CubicWarpKernels<Operations128, Vector128<float>>.Row(image, planes, flowX, flowY, far, y, width, height, output, outputPlane);
                break;
            default:
                CubicWarpReference.Row(image, planes, flowX, flowY, far, y, width, height, output, outputPlane);
                break;
        }
    }

    /// <summary>Computes the flow's gradient of a scalar loss, given that of the output. It is written, not added; the image has none.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">As in the forward pass.</param>
    /// <param name="flow">As in the forward pass.</param>
    /// <param name="gradOutput">[N, P, H, W].</param>
    /// <param name="gradFlow">[N, 2, H, W], written.</param>
    /// <param name="far">f.</param>
    /// <param name="options">Level and threads, or the device.</param>
    /// <exception cref="ArgumentException">A size, pointer, stride or f is out of range; the message names it.</exception>
    public static void Backward(
        in WarpShape shape, TensorView image, TensorView flow, TensorView gradOutput, TensorView gradFlow, float far, EngineOptions? options = null)
    {
        shape.Validate();
        Validate(far);
        options ??= EngineOptions.Default;
        if (options.Launcher is { } launcher)
        {
            CudaCubicWarp.Backward(
                launcher, TensorView.CommonStorage(image, gradOutput), shape, image.OnDevice, flow.OnDevice, gradOutput.OnDevice, gradFlow.OnDevice, far);
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
                case KernelLevel.Vector256:
                    CubicWarpKernels<Operations256, Vector256<float>>.FlowGradientRow(
                        sizes, from.Item(n), flows.Item(n), far, gradient.Item(n), target.Item(n), y);
                    break;
                case KernelLevel.Vector128:
                    CubicWarpKernels<Operations128, Vector128<float>>.FlowGradientRow(
                        sizes, from.Item(n), flows.Item(n), far, gradient.Item(n), target.Item(n), y);
                    break;
                default:
                    CubicWarpReference.FlowGradientRow(sizes, from.Item(n), flows.Item(n), far, gradient.Item(n), target.Item(n), y);
                    break;
            }
        });
    }

    private static void Validate(float far)
    {
        if (far is not (>= 0 and <= 0.25f))
        {
            throw new ArgumentOutOfRangeException(nameof(far), far, "0 to 1/4 are allowed.");
        }
    }
}
