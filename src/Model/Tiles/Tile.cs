namespace AdaConv.Model;

/// <summary>A part of a frame that is predicted on its own.</summary>
/// <param name="X">Left edge of the part that the result is kept of.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width of that part.</param>
/// <param name="Height">Height of that part.</param>
/// <param name="Left">Left edge of what the network looks at: the part and its surroundings, inside the frame.</param>
/// <param name="Top">Top edge of what it looks at.</param>
/// <param name="Right">One past the right edge of what it looks at.</param>
/// <param name="Bottom">One past the bottom edge.</param>
internal readonly record struct Tile(int X, int Y, int Width, int Height, int Left, int Top, int Right, int Bottom)
{
    private const int SmallestTile = 32;

    /// <summary>What the smallest tiles look at: a limit below lets nothing through.</summary>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="overlap">Pixels that a tile looks beyond its part on each inner side.</param>
    public static (int Width, int Height) Least(int width, int height, int overlap)
    {
        return (Least(width), Least(height));

        int Least(int size) => Enumerable.Range(1, (size + SmallestTile - 1) / SmallestTile).Min(parts => (int)Extent(size, parts, overlap));
    }

    /// <summary>Pixels that the smallest tiles look at; see <see cref="Least"/>.</summary>
    public static long LeastPixels(int width, int height, int overlap)
    {
        (int columns, int rows) = Least(width, height, overlap);
        return (long)columns * rows;
    }

    /// <summary>What the tiles look at where a frame is cut into so many, in the grid whose tiles look at least.</summary>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="overlap">Pixels that a tile looks beyond its part on each inner side.</param>
    /// <param name="count">Tiles.</param>
    public static (int Width, int Height) Looked(int width, int height, int overlap, int count) =>
        Enumerable.Range(1, count).Where(columns => count % columns == 0)
            .Select(columns => (Width: (int)Extent(width, columns, overlap), Height: (int)Extent(height, count / columns, overlap)))
            .MinBy(looked => (long)looked.Width * looked.Height);

    /// <summary>Covers a frame with tiles of equal size.</summary>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="overlap">Pixels that a tile looks beyond its part on each inner side.</param>
    /// <param name="multiple">The network's size multiple: tiles begin on it, so that its coarse grids fall as on the whole frame.</param>
    /// <param name="fits">Whether a tile may look at so many columns and rows; as few tiles as may.</param>
    /// <exception cref="ModelException">Not even small tiles fit.</exception>
    public static IReadOnlyList<Tile> Cover(int width, int height, int overlap, int multiple, Func<int, int, bool> fits)
    {
        // Of all grids with the same number of tiles, the one whose tiles look at least; then the fewest tiles that fit.
        int mostColumns = (width + SmallestTile - 1) / SmallestTile, mostRows = (height + SmallestTile - 1) / SmallestTile;
        for (int count = 1; count <= mostColumns * mostRows; count++)
        {
            var grids = Enumerable.Range(1, count).Where(columns => count % columns == 0 && columns <= mostColumns && count / columns <= mostRows)
                .Select(columns =>
                    (Columns: columns, Rows: count / columns, Width: Extent(width, columns, overlap), Height: Extent(height, count / columns, overlap)))
                .OrderBy(grid => grid.Width * grid.Height);
            foreach (var (columns, rows, lookedWidth, lookedHeight) in grids)
            {
                if (fits((int)lookedWidth, (int)lookedHeight))
                {
                    return [.. Cut(width, height, columns, rows, overlap, multiple)];
                }
            }
        }

        throw new ModelException(
            $"A frame of {width}x{height} does not fit the memory limit even in tiles of {SmallestTile}x{SmallestTile} pixels; allow more memory.");
    }

    // Of two parts, each has one inner side.
    private static long Extent(int size, int parts, int overlap) =>
        Math.Min(size, (size + parts - 1) / parts + (Math.Min(parts, 3) - 1L) * overlap);

    private static IEnumerable<Tile> Cut(int width, int height, int columns, int rows, int overlap, int multiple)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int x = (int)((long)width * column / columns), right = (int)((long)width * (column + 1) / columns);
                int y = (int)((long)height * row / rows), bottom = (int)((long)height * (row + 1) / rows);
                yield return new Tile(
                    x, y, right - x, bottom - y,
                    Math.Max(0, x - overlap) / multiple * multiple, Math.Max(0, y - overlap) / multiple * multiple,
                    Math.Min(width, right + overlap), Math.Min(height, bottom + overlap));
            }
        }
    }
}
