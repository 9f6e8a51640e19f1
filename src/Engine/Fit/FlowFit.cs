using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Fit;

/// <summary>
/// One step of Lucas and Kanade (1981) between two frames that were warped towards the frame between: by what their flows change so that both agree
/// better. A network finds which places belong together; where exactly, to a fraction of a pixel, the pictures themselves say.
/// </summary>
/// <remarks>
/// <para>With A and B the warped frames at the time t of the frame between, a displacement δ moves what is sampled by 2t δ in the first and by
/// −2 (1 − t) δ in the second. Both then agree, to first order, where g · δ = e:</para>
/// <code>e(p) = B(p) − A(p),   g(p) = C(p + 1) − C(p − 1) along x and y,   C = t A + (1 − t) B</code>
/// <code>δ = argmin Σ w (g · δ − e)² + λ |δ|²,   w(p) = 1 / (1 + mean over planes of e(p)² / σ²)</code>
/// <para>The sums are means over cells of 4×4 pixels, then over 3×3 cells, and go over all planes: windows of 12×12 pixels, one for each cell. What
/// differs much (σ) is hidden in one of the frames, and counts little; where there is no texture, or along an edge, λ keeps δ near zero. δ is cut at
/// half a pixel, as the first order holds no further. Pixels and cells beyond the border are the border's.</para>
/// <para>Both changes, weighted by nearness, cancel: (1 − t) 2t δ − t 2 (1 − t) δ = 0. So what moves evenly stays on the line between its two places.
/// <see cref="FlowFitReference"/> says the same value by value.</para>
/// </remarks>
public static unsafe class FlowFit
{
    /// <summary>Pixels of a cell each way.</summary>
    public const int Cell = 4;

    /// <summary>Planes of the result.</summary>
    public const int Planes = 5;

    /// <summary>λ: what the square of a pixel of displacement costs, beside squares of values in 0..1 (docs/training.md, "Flows that are fitted").</summary>
    public const float Damping = 1e-4f;

    /// <summary>σ: difference of the warped frames, of values in 0..1, at which a pixel counts half.</summary>
    public const float Doubt = 0.1f;

    /// <summary>Pixels that δ is long at most.</summary>
    public const float Longest = 0.5f;

    /// <summary>Sums for each cell: those of products, and that of |e|.</summary>
    public const int Sums = Products + 1;

    /// <summary>Sums that the fit solves for: of g g, three of them, and of g e, two.</summary>
    internal const int Products = 5;

    /// <summary>The sum of |e|: not used by the fit, but by the search, to know where the frames differ.</summary>
    internal const int Difference = Products;

    /// <summary>Floats before and behind a row that its border repeats in, or that may be read beyond it.</summary>
    internal const int Margin = 16;

    /// <summary>Pixels of a window: the sums are those of a window, not means.</summary>
    internal const int Window = 9 * Cell * Cell;

    /// <summary>Fits, on whole planes.</summary>
    /// <param name="shape">P, H, W, both multiples of 4; a batch of one.</param>
    /// <param name="warped">[2P, H, W]: both frames, warped by their flows.</param>
    /// <param name="time">t, more than 0, less than 1.</param>
    /// <param name="change">[5, H/4, W/4], written: what the flows change by in pixels, x and y towards the first frame, x and y towards the second; and
    /// zeros.</param>
    /// <param name="scratch">Working memory of <see cref="Sums"/> floats a cell.</param>
    /// <param name="options">Level and threads.</param>
    /// <exception cref="ArgumentException">A size, the time or a pointer is out of range; the message names it.</exception>
    public static void Apply(in WarpShape shape, TensorView warped, float time, TensorView change, float* scratch, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        shape.Validate();
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Batch, 1, nameof(shape));
        if (shape.Height % Cell != 0 || shape.Width % Cell != 0)
            throw new ArgumentException($"{shape.Width}x{shape.Height} has no whole cells: multiples of {Cell} are needed.", nameof(shape));
        if (!(time is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(time), time, "The frame between lies after 0 and before 1.");
        WholePair planes = new(shape.Planes, shape.Height, shape.Width, warped.Resolve(1, 2 * shape.Planes * shape.PlaneSize, nameof(warped)).Data);
        FitShape fit = new(shape.Planes, shape.Height, shape.Width);
        float* changes = change.Resolve(1, (long)Planes * fit.Rows * fit.Columns, nameof(change)).Data;
        KernelLevel level = options.ResolveLevel();
        int threads = options.ResolveThreads();
        Tiles.Run(fit.Rows, threads, row =>
        {
            var own = Scratch.ForThisThread(fit.SumScratch);
            SumRows(level, fit, new RowRange(row, row + 1), time, planes, scratch, own.Take(fit.SumScratch));
        });
        Tiles.Run(fit.Rows, threads, row =>
        {
            var own = Scratch.ForThisThread(fit.SolveScratch);
            SolveRow(level, fit, row, new(time), scratch, null, changes, own.Take(fit.SolveScratch));
        });
    }

