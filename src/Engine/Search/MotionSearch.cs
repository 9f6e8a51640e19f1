using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Search;

/// <summary>
/// Looks for large motion by comparing: where two frames, warped towards each other, still differ, and fit much better when both are moved as a whole,
/// that displacement is found.
/// </summary>
/// <remarks>
/// <para>For cells of 4×4 pixels and displacements d = (x, y) of −R to R each, the cost is the mean over pixels p and planes of
/// |first(p + a) − second(p − b)|, a and b being 2t d and 2 (1 − t) d in whole pixels: a cost volume about the frame between (bilateral, as in BMBC,
/// Park et al. 2020). Beyond the border is the border. Costs, and the differences of the warped frames alike, are averaged over 3×3 cells with weights
/// 1, 2, 1 each way; <see cref="LengthCost"/> times the length of d is added.</para>
/// <para>The least cost wins where the warped frames differ by more than <see cref="LeastError"/>, and it is below <see cref="Share"/> of that. A cell
/// counts only when <see cref="Companions"/> of its eight neighbours found the same to a pixel. All levels give the same bits.</para>
/// </remarks>
public static unsafe class MotionSearch
{
    /// <summary>Pixels of a cell each way.</summary>
    public const int Cell = 4;

    /// <summary>Planes of the result.</summary>
    public const int Planes = 3;

    /// <summary>What a pixel of length costs.</summary>
    public const float LengthCost = 1 / 800f;

    /// <summary>Mean difference below which warped frames are left as they are, of values in 0..1.</summary>
    public const float LeastError = 1 / 80f;

    /// <summary>Share of the warped frames' difference that the least cost must be below.</summary>
    public const float Share = 0.8f;

    /// <summary>Neighbours that must have found the same.</summary>
    public const int Companions = 2;

    /// <summary>Searches.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="pair">[2P, H, W]: both frames.</param>
    /// <param name="warped">[2P, H, W]: both, warped by the motion known so far.</param>
    /// <param name="time">The time t of the frame between, 0 to 1.</param>
    /// <param name="found">[3, H/4, W/4], written: 1 where something was found, and the displacement x, y in pixels for the middle; zeros elsewhere.</param>
    /// <param name="scratch">Working memory of <see cref="SearchShape.ScratchFloats"/>.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size, a pointer or the time is out of range; the message names it.</exception>
    public static void Apply(
        in SearchShape shape, TensorView pair, TensorView warped, float time, TensorView found, float* scratch, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        ArgumentNullException.ThrowIfNull(scratch);
        if (!(time is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(time), time, "A frame between lies at a time from 0 to 1.");
        pair = pair.Resolve(1, 2 * shape.Planes * shape.PlaneSize, nameof(pair));
        warped = warped.Resolve(1, 2 * shape.Planes * shape.PlaneSize, nameof(warped));
        found = found.Resolve(1, Planes * shape.Cells, nameof(found));
        int threads = options.ResolveThreads();
        SearchMemory memory = new(shape, scratch);
        memory.Widen(pair.Data, threads);
        MotionSearchReference.Errors(shape, warped.Data, memory, threads);
        SearchMoves moves = new(shape.Radius, time);
        switch (options.ResolveLevel())
        {
            case KernelLevel.Vector512:
                MotionSearchKernels<Operations512, Vector512<float>>.Costs(shape, moves, memory, threads);
                break;
            case KernelLevel.Vector256:
                MotionSearchKernels<Operations256, Vector256<float>>.Costs(shape, moves, memory, threads);
                break;
            case KernelLevel.Vector128:
                MotionSearchKernels<Operations128, Vector128<float>>.Costs(shape, moves, memory, threads);
                break;
            default:
                MotionSearchReference.Costs(shape, moves, memory, threads);
                break;
        }

        SearchChoice.Apply(shape, moves, memory, found.Data, threads);
    }
}

/// <summary>The sizes of a search.</summary>
/// <param name="Planes">P of each frame, at least 1.</param>
/// <param name="Height">Rows, a multiple of 4.</param>
/// <param name="Width">Columns, a multiple of 4.</param>
/// <param name="Radius">R: pixels each way, 1 to 16.</param>
public readonly record struct SearchShape(int Planes, int Height, int Width, int Radius)
{
    /// <summary>Cells in a column.</summary>
    public int Rows => Height / MotionSearch.Cell;

    /// <summary>Cells in a row.</summary>
    public int Columns => Width / MotionSearch.Cell;

    /// <summary>Cells in all.</summary>
    public long Cells => (long)Rows * Columns;

    /// <summary>Floats of working memory.</summary>
    public long ScratchFloats => SearchMemory.Floats(this);

    internal long PlaneSize => (long)Height * Width;

    internal int Moves => (2 * Radius + 1) * (2 * Radius + 1);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, MotionSearch.Cell);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, MotionSearch.Cell);
        ArgumentOutOfRangeException.ThrowIfLessThan(Radius, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Radius, 16);
        if (Height % MotionSearch.Cell != 0 || Width % MotionSearch.Cell != 0)
            throw new ArgumentException($"{Width}x{Height} has no whole cells: multiples of {MotionSearch.Cell} are needed.");
    }
}
