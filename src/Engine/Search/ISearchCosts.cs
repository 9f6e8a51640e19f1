namespace AdaConv.Engine.Search;

/// <summary>The arithmetic of a search, for a block of cells at a time; see <see cref="SearchMemory.Block"/>.</summary>
internal unsafe interface ISearchCosts
{
    /// <summary>What every displacement costs: means over pixels and planes.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="moves">The displacements.</param>
    /// <param name="memory">The frames.</param>
    /// <param name="row">The row of cells.</param>
    /// <param name="block">Which block of it.</param>
    /// <param name="target">The first displacement's costs, written; the next one's lie <see cref="SearchMemory.CostStride"/> behind.</param>
    static abstract void Costs(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int row, int block, float* target);

    /// <summary>A displacement's costs averaged over 3×3 cells with weights 1, 2, 1 each way, plus what its length costs, and the least cost so far.</summary>
    /// <param name="costs">The block's costs.</param>
    /// <param name="length">What the displacement's length costs.</param>
    /// <param name="smooth">[block], written.</param>
    /// <param name="least">[block], lowered.</param>
    static abstract void Smooth(in CostRows costs, float length, float* smooth, float* least);
}

/// <summary>A displacement's costs of a block of cells, and of the rows above and below.</summary>
/// <param name="above">The row above; at the border, the row itself.</param>
/// <param name="own">The row.</param>
/// <param name="below">The row below; at the border, the row itself.</param>
/// <param name="sums">Working memory: the block and two.</param>
internal readonly unsafe struct CostRows(float* above, float* own, float* below, float* sums)
{
    public float* Above => above;

    public float* Own => own;

    public float* Below => below;

    public float* Sums => sums;

    /// <summary>Cells of the block inside the picture.</summary>
    public required int Count { get; init; }

    /// <summary>Whether there is a cell left of the block.</summary>
    public required bool HasLeft { get; init; }

    /// <summary>Whether there is one right of it.</summary>
    public required bool HasRight { get; init; }
}
