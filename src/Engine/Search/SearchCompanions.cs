namespace AdaConv.Engine.Search;

/// <summary>Cells that found something keep it where enough of their neighbours found the same.</summary>
internal static unsafe class SearchCompanions
{
    /// <summary>Clears the others.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="kept">[rows, columns]: working memory.</param>
    /// <param name="found">[3, rows, columns].</param>
    public static void Keep(in SearchShape shape, float* kept, float* found)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            for (int column = 0; column < shape.Columns; column++)
            {
                long cell = (long)row * shape.Columns + column;
                kept[cell] = found[cell] > 0 && Count(shape, found, row, column) >= MotionSearch.Companions ? 1 : 0;
            }
        }

        for (long cell = 0; cell < shape.Cells; cell++)
        {
            for (int plane = 0; plane < MotionSearch.Planes; plane++)
                found[plane * shape.Cells + cell] *= kept[cell];
        }
    }

    private static int Count(in SearchShape shape, float* found, int row, int column)
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
}
