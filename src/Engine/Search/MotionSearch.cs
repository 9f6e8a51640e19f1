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
/// <para>The least cost wins where it meets the <see cref="SearchCriteria"/>: the warped frames differ enough, it is a good deal below that, and below the
/// cost of every displacement that is no neighbour: a plain or repeated texture fits anywhere, and tells nothing. A cell counts only when
/// <see cref="Companions"/> of its eight neighbours found the same to a pixel. Costs are computed near cells that differ so much, and nowhere else. All
/// levels give the same bits.</para>
/// </remarks>
public static unsafe class MotionSearch
{
    /// <summary>Pixels of a cell each way.</summary>
    public const int Cell = 4;

    /// <summary>Planes of the result.</summary>
    public const int Planes = 3;

    /// <summary>What a pixel of length costs.</summary>
    public const float LengthCost = 1 / 800f;

    /// <summary>Neighbours that must have found the same.</summary>
    public const int Companions = 4;

    /// <summary>Searches.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="pair">[2P, H, W]: both frames.</param>
    /// <param name="warped">[2P, H, W]: both, warped by the motion known so far.</param>
    /// <param name="moves">The displacements, of the shape's radius.</param>
    /// <param name="found">[3, H/4, W/4], written: 1 where something was found, and the displacement x, y in pixels for the middle; zeros elsewhere.</param>
    /// <param name="scratch">Working memory of <see cref="SearchShape.ScratchFloats"/> for as many threads.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size or a pointer is out of range, or the displacements are of another radius; the message names it.</exception>
    public static void Apply(
        in SearchShape shape, TensorView pair, TensorView warped, SearchMoves moves, TensorView found, float* scratch, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentNullException.ThrowIfNull(moves);
        if (moves.Radius != shape.Radius)
            throw new ArgumentException($"The displacements have the radius {moves.Radius}, not {shape.Radius}.", nameof(moves));
        pair = pair.Resolve(1, 2 * shape.Planes * shape.PlaneSize, nameof(pair));
        warped = warped.Resolve(1, 2 * shape.Planes * shape.PlaneSize, nameof(warped));
        found = found.Resolve(1, Planes * shape.Cells, nameof(found));
        int threads = options.ResolveThreads();
        SearchMemory memory = new(shape, scratch);
        MotionSearchReference.Errors(shape, warped.Data, memory, threads);
        Search(options.ResolveLevel(), new WholePair(shape.Planes, shape.Height, shape.Width, pair.Data), moves, memory, found.Data, threads);
    }

    /// <summary>Searches, where the cells' errors are known.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="pair">Both frames.</param>
    /// <param name="moves">The displacements.</param>
    /// <param name="memory">Working memory, which holds the errors: see <see cref="SearchMemory.Errors"/>.</param>
    /// <param name="found">[3, H/4, W/4], written.</param>
    /// <param name="threads">Threads.</param>
    internal static void Search<TRows>(
        KernelLevel level, TRows pair, SearchMoves moves, SearchMemory memory, float* found, int threads)
        where TRows : struct, IPairRow
    {
        SearchShape shape = memory.Shape;
        MotionSearchReference.SmoothErrors(shape, memory, threads);
        new Span<float>(found, checked((int)(Planes * shape.Cells))).Clear();
        if (!memory.AnyDiffers)
            return;
        memory.Widen(pair, threads);
        switch (level)
        {
            case KernelLevel.Vector512:
                SearchRows<MotionSearchKernels<Operations512, Vector512<float>>>.Choose(shape, moves, memory, found, threads);
                break;
            case KernelLevel.Vector256:
                SearchRows<MotionSearchKernels<Operations256, Vector256<float>>>.Choose(shape, moves, memory, found, threads);
                break;
            case KernelLevel.Vector128:
                SearchRows<MotionSearchKernels<Operations128, Vector128<float>>>.Choose(shape, moves, memory, found, threads);
                break;
            default:
                SearchRows<MotionSearchReference>.Choose(shape, moves, memory, found, threads);
                break;
        }

        SearchCompanions.Keep(shape, memory.Errors, found); // the errors are not needed any more
    }

    /// <summary>Puts what was found in place of a row of one of motion's planes.</summary>
    /// <param name="flows">[W], changed.</param>
    /// <param name="width">W.</param>
    /// <param name="share">[W]: the share that is replaced.</param>
    /// <param name="way">[W]: the displacement along this plane's axis, times that share.</param>
    /// <param name="factor">What the flow is of the displacement: 2t towards the first frame, −2 (1 − t) towards the second.</param>
    internal static void Replace(float* flows, int width, float* share, float* way, float factor)
    {
        for (int x = 0; x < width; x++)
            flows[x] = (1 - share[x]) * flows[x] + factor * way[x];
    }
}

/// <summary>The sizes of a search.</summary>
/// <param name="Planes">P of each frame, at least 1.</param>
/// <param name="Height">Rows, a multiple of 4.</param>
/// <param name="Width">Columns, a multiple of 4.</param>
/// <param name="Radius">R: pixels each way, 1 to 16.</param>
public readonly record struct SearchShape(int Planes, int Height, int Width, int Radius)
{
    /// <summary>What a displacement must meet.</summary>
    public SearchCriteria Criteria { get; init; } = SearchCriteria.Coarsest;

    /// <summary>Cells in a column.</summary>
    public int Rows => Height / MotionSearch.Cell;

    /// <summary>Cells in a row.</summary>
    public int Columns => Width / MotionSearch.Cell;

    /// <summary>Cells in all.</summary>
    public long Cells => (long)Rows * Columns;

    /// <summary>Floats of working memory.</summary>
    /// <param name="threads">Threads at most.</param>
    public long ScratchFloats(int threads) => SearchMemory.Floats(this, threads);

    internal long PlaneSize => (long)Height * Width;

    internal int Moves => (2 * Radius + 1) * (2 * Radius + 1);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, MotionSearch.Cell);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, MotionSearch.Cell);
        if (Height % MotionSearch.Cell != 0 || Width % MotionSearch.Cell != 0)
            throw new ArgumentException($"{Width}x{Height} has no whole cells: multiples of {MotionSearch.Cell} are needed.");
    }
}
