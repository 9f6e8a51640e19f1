namespace AdaConv.Pictures;

/// <summary>
/// How the samples of a picture lie in memory: planar, semi-planar or packed integers of 8 to 16 bits, Y U V (A), R G B (A) or grey
/// (and alpha), whoever describes it.
/// </summary>
internal class PictureLayout
{
    private readonly SampleLayout[] _components;

    /// <summary>A layout of its components.</summary>
    /// <param name="components">1 to 4, in the order Y U V A, R G B A, or grey and alpha.</param>
    /// <param name="isRgb">Whether they are R, G, B.</param>
    /// <param name="hasAlpha">Whether the last one is opacity.</param>
    /// <param name="chromaShiftX">Logarithm of the luma columns per chroma column.</param>
    /// <param name="chromaShiftY">Logarithm of the luma rows per chroma row.</param>
    public PictureLayout(ReadOnlySpan<SampleLayout> components, bool isRgb, bool hasAlpha, int chromaShiftX, int chromaShiftY)
    {
        _components = components.ToArray();
        (IsRgb, HasAlpha, ChromaShiftX, ChromaShiftY) = (isRgb, hasAlpha, chromaShiftX, chromaShiftY);
        Span<int> perPlane = stackalloc int[4];
        foreach (SampleLayout component in components)
        {
            perPlane[component.Plane]++;
            PlaneCount = Math.Max(PlaneCount, component.Plane + 1);
        }

        for (int c = 0; c < _components.Length; c++)
        {
            SampleLayout component = _components[c];
            int bytes = component.Depth + component.Shift > 8 ? 2 : 1;
            _components[c] = component with { SharesUnits = perPlane[component.Plane] > 1 || component.UnitBytes > bytes };
        }
    }

    /// <summary>Whether the components are R, G, B.</summary>
    public bool IsRgb { get; }

    /// <summary>Whether the last component is opacity.</summary>
    public bool HasAlpha { get; }

    /// <summary>Whether there is no colour: one component, or two with alpha.</summary>
    public bool IsGray => _components.Length < 3;

    /// <summary>Components: 1 to 4.</summary>
    public int ComponentCount => _components.Length;

    /// <summary>Planes: 1 to 4.</summary>
    public int PlaneCount { get; }

    /// <summary>Bits of a sample of the first component.</summary>
    public int Depth => _components[0].Depth;

    /// <summary>Logarithm of the luma columns per chroma column.</summary>
    public int ChromaShiftX { get; }

    /// <summary>Logarithm of the luma rows per chroma row.</summary>
    public int ChromaShiftY { get; }

    /// <summary>Where a component's samples lie.</summary>
    public ref readonly SampleLayout Component(int index) => ref _components[index];

    /// <summary>Logarithms of the luma columns and rows per sample of a component.</summary>
    public (int X, int Y) Shifts(int component) =>
        !IsRgb && !IsGray && component is 1 or 2 ? (ChromaShiftX, ChromaShiftY) : (0, 0);

    /// <summary>Bytes of a plane's row that hold samples.</summary>
    public int RowBytes(int plane, int width)
    {
        int bytes = 0;
        for (int c = 0; c < _components.Length; c++)
        {
            if (_components[c].Plane == plane)
            {
                bytes = Math.Max(bytes, Ceil(width, Shifts(c).X) * _components[c].UnitBytes);
            }
        }

        return bytes;
    }

    /// <summary>Rows of a plane.</summary>
    public int Rows(int plane, int height)
    {
        int rows = 0;
        for (int c = 0; c < _components.Length; c++)
        {
            if (_components[c].Plane == plane)
            {
                rows = Math.Max(rows, Ceil(height, Shifts(c).Y));
            }
        }

        return rows;
    }

    /// <summary>Bytes of the samples of a whole picture, without padding.</summary>
    public long ByteCount(int width, int height)
    {
        long bytes = 0;
        for (int plane = 0; plane < PlaneCount; plane++)
        {
            bytes += (long)RowBytes(plane, width) * Rows(plane, height);
        }

        return bytes;
    }

    private static int Ceil(int length, int shift) => (length + (1 << shift) - 1) >> shift;
}
