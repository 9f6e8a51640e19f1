using AdaConv.Model;

namespace AdaConv.Conversion.Options;

/// <summary>How the frame between two frames is made.</summary>
public sealed record InterpolationOptions
{
    /// <summary>A trained network, or the baseline that it is compared with.</summary>
    public InterpolationMethod Method { get; init; } = InterpolationMethod.Network;

    /// <summary>A name in the application's models folder, or the path of a .safetensors file.</summary>
    public string Model { get; init; } = "guided";

    /// <summary>Where and how the network runs.</summary>
    public InterpolatorOptions Network { get; init; } = new();
}
