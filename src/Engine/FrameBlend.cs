using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>Two pictures brought together by a mask: <code>m = σ(logit), out = second + m · (first − second)</code></summary>
/// <remarks><see cref="FrameBlendReference"/> says the same value by value.</remarks>
public static unsafe class FrameBlend
{
    /// <summary>Computes the output.</summary>
    /// <param name="shape">N, P, H, W.</param>
    /// <param name="frames">[N, 2P, H, W]: the first picture's planes, then the second's.</param>
    /// <param name="logit">[N, 1, H, W].</param>
    /// <param name="output">[N, P, H, W], written.</param>
    /// <param name="options">Threads; the scalar level takes the reference.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Forward(in WarpShape shape, TensorView frames, TensorView logit, TensorView output, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        WarpShape sizes = Checked(shape);
        frames = frames.Resolve(sizes.Batch, 2 * sizes.Planes * sizes.PlaneSize, nameof(frames));
        logit = logit.Resolve(sizes.Batch, sizes.PlaneSize, nameof(logit));
        output = output.Resolve(sizes.Batch, sizes.Planes * sizes.PlaneSize, nameof(output));
        KernelLevel level = options.ResolveLevel();
        if (level == KernelLevel.Scalar)
        {
            FrameBlendReference.Forward(sizes, frames, logit, output, options.ResolveThreads());
            return;
        }
        Tiles.Run(sizes.Batch * sizes.Height, options.ResolveThreads(), index =>
        {
            (int n, int y) = Math.DivRem(index, sizes.Height);
            Scratch scratch = Scratch.ForThisThread(Scratch.Rounded(sizes.Width));
            long row = (long)y * sizes.Width;
            float* share = scratch.Take(sizes.Width);
            Row(logit.Item(n), sizes, 0, y).CopyTo(new(share, sizes.Width));
            Share(level, share, sizes.Width);
            Row(level, sizes.Planes, sizes.Width, frames.Item(n) + row, sizes.PlaneSize, share, output.Item(n) + row, sizes.PlaneSize);
        });
    }

    /// <summary>The first picture's share in one row, on the calling thread: <code>m = σ(logit)</code></summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="logit">[W]; becomes the share.</param>
    /// <param name="width">W.</param>
    internal static void Share(KernelLevel level, float* logit, int width)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FrameBlendKernels<Operations512, Vector512<float>>.Share(logit, width);
                break;
            case KernelLevel.Vector256:
                FrameBlendKernels<Operations256, Vector256<float>>.Share(logit, width);
                break;
            case KernelLevel.Vector128:
                FrameBlendKernels<Operations128, Vector128<float>>.Share(logit, width);
                break;
            default:
                FrameBlendReference.Share(logit, width);
                break;
        }
    }

    /// <summary>Neighbouring pixels of one row, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="planes">P.</param>
    /// <param name="width">How many pixels.</param>
    /// <param name="frames">In the first of 2P planes.</param>
    /// <param name="framePlane">Floats from a plane of the frames to the next.</param>
    /// <param name="share">The first picture's share of each.</param>
    /// <param name="output">In the first of P planes, written.</param>
    /// <param name="outputPlane">Floats from a plane of the output to the next.</param>
    internal static void Row(
        KernelLevel level, int planes, int width, float* frames, long framePlane, float* share, float* output, long outputPlane)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FrameBlendKernels<Operations512, Vector512<float>>.Row(planes, width, frames, framePlane, share, output, outputPlane);
                break;
            case KernelLevel.Vector256:
                FrameBlendKernels<Operations256, Vector256<float>>.Row(planes, width, frames, framePlane, share, output, outputPlane);
                break;
            case KernelLevel.Vector128:
                FrameBlendKernels<Operations128, Vector128<float>>.Row(planes, width, frames, framePlane, share, output, outputPlane);
                break;
            default:
                FrameBlendReference.Row(planes, width, frames, framePlane, share, output, outputPlane);
                break;
        }
    }

    /// <summary>Computes the gradients, given the output's. Gradients are written, not added.</summary>
    /// <param name="shape">N, P, H, W.</param>
    /// <param name="frames">As in the forward pass.</param>
    /// <param name="logit">As in the forward pass.</param>
    /// <param name="gradOutput">[N, P, H, W].</param>
    /// <param name="gradFrames">[N, 2P, H, W], written; null when not wanted.</param>
    /// <param name="gradLogit">[N, 1, H, W], written.</param>
    /// <param name="options">Threads; the scalar level takes the reference.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Backward(in WarpShape shape, TensorView frames, TensorView logit, TensorView gradOutput, TensorView gradFrames,
        TensorView gradLogit, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        WarpShape sizes = Checked(shape);
        frames = frames.Resolve(sizes.Batch, 2 * sizes.Planes * sizes.PlaneSize, nameof(frames));
        logit = logit.Resolve(sizes.Batch, sizes.PlaneSize, nameof(logit));
        gradOutput = gradOutput.Resolve(sizes.Batch, sizes.Planes * sizes.PlaneSize, nameof(gradOutput));
        gradFrames = gradFrames.Resolve(sizes.Batch, 2 * sizes.Planes * sizes.PlaneSize, nameof(gradFrames), optional: true);
        gradLogit = gradLogit.Resolve(sizes.Batch, sizes.PlaneSize, nameof(gradLogit));
        KernelLevel level = options.ResolveLevel();
        if (level == KernelLevel.Scalar)
        {
            FrameBlendReference.Backward(sizes, frames, logit, gradOutput, gradFrames, gradLogit, options.ResolveThreads());
            return;
        }
        Tiles.Run(sizes.Batch * sizes.Height, options.ResolveThreads(), index =>
        {
            (int n, int y) = Math.DivRem(index, sizes.Height);
            Scratch scratch = Scratch.ForThisThread(2 * Scratch.Rounded(sizes.Width));
            float* share = scratch.Take(sizes.Width);
            Span<float> mask = new(share, sizes.Width), product = new(scratch.Take(sizes.Width), sizes.Width);
            Span<float> sum = Row(gradLogit.Item(n), sizes, 0, y);
            Row(logit.Item(n), sizes, 0, y).CopyTo(mask);
            Share(level, share, sizes.Width);
            sum.Clear();
            for (int p = 0; p < sizes.Planes; p++)
            {
                ReadOnlySpan<float> first = Row(frames.Item(n), sizes, p, y), second = Row(frames.Item(n), sizes, sizes.Planes + p, y);
                ReadOnlySpan<float> gradient = Row(gradOutput.Item(n), sizes, p, y);
                TensorPrimitives.Subtract(first, second, product);
                TensorPrimitives.FusedMultiplyAdd(product, gradient, sum, sum);
                if (gradFrames.Data is null)
                    continue;
                Span<float> gradFirst = Row(gradFrames.Item(n), sizes, p, y);
                TensorPrimitives.Multiply(gradient, mask, gradFirst);
                TensorPrimitives.Subtract(gradient, gradFirst, Row(gradFrames.Item(n), sizes, sizes.Planes + p, y));
            }
            TensorPrimitives.Multiply(sum, mask, sum);                 // m (1 − m) Σ
            TensorPrimitives.Multiply(sum, mask, product);
            TensorPrimitives.Subtract(sum, product, sum);
        });
    }

    private static WarpShape Checked(in WarpShape shape)
    {
        shape.Validate();
        return shape;
    }

    private static Span<float> Row(float* item, in WarpShape shape, int plane, int y) =>
        new(item + plane * shape.PlaneSize + (long)y * shape.Width, shape.Width);
}
