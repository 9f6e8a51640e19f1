namespace AdaConv.Engine.Search;

/// <summary>Which displacement a cell takes, if any: row by row of cells, each with the costs of the rows above and below.</summary>
internal static unsafe class SearchRows<TCosts>
    where TCosts : struct, ISearchCosts
{
    /// <summary>Writes what is found; the rest stays as it is.</summary>
    public static void Choose(SearchShape shape, SearchMoves moves, SearchMemory memory, float* found, int threads)
    {
        int strips = SearchMemory.Strips(shape), next = -1;
        Tiles.Run(Math.Min(strips, threads), threads, thread =>
        {
            for (int strip = Interlocked.Increment(ref next); strip < strips; strip = Interlocked.Increment(ref next))
            {
                int top = strip * SearchMemory.StripRows, last = -1; // the last row whose costs are there
                for (int row = top; row < Math.Min(top + SearchMemory.StripRows, shape.Rows); row++)
                {
                    if (!memory.Differs(row, row, 0, shape.Columns - 1))
                        continue;
                    for (int near = Math.Max(row - 1, last + 1); near <= Math.Min(row + 1, shape.Rows - 1); near++)
                        Costs(shape, moves, memory, near, memory.CostRow(thread, last = near));
                    Row(shape, moves, memory, thread, row, found);
                }
            }
        });
    }

    // Of those cells that a differing one looks at.
    private static void Costs(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int row, float* costs)
    {
        for (int block = 0; block < memory.Blocks; block++)
        {
            int first = SearchMemory.Block * block;
            if (memory.Differs(row - 1, row + 1, first - 1, first + SearchMemory.Block))
                TCosts.Costs(shape, moves, memory, row, block, costs + first);
        }
    }

    private static void Row(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int thread, int row, float* found)
    {
        float* above = memory.CostRow(thread, Math.Max(row - 1, 0)), own = memory.CostRow(thread, row);
        float* below = memory.CostRow(thread, Math.Min(row + 1, shape.Rows - 1));
        float* smooth = memory.Smooth(thread), least = memory.Least(thread);
        for (int first = 0; first < shape.Columns; first += SearchMemory.Block)
        {
            if (!memory.Differs(row, row, first, first + SearchMemory.Block - 1))
                continue;
            int count = Math.Min(SearchMemory.Block, shape.Columns - first);
            new Span<float>(least, SearchMemory.Block).Fill(float.PositiveInfinity);
            for (int move = 0; move < moves.All.Length; move++)
            {
                long offset = (long)move * memory.CostStride + first;
                CostRows costs = new(above + offset, own + offset, below + offset, memory.Sums(thread))
                {
                    Count = count,
                    HasLeft = first > 0,
                    HasRight = first + count < shape.Columns,
                };
                TCosts.Smooth(costs, moves.All[move].Cost, smooth + move * SearchMemory.Block, least);
            }

            for (int i = 0; i < count; i++)
            {
                long cell = (long)row * shape.Columns + first + i;
                if (Find(shape.Criteria, moves, smooth + i, least[i], memory.SmoothErrors[cell]) is { } move)
                    (found[cell], found[shape.Cells + cell], found[2 * shape.Cells + cell]) = (1, move.X, move.Y);
            }
        }
    }

    // The first displacement with the least cost, where that is well below the error, which is large enough, and distinctly below the costs of all others
    // but its neighbours.
    private static SearchMoves.Move? Find(SearchCriteria criteria, SearchMoves moves, float* costs, float least, float error)
    {
        if (!(error > criteria.LeastError && least < criteria.Share * error))
            return null;
        int best = 0;
        while (costs[best * SearchMemory.Block] != least)
            best++;
        SearchMoves.Move move = moves.All[best];
        foreach (SearchMoves.Move other in moves.All)
        {
            bool isNear = Math.Max(Math.Abs(other.X - move.X), Math.Abs(other.Y - move.Y)) <= criteria.Neighbourhood;
            if (!isNear && !(least < criteria.Distinctness * *costs))
                return null;
            costs += SearchMemory.Block;
        }

        return move;
    }
}