    /// <summary>The sums of some rows of cells, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="cellRows">Which rows of cells.</param>
    /// <param name="time">t.</param>
    /// <param name="rows">Makes a row of both warped frames; a structure: a delegate would be made anew for each frame.</param>
    /// <param name="sums">[6, H/4, W/4]: those rows are written.</param>
    /// <param name="scratch">Working memory of <see cref="FitShape.SumScratch"/>, aligned to a cache line.</param>
    internal static void SumRows<TRows>(KernelLevel level, in FitShape shape, RowRange cellRows, float time, TRows rows, float* sums, float* scratch)
        where TRows : struct, IPairRow
    {
        int stride = shape.Stride, pair = 2 * shape.Planes * stride;
        float* pixels = scratch + 3 * pair + Margin;
        FitShape sizes = shape;
        Take(Cell * cellRows.First - 1);
        Take(Cell * cellRows.First);
        for (int row = cellRows.First; row < cellRows.End; row++)
        {
            new Span<float>(pixels, Sums * stride - Margin).Clear();
            for (int y = Cell * row; y < Cell * (row + 1); y++)
            {
                Take(y + 1);
                Add(level, sizes, time, new(Place(y - 1), Place(y), Place(y + 1)), pixels);
            }

            for (int sum = 0; sum < Sums; sum++)
                SumCells(level, pixels + sum * stride, sums + ((long)sum * sizes.Rows + row) * sizes.Columns, sizes.Columns);
        }

        float* Place(int y) => scratch + (y + 3) % 3 * pair + Margin;

        void Take(int y)
        {
            float* target = Place(y);
            rows.Copy(Math.Clamp(y, 0, sizes.Height - 1), target, stride);
            for (int plane = 0; plane < 2 * sizes.Planes; plane++, target += stride)
                (target[-1], target[sizes.Width]) = (target[0], target[sizes.Width - 1]);
        }
    }

    /// <summary>A row of cells of the result, on the calling thread.</summary>
    /// <param name="level">The kernel level.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="row">Which.</param>
    /// <param name="shares">What the flows change by of a displacement.</param>
    /// <param name="sums">[6, H/4, W/4]: of all rows.</param>
    /// <param name="added">[5, H/4, W/4]: added to the result; null: nothing.</param>
    /// <param name="change">[5, H/4, W/4]: that row is written.</param>
    /// <param name="scratch">Working memory of <see cref="FitShape.SolveScratch"/>, aligned to a cache line.</param>
    internal static void SolveRow(
        KernelLevel level, in FitShape shape, int row, FlowShares shares, float* sums, float* added, float* change, float* scratch)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FlowFitKernels<Operations512, Vector512<float>>.SolveRow(shape, row, shares, sums, added, change, scratch);
                break;
            case KernelLevel.Vector256:
                FlowFitKernels<Operations256, Vector256<float>>.SolveRow(shape, row, shares, sums, added, change, scratch);
                break;
            case KernelLevel.Vector128:
                FlowFitKernels<Operations128, Vector128<float>>.SolveRow(shape, row, shares, sums, added, change, scratch);
                break;
            default:
                FlowFitReference.SolveRow(shape, row, shares, sums, added, change);
                break;
        }
    }

    private static void Add(KernelLevel level, in FitShape shape, float time, ThreeRows rows, float* pixels)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FlowFitKernels<Operations512, Vector512<float>>.Add(shape, time, rows, pixels);
                break;
            case KernelLevel.Vector256:
                FlowFitKernels<Operations256, Vector256<float>>.Add(shape, time, rows, pixels);
                break;
            case KernelLevel.Vector128:
                FlowFitKernels<Operations128, Vector128<float>>.Add(shape, time, rows, pixels);
                break;
            default:
                FlowFitReference.Add(shape, time, rows, pixels);
                break;
        }
    }

    private static void SumCells(KernelLevel level, float* pixels, float* cells, int count)
    {
        switch (level)
        {
            case KernelLevel.Vector512:
                FlowFitKernels<Operations512, Vector512<float>>.SumCells(pixels, cells, count);
                break;
            case KernelLevel.Vector256:
                FlowFitKernels<Operations256, Vector256<float>>.SumCells(pixels, cells, count);
                break;
            case KernelLevel.Vector128:
                FlowFitKernels<Operations128, Vector128<float>>.SumCells(pixels, cells, count);
                break;
            default:
                FlowFitReference.SumCells(pixels, cells, count);
                break;
        }
    }
}

/// <summary>What both flows change by of a displacement δ.</summary>
/// <param name="Time">t.</param>
/// <param name="Scale">Factor on both.</param>
internal readonly record struct FlowShares(float Time, float Scale = 1)
{
    /// <summary>The flow towards the first frame.</summary>
    public float First => 2 * Time * Scale;

    /// <summary>The flow towards the second frame.</summary>
    public float Second => -2 * (1 - Time) * Scale;
}

/// <summary>The sizes of a fit.</summary>
/// <param name="Planes">P of each frame.</param>
/// <param name="Height">Rows, a multiple of 4.</param>
/// <param name="Width">Columns, a multiple of 4.</param>
internal readonly record struct FitShape(int Planes, int Height, int Width)
{
    /// <summary>Cells in a column.</summary>
    public int Rows => Height / FlowFit.Cell;

    /// <summary>Cells in a row.</summary>
    public int Columns => Width / FlowFit.Cell;

    /// <summary>Floats from a row of pixels, with its margins, to the next: as many as whole vectors of cells look at, too.</summary>
    public int Stride => (Width + 63) / 64 * 64 + 2 * FlowFit.Margin;

    /// <summary>Floats from a row of cells, with its margins, to the next.</summary>
    public int CellStride => Scratch.Rounded(Columns) + 2 * FlowFit.Margin;

    /// <summary>Floats that the sums are made in: three rows of both frames, one of sums.</summary>
    public int SumScratch => (6 * Planes + FlowFit.Sums) * Stride;

    /// <summary>Floats that a row is solved in.</summary>
    public int SolveScratch => FlowFit.Products * CellStride;
}

/// <summary>Neighbouring rows of both warped frames: each points at the first frame's first plane, a value before which its border repeats.</summary>
/// <param name="above">The row above.</param>
/// <param name="row">The row itself.</param>
/// <param name="below">The row below.</param>
internal readonly unsafe struct ThreeRows(float* above, float* row, float* below)
{
    public float* Above => above;

    public float* Row => row;

    public float* Below => below;
}
