namespace AdaConv.Pictures.Scenes;

/// <summary>A frame's brightness on a coarse grid, 0..1: what <see cref="SceneCutDetector"/> compares.</summary>
public sealed unsafe class LumaThumbnail
{
    /// <summary>Columns.</summary>
    public const int Width = 64;

    /// <summary>Rows.</summary>
    public const int Height = 36;

    private const float LargestNoise = 2.5f / 255;

    private readonly float[] _cells = new float[Width * Height];

    /// <summary>The cells, row by row.</summary>
    public Span<float> Cells => _cells;

    /// <summary>One cell.</summary>
    public float this[int x, int y] => _cells[(y * Width) + x];

    /// <summary>Whether two pictures are the same but for what coding changes: no cell differs by more than 2.5 of 255.</summary>
    public bool IsSameAs(LumaThumbnail other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _cells.Length; i++)
        {
            if (Math.Abs(_cells[i] - other._cells[i]) > LargestNoise)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Measures a picture by its first component (luma, red, grey): the mean of up to 4 rows × 8 columns of each cell.</summary>
    /// <param name="layout">Where its samples lie.</param>
    /// <param name="picture">Where its planes lie.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    internal void Measure(PictureLayout layout, in PictureMemory picture, int width, int height)
    {
        ref readonly SampleLayout luma = ref layout.Component(0);
        float scale = 1f / luma.Mask;
        for (int y = 0; y < Height; y++)
        {
            (int top, int rowStep, int rows) = Spread(y, Height, height, most: 4);
            for (int x = 0; x < Width; x++)
            {
                (int left, int columnStep, int columns) = Spread(x, Width, width, most: 8);
                uint sum = 0;
                for (int row = 0; row < rows; row++)
                {
                    byte* line = picture.Row(luma.Plane, top + (row * rowStep));
                    for (int column = 0; column < columns; column++)
                    {
                        sum += luma.Read(line, left + (column * columnStep));
                    }
                }

                _cells[(y * Width) + x] = sum * scale / (rows * columns);
            }
        }
    }

    // Which pixels stand for a cell: its own, or (in pictures smaller than the grid) the one that covers it.
    private static (int Start, int Step, int Count) Spread(int cell, int cells, int pixels, int most)
    {
        int start = (int)((long)cell * pixels / cells), end = (int)((long)(cell + 1) * pixels / cells);
        int length = Math.Max(1, end - start);
        int count = Math.Min(length, most);
        return (start, length / count, count);
    }
}
