using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine;

/// <summary>
/// Planes to interleaved activations and back, in one pass: concatenation, scaling, change of type and layout.
/// With offsets of null and equal scales, <see cref="Unpack"/> is the adjoint of <see cref="Pack"/>: each is the other's gradient.
/// </summary>
public static unsafe class PlanePacking
{
    /// <summary><code>out(n, y, x, c) = scale · plane(n, c, y, x) + offset(n, c)</code></summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="groups">The planes in the channels' order.</param>
    /// <param name="output">[N, H, W, C], written; channels beyond the groups' become 0.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Pack(in PackingShape shape, ReadOnlySpan<PlaneGroup> groups, InterleavedView output, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        PlaneGroup[] resolved = Resolve(shape, groups, optional: false);
        output.Validate(resolved.Sum(group => group.Count), nameof(output));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                PlanePackingKernels<Operations512, Vector512<float>>.Pack(shape, resolved, output, threads);
                break;
            case KernelLevel.Vector256:
                PlanePackingKernels<Operations256, Vector256<float>>.Pack(shape, resolved, output, threads);
                break;
            case KernelLevel.Vector128:
                PlanePackingKernels<Operations128, Vector128<float>>.Pack(shape, resolved, output, threads);
                break;
            default:
                PlanePackingReference.Pack(shape, resolved, output, threads);
                break;
        }
    }

    /// <summary><code>plane(n, c, y, x) = scale · in(n, y, x, c) + offset(n, c)</code></summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="groups">The planes in the channels' order, written; those with null data are passed over.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size, pointer or stride is out of range; the message names it.</exception>
    public static void Unpack(in PackingShape shape, InterleavedView input, ReadOnlySpan<PlaneGroup> groups, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        PlaneGroup[] resolved = Resolve(shape, groups, optional: true);
        input.Validate(resolved.Sum(group => group.Count), nameof(input));
        int threads = options.ResolveThreads();
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                PlanePackingKernels<Operations512, Vector512<float>>.Unpack(shape, input, resolved, threads);
                break;
            case KernelLevel.Vector256:
                PlanePackingKernels<Operations256, Vector256<float>>.Unpack(shape, input, resolved, threads);
                break;
            case KernelLevel.Vector128:
                PlanePackingKernels<Operations128, Vector128<float>>.Unpack(shape, input, resolved, threads);
                break;
            default:
                PlanePackingReference.Unpack(shape, input, resolved, threads);
                break;
        }
    }

    /// <summary>One row of some channels of float32 activations, on the calling thread: <code>row(c, x) = in(x, first + c) + offset(c)</code></summary>
    /// <param name="pixels">The row's first pixel.</param>
    /// <param name="stride">Floats from a pixel to the next.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="first">The first channel.</param>
    /// <param name="count">How many channels.</param>
    /// <param name="offsets">[count]; null: zeros.</param>
    /// <param name="target">Where channel <paramref name="first"/> goes.</param>
    /// <param name="targetStride">Floats from a channel's row to the next one's.</param>
    internal static void UnpackRow(float* pixels, int stride, int width, int first, int count, float* offsets, float* target, nint targetStride)
    {
        ChannelRow* rows = stackalloc ChannelRow[first + count];
        for (int c = 0; c < first + count; c++)
            rows[c] = c < first ? default : new(target + (c - first) * targetStride, 1, offsets is null ? 0 : offsets[c - first]);
        if (PlaneTransposition.IsSupported)
        {
            PlaneTransposition.Unpack(rows, first + count, pixels, stride, width);
            return;
        }
        for (int c = first; c < first + count; c++)
        {
            for (int x = 0; x < width; x++)
                rows[c].Data[x] = pixels[(long)x * stride + c] + rows[c].Offset;
        }
    }

    private static PlaneGroup[] Resolve(in PackingShape shape, ReadOnlySpan<PlaneGroup> groups, bool optional)
    {
        shape.Validate();
        var resolved = new PlaneGroup[groups.Length];
        for (int i = 0; i < groups.Length; i++)
        {
            PlaneGroup group = groups[i];
            ArgumentOutOfRangeException.ThrowIfLessThan(group.Count, 1, nameof(groups));
            TensorView planes = group.Planes.Resolve(shape.Batch, group.Count * shape.PlaneSize, nameof(groups), optional);
            resolved[i] = new PlaneGroup(planes, group.Count, group.Scale, group.Offsets);
        }
        return resolved;
    }
}

/// <summary>The sizes of a packing.</summary>
/// <param name="Batch">N, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct PackingShape(int Batch, int Height, int Width)
{
    internal long PlaneSize => (long)Height * Width;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
    }
}
