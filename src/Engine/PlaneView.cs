namespace AdaConv.Engine;

/// <summary>Planes of a picture, or of a part of it, in memory that somebody else owns.</summary>
/// <param name="data">The first plane's value at the top left.</param>
/// <param name="plane">Floats from a plane to the next.</param>
/// <param name="stride">Floats from a row to the next.</param>
/// <param name="height">Rows, 1 or more.</param>
/// <param name="width">Columns, 1 or more.</param>
public readonly unsafe struct PlaneView(float* data, long plane, int stride, int height, int width)
{
    /// <summary>The first plane's value at the top left.</summary>
    public float* Data { get; } = data;

    /// <summary>Floats from a plane to the next.</summary>
    public long Plane { get; } = plane;

    /// <summary>Floats from a row to the next.</summary>
    public int Stride { get; } = stride;

    /// <summary>Rows.</summary>
    public int Height { get; } = height;

    /// <summary>Columns.</summary>
    public int Width { get; } = width;

    /// <summary>A row of a plane.</summary>
    public float* Row(int index, int y) => Data + index * Plane + (long)y * Stride;

    /// <summary>The planes from one on.</summary>
    public PlaneView From(int index) => new(Data + index * Plane, Plane, Stride, Height, Width);
}

/// <summary>Writes one row of each of some planes.</summary>
/// <param name="row">Which row, inside the picture.</param>
/// <param name="target">Where plane 0's row goes, aligned to a cache line.</param>
/// <param name="stride">Floats from a plane's row to the next plane's.</param>
/// <param name="scratch">Working memory of the calling thread.</param>
public unsafe delegate void PlaneRows(int row, float* target, nint stride, float* scratch);
