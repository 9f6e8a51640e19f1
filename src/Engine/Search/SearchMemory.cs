namespace AdaConv.Engine.Search;

/// <summary>Working memory of a search: the cells' errors, the frames with a border wide enough for every displacement, and each thread's costs.</summary>
internal readonly unsafe struct SearchMemory
{
    /// <summary>Cells of a row that are computed together: those of the widest vector.</summary>
    public const int Block = 16;

    /// <summary>Rows of cells that a thread takes at a time; the costs of a row in four are computed twice.</summary>
    public const int StripRows = 8;

    private const int Slack = 64; // that a block reads behind a row's last pixel
    private readonly int _border, _rows;
    private readonly float* _wide, _threads; // [2P, H + 2B, stride]; each thread's memory

    public SearchMemory(in SearchShape shape, float* scratch)
    {
        (_border, _rows, Stride, CostStride) = (Border(shape), shape.Height + 2 * Border(shape), WideStride(shape), Costs(shape));
        Shape = shape;
        Errors = scratch;
        SmoothErrors = Errors + CellFloats(shape);
        _wide = SmoothErrors + CellFloats(shape);
        _threads = _wide + WideFloats(shape);
    }

    public SearchShape Shape { get; }

    /// <summary>Floats from a row of the frames to the next.</summary>
    public int Stride { get; }

    /// <summary>Floats from a displacement's row of costs to the next displacement's: the columns, rounded up to whole blocks.</summary>
    public int CostStride { get; }

    /// <summary>Blocks of a row.</summary>
    public int Blocks => CostStride / Block;

    /// <summary>[rows, columns]: how much the warped frames differ.</summary>
    public float* Errors { get; }

    /// <summary>[rows, columns]: the same, averaged over 3×3 cells.</summary>
    public float* SmoothErrors { get; }

    /// <summary>Whether the warped frames differ anywhere.</summary>
    public bool AnyDiffers => Differs(0, Shape.Rows - 1, 0, Shape.Columns - 1);

    public static long Floats(in SearchShape shape, int threads) =>
        2 * CellFloats(shape) + WideFloats(shape) + Math.Min(threads, Strips(shape)) * ThreadFloats(shape);

    /// <summary>How many parts threads take.</summary>
    public static int Strips(in SearchShape shape) => (shape.Rows + StripRows - 1) / StripRows;

    /// <summary>A pixel of a plane of the frames; it may lie in the border.</summary>
    public float* Pixel(int plane, int y, int x) => _wide + ((long)plane * _rows + y + _border) * Stride + x + _border;

    /// <summary>Whether the warped frames differ at any of some cells; those beyond the border do not count.</summary>
    public bool Differs(int firstRow, int lastRow, int firstColumn, int lastColumn)
    {
        firstColumn = Math.Max(firstColumn, 0);
        for (int row = Math.Max(firstRow, 0); row <= Math.Min(lastRow, Shape.Rows - 1); row++)
        {
            float* errors = SmoothErrors + (long)row * Shape.Columns;
            for (int column = firstColumn; column <= Math.Min(lastColumn, Shape.Columns - 1); column++)
            {
                if (errors[column] > Shape.Criteria.LeastError)
                    return true;
            }
        }

        return false;
    }

    /// <summary>A thread's costs of a row of cells: [displacements, cost stride]. Three rows that follow one another have memory of their own.</summary>
    public float* CostRow(int thread, int row) => Thread(thread) + (long)(row % 3) * Shape.Moves * CostStride;

    /// <summary>A thread's costs of a block, averaged: [displacements, block].</summary>
    public float* Smooth(int thread) => Thread(thread) + 3L * Shape.Moves * CostStride;

    /// <summary>A thread's least costs of a block: [block].</summary>
    public float* Least(int thread) => Smooth(thread) + Shape.Moves * Block;

    /// <summary>What a thread adds up in: a block and two.</summary>
    public float* Sums(int thread) => Least(thread) + Block;

    /// <summary>Takes the cells' errors from sums over their pixels.</summary>
    public void TakeErrors(float* sums)
    {
        float factor = MotionSearchReference.Factor(Shape);
        for (long cell = 0; cell < Shape.Cells; cell++)
            Errors[cell] = sums[cell] * factor;
    }

    /// <summary>Copies the frames, with their borders repeated.</summary>
    public void Widen<TRows>(TRows pair, int threads)
        where TRows : struct, IPairRow
    {
        SearchMemory memory = this;
        SearchShape shape = Shape;
        nint plane = (nint)_rows * Stride;
        Tiles.Run(_rows, threads, row =>
        {
            int y = row - memory._border;
            pair.Copy(Math.Clamp(y, 0, shape.Height - 1), memory.Pixel(0, y, 0), plane);
            for (int i = 0; i < 2 * shape.Planes; i++)
            {
                Span<float> wide = new(memory.Pixel(i, y, -memory._border), memory.Stride);
                wide[..memory._border].Fill(wide[memory._border]);
                wide[(memory._border + shape.Width)..].Fill(wide[memory._border + shape.Width - 1]);
            }
        });
    }

    // One frame may move by twice the radius while the other stays.
    private static int Border(in SearchShape shape) => 2 * shape.Radius;

    private static int WideStride(in SearchShape shape) => (shape.Width + 2 * Border(shape) + Slack + 15) / 16 * 16;

    private static int Costs(in SearchShape shape) => (shape.Columns + Block - 1) / Block * Block;

    private static long CellFloats(in SearchShape shape) => (shape.Cells + 15) / 16 * 16;

    private static long WideFloats(in SearchShape shape) => 2L * shape.Planes * (shape.Height + 2 * Border(shape)) * WideStride(shape) + Slack;

    private static long ThreadFloats(in SearchShape shape) => shape.Moves * (3L * Costs(shape) + Block) + 4 * Block;

    private float* Thread(int thread) => _threads + thread * ThreadFloats(Shape);
}
