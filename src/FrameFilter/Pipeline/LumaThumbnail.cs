namespace AdaConv.FrameFilter.Pipeline;

/// <summary>A frame's brightness on a coarse grid, 0..1: what <see cref="SceneCutDetector"/> compares.</summary>
public sealed class LumaThumbnail
{
    /// <summary>Columns.</summary>
    public const int Width = 64;

    /// <summary>Rows.</summary>
    public const int Height = 36;

    private readonly float[] _cells = new float[Width * Height];

    /// <summary>The cells, row by row.</summary>
    public Span<float> Cells => _cells;

    /// <summary>One cell.</summary>
    public float this[int x, int y] => _cells[(y * Width) + x];
}
