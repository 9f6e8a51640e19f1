using System.Numerics.Tensors;

namespace AdaConv.Engine;

/// <summary>Two pictures brought together by a mask: <code>m = σ(logit), out = second + m · (first − second)</code></summary>
/// <remarks>Vectors of the hardware's width by System.Numerics.Tensors; <see cref="FrameBlendReference"/> says the same value by value.</remarks>
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
        if (options.ResolveLevel() == KernelLevel.Scalar)
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
            Share(share, sizes.Width);
            Row(sizes.Planes, sizes.Width, frames.Item(n) + row, sizes.PlaneSize, share, output.Item(n) + row, sizes.PlaneSize);
        });
    }

    /// <summary>The first picture's share in one row, on the calling thread: <code>m = σ(logit)</code></summary>
    /// <param name="logit">[W]; becomes the share.</param>
    /// <param name="width">W. The bits depend on it.</param>
    internal static void Share(float* logit, int width) => TensorPrimitives.Sigmoid(new ReadOnlySpan<float>(logit, width), new(logit, width));

    /// <summary>Neighbouring pixels of one row, on the calling thread.</summary>
    /// <param name="planes">P.</param>
    /// <param name="width">How many pixels.</param>
    /// <param name="frames">In the first of 2P planes.</param>
    /// <param name="framePlane">Floats from a plane of the frames to the next.</param>
    /// <param name="share">The first picture's share of each.</param>
    /// <param name="output">In the first of P planes, written.</param>
    /// <param name="outputPlane">Floats from a plane of the output to the next.</param>
    internal static void Row(int planes, int width, float* frames, long framePlane, float* share, float* output, long outputPlane)
    {
        ReadOnlySpan<float> mask = new(share, width);
        for (int p = 0; p < planes; p++)
        {
            ReadOnlySpan<float> first = new(frames + p * framePlane, width), second = new(frames + (planes + p) * framePlane, width);
            Span<float> target = new(output + p * outputPlane, width);
            TensorPrimitives.Subtract(first, second, target);
            TensorPrimitives.FusedMultiplyAdd(target, mask, second, target);
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
        if (options.ResolveLevel() == KernelLevel.Scalar)
        {
            FrameBlendReference.Backward(sizes, frames, logit, gradOutput, gradFrames, gradLogit, options.ResolveThreads());
            return;
        }
        Tiles.Run(sizes.Batch * sizes.Height, options.ResolveThreads(), index =>
        {
            (int n, int y) = Math.DivRem(index, sizes.Height);
            Scratch scratch = Scratch.ForThisThread(2 * Scratch.Rounded(sizes.Width));
            Span<float> mask = new(scratch.Take(sizes.Width), sizes.Width), product = new(scratch.Take(sizes.Width), sizes.Width);
            Span<float> sum = Row(gradLogit.Item(n), sizes, 0, y);
            TensorPrimitives.Sigmoid(Row(logit.Item(n), sizes, 0, y), mask);
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
