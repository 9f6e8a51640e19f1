using AdaConv.Model;

namespace AdaConv.Conversion.Options;

/// <summary>
/// All settings of a conversion, immutable. The initial values are the product's defaults; the program's settings define each
/// one's name, range and meaning for files and command line.
/// </summary>
public sealed record FilterOptions
{
    /// <summary>How new frames are made.</summary>
    public InterpolationOptions Interpolation { get; init; } = new();

    /// <summary>How the file is converted around it: scene cuts, encoder, container.</summary>
    public ConversionOptions Conversion { get; init; } = new();
}

/// <summary>How new frames are made.</summary>
public sealed record InterpolationOptions
{
    /// <summary>A trained network, or the baseline that it is compared with.</summary>
    public InterpolationMethod Method { get; init; } = InterpolationMethod.Network;

    /// <summary>A name in the program's models folder, or the path of a .safetensors file.</summary>
    public string Model { get; init; } = "guided";

    /// <summary>Where and how the network runs.</summary>
    public InterpolatorOptions Network { get; init; } = new() { Grain = Grain.Keep, Motion = MotionPath.Curved };
}

/// <summary>How the new frame is made.</summary>
public enum InterpolationMethod
{
    /// <summary>The trained network.</summary>
    Network,

    /// <summary>The plain average of both neighbours: a baseline to compare with; moving objects are doubled.</summary>
    Average,
}
