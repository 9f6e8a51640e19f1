namespace AdaConv.Engine.Search;

/// <summary>Which displacement a cell takes, if any.</summary>
internal static unsafe class SearchChoice
{
    private const int Distance = 1; // cells that errors and costs are averaged over, each way

    /// <summary>Whether a row of cells' costs are looked at: by it or a neighbour whose warped frames differ.</summary>
    public static bool IsWanted(in SearchShape shape, in SearchMemory memory, int row)
    {
        for (int near = Math.Max(0, row - Distance); near <= Math.Min(shape.Rows - 1, row + Distance); near++)
        {
            if (Differs(shape, memory, near))
                return true;
        }

        return false;
    }

    public static void Apply(SearchShape shape, SearchMoves moves, SearchMemory memory, float* found, int threads)
    {
        Tiles.Run(shape.Rows, threads, row => Choose(shape, moves, memory, row, found));
        KeepCompanions(shape, memory, found);
    }

    private static bool Differs(in SearchShape shape, in SearchMemory memory, int row)
    {
        for (int column = 0; column < shape.Columns; column++)
        {
            if (Error(shape, memory, row, column) > MotionSearch.LeastError)
                return true;
        }

        return false;
    }

    private static float Error(in SearchShape shape, in SearchMemory memory, int row, int column)
    {
        var (above, below) = Near(row, shape.Rows);
        var (left, right) = Near(column, shape.Columns);
        float* upper = memory.Errors + above * shape.Columns, own = memory.Errors + row * shape.Columns, lower = memory.Errors + below * shape.Columns;
        return Mean(Sum(upper[left], own[left], lower[left]), Sum(upper[column], own[column], lower[column]), Sum(upper[right], own[right], lower[right]));
    }

    private static void Choose(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int row, float* found)
    {
        float* target = found + (long)row * shape.Columns;
        for (int plane = 0; plane < MotionSearch.Planes; plane++)
            new Span<float>(target + plane * shape.Cells, shape.Columns).Clear();
        if (!Differs(shape, memory, row))
            return;

        memory.Choice(row, out Span<float> least, out Span<int> best, out Span<float> sums);
        least.Fill(float.PositiveInfinity);
        var (above, below) = Near(row, shape.Rows);
        for (int move = 0; move < moves.All.Count; move++)
        {
            float* upper = memory.CostRow(above, move), own = memory.CostRow(row, move), lower = memory.CostRow(below, move);
            for (int column = 0; column < sums.Length; column++)
                sums[column] = Sum(upper[column], own[column], lower[column]);
            for (int column = 0; column < sums.Length; column++)
            {
                var (left, right) = Near(column, shape.Columns);
                float cost = Mean(sums[left], sums[column], sums[right]) + moves.All[move].Cost;
                if (cost < least[column])
                    (least[column], best[column]) = (cost, move);
            }
        }

        for (int column = 0; column < sums.Length; column++)
        {
            float error = Error(shape, memory, row, column);
            SearchMoves.Move move = moves.All[best[column]];
            if (error > MotionSearch.LeastError && least[column] < MotionSearch.Share * error
                && least[column] < MotionSearch.Distinctness * Next(shape, moves, memory, row, column, move))
            {
                (target[column], target[shape.Cells + column], target[2 * shape.Cells + column]) = (1, move.X, move.Y);
            }
        }
    }

    // The least cost of a displacement that is no neighbour of the best one.
    private static float Next(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int row, int column, in SearchMoves.Move best)
    {
        var (above, below) = Near(row, shape.Rows);
        var (left, right) = Near(column, shape.Columns);
        float least = float.PositiveInfinity;
        for (int i = 0; i < moves.All.Count; i++)
        {
            SearchMoves.Move move = moves.All[i];
            if (Math.Max(Math.Abs(move.X - best.X), Math.Abs(move.Y - best.Y)) <= MotionSearch.Neighbourhood)
                continue;
            float* upper = memory.CostRow(above, i), own = memory.CostRow(row, i), lower = memory.CostRow(below, i);
            least = Math.Min(least, move.Cost + Mean(
                Sum(upper[left], own[left], lower[left]), Sum(upper[column], own[column], lower[column]), Sum(upper[right], own[right], lower[right])));
        }

        return least;
    }

    private static void KeepCompanions(in SearchShape shape, in SearchMemory memory, float* found)
    {
        float* kept = memory.Errors; // not needed any more
        for (int row = 0; row < shape.Rows; row++)
        {
            for (int column = 0; column < shape.Columns; column++)
            {
                long cell = (long)row * shape.Columns + column;
                kept[cell] = found[cell] > 0 && Companions(shape, found, row, column) >= MotionSearch.Companions ? 1 : 0;
            }
        }

        for (long cell = 0; cell < shape.Cells; cell++)
        {
            for (int plane = 0; plane < MotionSearch.Planes; plane++)
                found[plane * shape.Cells + cell] *= kept[cell];
        }
    }

    private static int Companions(in SearchShape shape, float* found, int row, int column)
    {
        float* x = found + shape.Cells, y = x + shape.Cells;
        long cell = (long)row * shape.Columns + column;
        int count = -1; // itself
        for (int nearRow = Math.Max(0, row - 1); nearRow <= Math.Min(shape.Rows - 1, row + 1); nearRow++)
        {
            for (int nearColumn = Math.Max(0, column - 1); nearColumn <= Math.Min(shape.Columns - 1, column + 1); nearColumn++)
            {
                long near = (long)nearRow * shape.Columns + nearColumn;
                if (found[near] > 0 && MathF.Abs(x[near] - x[cell]) <= 1 && MathF.Abs(y[near] - y[cell]) <= 1)
                    count++;
            }
        }

        return count;
    }

    private static (int Before, int After) Near(int index, int count) => (Math.Max(0, index - Distance), Math.Min(count - 1, index + Distance));

    private static float Sum(float before, float own, float after) => before + after + 2 * own;

    private static float Mean(float before, float own, float after) => Sum(before, own, after) * (1 / 16f);
}
