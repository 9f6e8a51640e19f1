namespace AdaConv.Onnx;

/// <summary>A value of a graph: planes or activations, [1, channels, H, W].</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Channels">How many.</param>
/// <param name="Size">What is known of height and width.</param>
internal sealed record OnnxPlanes(string Name, int Channels, GridSize Size);

/// <summary>A height and width that are known only when the graph runs.</summary>
/// <param name="Padding">Which padding made them so; 0: none.</param>
/// <param name="Scale">How many times as large as the frames.</param>
/// <param name="Multiple">Both are multiples of this.</param>
internal readonly record struct GridSize(int Padding, double Scale, int Multiple)
{
    /// <summary>A height and width of 1.</summary>
    public static GridSize One => new(0, 0, 1);

    /// <summary>So many times as large.</summary>
    public GridSize Times(int factor) => new(Padding, Scale * factor, Multiple * factor);

    /// <summary>Half as large, rounded up.</summary>
    public GridSize Halved() => new(Padding, Scale / 2, Math.Max(1, Multiple / 2));
}
