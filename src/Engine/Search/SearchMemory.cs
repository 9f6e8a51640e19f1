namespace AdaConv.Engine.Search;

/// <summary>Working memory of a search: the frames with a border wide enough for every displacement, the cells' errors, and the cost volume.</summary>
internal readonly unsafe struct SearchMemory
{
    private const int Slack = 64; // that the widest kernel reads behind a row's last pixel
    private readonly int _border, _rows;

    public SearchMemory(in SearchShape shape, float* scratch)
    {
        (_border, _rows, Stride, CostStride) = (Border(shape), shape.Height + 2 * Border(shape), WideStride(shape), Costs(shape));
        Shape = shape;
        Wide = scratch;
        Errors = Wide + WideFloats(shape);
        Choices = Errors + (shape.Cells + 15) / 16 * 16;
        Volume = Choices + ChoiceFloats(shape);
    }

    public SearchShape Shape { get; }

    // [2P, H + 2B, stride]
    private float* Wide { get; }

    /// <summary>Floats from a row of the frames to the next.</summary>
    public int Stride { get; }

    /// <summary>Floats from a displacement's row of costs to the next displacement's: the columns, rounded up to whole vectors.</summary>
    public int CostStride { get; }

    /// <summary>[rows, columns]: how much the warped frames differ.</summary>
    public float* Errors { get; }

    // [rows, 3, cost stride]
    private float* Choices { get; }

    // [rows, displacements, cost stride]
    private float* Volume { get; }

    public static long Floats(in SearchShape shape) =>
        WideFloats(shape) + (shape.Cells + 15) / 16 * 16 + ChoiceFloats(shape) + (long)shape.Rows * shape.Moves * Costs(shape);

    /// <summary>A pixel of a plane of the frames; it may lie in the border.</summary>
    public float* Pixel(int plane, int y, int x) => Wide + ((long)plane * _rows + y + _border) * Stride + x + _border;

    /// <summary>The costs of a displacement for a row of cells.</summary>
    public float* CostRow(int row, int move) => Volume + ((long)row * Shape.Moves + move) * CostStride;

    /// <summary>What a row of cells is chosen in, for each cell: the least cost, the displacement that has it, and a sum.</summary>
    public void Choice(int row, out Span<float> least, out Span<int> best, out Span<float> sums)
    {
        float* first = Choices + 3L * row * CostStride;
        least = new(first, Shape.Columns);
        best = new(first + CostStride, Shape.Columns);
        sums = new(first + 2 * CostStride, Shape.Columns);
    }

    /// <summary>Copies the frames, with their borders repeated.</summary>
    public void Widen(float* pair, int threads)
    {
        SearchMemory memory = this;
        SearchShape shape = Shape;
        Tiles.Run(2 * shape.Planes, threads, plane =>
        {
            for (int y = -memory._border; y < shape.Height + memory._border; y++)
            {
                ReadOnlySpan<float> source = new(pair + plane * shape.PlaneSize + (long)Math.Clamp(y, 0, shape.Height - 1) * shape.Width, shape.Width);
                Span<float> target = new(memory.Pixel(plane, y, -memory._border), memory.Stride);
                target[..memory._border].Fill(source[0]);
                source.CopyTo(target[memory._border..]);
                target[(memory._border + shape.Width)..].Fill(source[^1]);
            }
        });
    }

    // One frame may move by twice the radius while the other stays.
    private static int Border(in SearchShape shape) => 2 * shape.Radius;

    private static int WideStride(in SearchShape shape) => (shape.Width + 2 * Border(shape) + Slack + 15) / 16 * 16;

    private static int Costs(in SearchShape shape) => (shape.Columns + 15) / 16 * 16;

    private static long ChoiceFloats(in SearchShape shape) => 3L * shape.Rows * Costs(shape);

    private static long WideFloats(in SearchShape shape) => 2L * shape.Planes * (shape.Height + 2 * Border(shape)) * WideStride(shape) + Slack;
}
