namespace AdaConv.Engine.Search;

/// <summary>The search's arithmetic, cell by cell.</summary>
internal readonly unsafe struct MotionSearchReference : ISearchCosts
{
    /// <summary>How much the warped frames differ.</summary>
    public static void Errors(SearchShape shape, float* warped, SearchMemory memory, int threads)
    {
        Tiles.Run(shape.Rows, threads, row =>
        {
            for (int column = 0; column < shape.Columns; column++)
                memory.Errors[row * shape.Columns + column] = Error(shape, warped, row, column);
        });
    }

    /// <summary>The cells' errors, averaged over 3×3 cells with weights 1, 2, 1 each way.</summary>
    public static void SmoothErrors(SearchShape shape, SearchMemory memory, int threads)
    {
        Tiles.Run(shape.Rows, threads, row =>
        {
            float* own = memory.Errors + row * shape.Columns, smooth = memory.SmoothErrors + row * shape.Columns;
            float* above = row == 0 ? own : own - shape.Columns, below = row == shape.Rows - 1 ? own : own + shape.Columns;
            for (int column = 0; column < shape.Columns; column++)
            {
                int left = Math.Max(column - 1, 0), right = Math.Min(column + 1, shape.Columns - 1);
                smooth[column] = Mean(
                    Sum(above[left], own[left], below[left]), Sum(above[column], own[column], below[column]), Sum(above[right], own[right], below[right]));
            }
        });
    }

    public static void Costs(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int row, int block, float* target)
    {
        int first = SearchMemory.Block * block, count = Math.Min(SearchMemory.Block, shape.Columns - first);
        for (int move = 0; move < moves.All.Length; move++, target += memory.CostStride)
        {
            for (int i = 0; i < count; i++)
                target[i] = Cost(shape, moves.All[move], memory, row, first + i);
        }
    }

    public static void Smooth(in CostRows costs, float length, float* smooth, float* least)
    {
        float* above = costs.Above, own = costs.Own, below = costs.Below;
        for (int i = 0; i < costs.Count; i++)
        {
            int left = i > 0 || costs.HasLeft ? i - 1 : i, right = i < costs.Count - 1 || costs.HasRight ? i + 1 : i;
            smooth[i] = length + Mean(Sum(above[left], own[left], below[left]), Sum(above[i], own[i], below[i]), Sum(above[right], own[right], below[right]));
            least[i] = MathF.Min(least[i], smooth[i]);
        }
    }

    /// <summary>before + 2 own + after.</summary>
    public static float Sum(float before, float own, float after) => before + after + 2 * own;

    /// <summary>What makes a cell's sum its mean.</summary>
    public static float Factor(in SearchShape shape) => 1f / (shape.Planes * MotionSearch.Cell * MotionSearch.Cell);

    private static float Error(in SearchShape shape, float* warped, int row, int column)
    {
        float* sums = stackalloc float[MotionSearch.Cell];
        new Span<float>(sums, MotionSearch.Cell).Clear();
        for (int plane = 0; plane < shape.Planes; plane++)
        {
            for (int y = MotionSearch.Cell * row; y < MotionSearch.Cell * (row + 1); y++)
            {
                float* first = warped + plane * shape.PlaneSize + (long)y * shape.Width + MotionSearch.Cell * column;
                float* second = first + shape.Planes * shape.PlaneSize;
                for (int x = 0; x < MotionSearch.Cell; x++)
                    sums[x] += MathF.Abs(first[x] - second[x]);
            }
        }

        return CellMean(shape, sums);
    }

    private static float Cost(in SearchShape shape, in SearchMoves.Move move, in SearchMemory memory, int row, int column)
    {
        float* sums = stackalloc float[MotionSearch.Cell];
        new Span<float>(sums, MotionSearch.Cell).Clear();
        for (int plane = 0; plane < shape.Planes; plane++)
        {
            for (int y = MotionSearch.Cell * row; y < MotionSearch.Cell * (row + 1); y++)
            {
                float* first = memory.Pixel(plane, y + move.FirstY, MotionSearch.Cell * column + move.FirstX);
                float* second = memory.Pixel(shape.Planes + plane, y - move.SecondY, MotionSearch.Cell * column - move.SecondX);
                for (int x = 0; x < MotionSearch.Cell; x++)
                    sums[x] += MathF.Abs(first[x] - second[x]);
            }
        }

        return CellMean(shape, sums);
    }

    private static float CellMean(in SearchShape shape, float* sums) => (sums[0] + sums[1] + (sums[2] + sums[3])) * Factor(shape);

    private static float Mean(float before, float own, float after) => Sum(before, own, after) * (1 / 16f);
}
