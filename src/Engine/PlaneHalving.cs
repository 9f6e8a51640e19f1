using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>Planes of half the size: <code>out(p, y, x) = ((in(2y, 2x) + in(2y + 1, 2x)) + (in(2y, 2x + 1) + in(2y + 1, 2x + 1))) / 4</code></summary>
public static unsafe class PlaneHalving
{
    /// <summary>Computes the output; every level gives the same bits.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="input">[P, H, W].</param>
    /// <param name="output">[P, H/2, W/2], written.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size or pointer is out of range; the message names it.</exception>
    public static void Apply(in HalvingShape shape, TensorView input, TensorView output, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        input = input.Resolve(1, (long)shape.Planes * shape.Height * shape.Width, nameof(input));
        output = output.Resolve(1, (long)shape.Planes * shape.Rows * shape.Columns, nameof(output));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                PlaneHalvingKernels<Operations512, Vector512<float>>.Apply(shape, input.Data, output.Data, threads);
                break;
            case KernelLevel.Vector256:
                PlaneHalvingKernels<Operations256, Vector256<float>>.Apply(shape, input.Data, output.Data, threads);
                break;
            case KernelLevel.Vector128:
                PlaneHalvingKernels<Operations128, Vector128<float>>.Apply(shape, input.Data, output.Data, threads);
                break;
            default:
                PlaneHalvingReference.Apply(shape, input.Data, output.Data, threads);
                break;
        }
    }

    /// <summary>One row, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="upper">[W], W even.</param>
    /// <param name="lower">[W]: the row below.</param>
    /// <param name="target">[W/2], written.</param>
    /// <param name="width">W.</param>
    internal static void Row(KernelLevel level, float* upper, float* lower, float* target, int width)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                PlaneHalvingKernels<Operations512, Vector512<float>>.Row(upper, lower, target, width);
                break;
            case KernelLevel.Vector256:
                PlaneHalvingKernels<Operations256, Vector256<float>>.Row(upper, lower, target, width);
                break;
            default:
                PlaneHalvingKernels<Operations128, Vector128<float>>.Row(upper, lower, target, width);
                break;
        }
    }
}

/// <summary>The sizes of a halving.</summary>
/// <param name="Planes">Planes that follow one another, at least 1.</param>
/// <param name="Height">Rows of the large planes, even.</param>
/// <param name="Width">Columns of the large planes, even.</param>
public readonly record struct HalvingShape(int Planes, int Height, int Width)
{
    internal int Rows => Height / 2;

    internal int Columns => Width / 2;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 2);
        if (Height % 2 != 0 || Width % 2 != 0)
            throw new ArgumentException($"{Width}x{Height} has no half: even sizes are needed.");
    }
}
