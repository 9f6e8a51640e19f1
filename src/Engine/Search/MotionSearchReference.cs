namespace AdaConv.Engine.Search;

/// <summary>The search's costs, cell by cell.</summary>
internal static unsafe class MotionSearchReference
{
    public static void Errors(SearchShape shape, float* warped, SearchMemory memory, int threads) =>
        Tiles.Run(shape.Rows, threads, row =>
        {
            for (int column = 0; column < shape.Columns; column++)
                memory.Errors[row * shape.Columns + column] = Error(shape, warped, row, column);
        });

    public static void Costs(SearchShape shape, SearchMoves moves, SearchMemory memory, int threads) =>
        Tiles.Run(shape.Rows, threads, row =>
        {
            if (!SearchChoice.IsWanted(shape, memory, row))
                return;
            for (int move = 0; move < moves.All.Count; move++)
            {
                for (int column = 0; column < shape.Columns; column++)
                    memory.CostRow(row, move)[column] = Cost(shape, moves.All[move], memory, row, column);
            }
        });

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

        return Mean(shape, sums);
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

        return Mean(shape, sums);
    }

    private static float Mean(in SearchShape shape, float* sums) => (sums[0] + sums[1] + (sums[2] + sums[3])) * Factor(shape);

    /// <summary>What makes a cell's sum its mean.</summary>
    public static float Factor(in SearchShape shape) => 1f / (shape.Planes * MotionSearch.Cell * MotionSearch.Cell);
}
