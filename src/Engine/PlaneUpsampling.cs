using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Bilinear upsampling by a whole factor, added to what is there: <code>out = base + up(small)</code>
/// Pixels are areas (centres at ½), borders repeat: torch's interpolate(align_corners = false).
/// </summary>
public static unsafe class PlaneUpsampling
{
    /// <summary>Computes the output.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="small">[N, P, h, w].</param>
    /// <param name="baseline">[N, P, h·f, w·f]; null: zero.</param>
    /// <param name="output">[N, P, h·f, w·f], written; may be <paramref name="baseline"/>.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Forward(in UpsamplingShape shape, TensorView small, TensorView baseline, TensorView output, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        small = small.Resolve(shape.Batch, shape.Planes * shape.SmallSize, nameof(small));
        baseline = baseline.Resolve(shape.Batch, shape.Planes * shape.LargeSize, nameof(baseline), optional: true);
        output = output.Resolve(shape.Batch, shape.Planes * shape.LargeSize, nameof(output));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                PlaneUpsamplingKernels<Operations512, Vector512<float>>.Forward(shape, small, baseline, output, threads);
                break;
            case KernelLevel.Vector256:
                PlaneUpsamplingKernels<Operations256, Vector256<float>>.Forward(shape, small, baseline, output, threads);
                break;
            case KernelLevel.Vector128:
                PlaneUpsamplingKernels<Operations128, Vector128<float>>.Forward(shape, small, baseline, output, threads);
                break;
            default:
                PlaneUpsamplingReference.Forward(shape, small, baseline, output, threads);
                break;
        }
    }

    /// <summary>Floats that <see cref="Row"/> works in, at any level.</summary>
    internal static int RowScratch(in UpsamplingShape shape) => PlaneUpsamplingKernels<Operations512, Vector512<float>>.RowScratch(shape);

    /// <summary>One row of one plane, on the calling thread: <code>out(y) = base + scale · up(small)(y)</code></summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="shape">The sizes of a plane.</param>
    /// <param name="small">[h, w].</param>
    /// <param name="y">The row.</param>
    /// <param name="scale">Factor on the small plane.</param>
    /// <param name="baseline">[w·f]; null: zero.</param>
    /// <param name="target">[w·f], written; may be <paramref name="baseline"/>.</param>
    /// <param name="scratch">Working memory, aligned to a cache line.</param>
    internal static void Row(
        KernelLevel level, in UpsamplingShape shape, float* small, int y, float scale, float* baseline, float* target, float* scratch)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                PlaneUpsamplingKernels<Operations512, Vector512<float>>.Row(shape, small, y, scale, baseline, target, scratch);
                break;
            case KernelLevel.Vector256:
                PlaneUpsamplingKernels<Operations256, Vector256<float>>.Row(shape, small, y, scale, baseline, target, scratch);
                break;
            case KernelLevel.Vector128:
                PlaneUpsamplingKernels<Operations128, Vector128<float>>.Row(shape, small, y, scale, baseline, target, scratch);
                break;
            default:
                PlaneUpsamplingReference.Row(shape, small, y, scale, baseline, target);
                break;
        }
    }

    /// <summary>Computes the gradient of the small planes, given the output's (which is also the baseline's).</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="gradOutput">[N, P, h·f, w·f].</param>
    /// <param name="gradSmall">[N, P, h, w], written.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Backward(in UpsamplingShape shape, TensorView gradOutput, TensorView gradSmall, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        gradOutput = gradOutput.Resolve(shape.Batch, shape.Planes * shape.LargeSize, nameof(gradOutput));
        gradSmall = gradSmall.Resolve(shape.Batch, shape.Planes * shape.SmallSize, nameof(gradSmall));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                PlaneUpsamplingKernels<Operations512, Vector512<float>>.Backward(shape, gradOutput, gradSmall, threads);
                break;
            case KernelLevel.Vector256:
                PlaneUpsamplingKernels<Operations256, Vector256<float>>.Backward(shape, gradOutput, gradSmall, threads);
                break;
            case KernelLevel.Vector128:
                PlaneUpsamplingKernels<Operations128, Vector128<float>>.Backward(shape, gradOutput, gradSmall, threads);
                break;
            default:
                PlaneUpsamplingReference.Backward(shape, gradOutput, gradSmall, threads);
                break;
        }
    }
}
