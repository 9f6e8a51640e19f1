namespace AdaConv.Conversion.Options;

/// <summary>
/// All settings of a conversion, immutable. The initial values are the product's defaults; the program's settings define each
/// one's name, range and meaning for files and command line.
/// </summary>
public sealed record FilterOptions
{
    /// <summary>How the frame between two frames is made.</summary>
    public InterpolationOptions Interpolation { get; init; } = new();

    /// <summary>How the file is converted around it: scene cuts, encoder, container.</summary>
    public ConversionOptions Conversion { get; init; } = new();
}
