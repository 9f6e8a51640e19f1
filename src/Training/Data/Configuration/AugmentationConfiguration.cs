namespace AdaConv.Training.Data.Configuration;

/// <summary>Which changes a triplet may undergo; the reference paper has crops and flips alone.</summary>
public sealed record AugmentationConfiguration
{
    /// <summary>Nothing: for validation.</summary>
    public static AugmentationConfiguration None { get; } = new()
    {
        FlipHorizontally = false,
        FlipVertically = false,
        Transpose = false,
        SwapFrames = false,
        ChannelOrder = false,
    };

    /// <summary>Random crops, horizontal and vertical flips: what the reference paper describes.</summary>
    public static AugmentationConfiguration Paper { get; } = None with { FlipHorizontally = true, FlipVertically = true };

    /// <summary>Left and right exchanged, half of the time.</summary>
    public bool FlipHorizontally { get; init; } = true;

    /// <summary>Top and bottom exchanged, half of the time.</summary>
    public bool FlipVertically { get; init; } = true;

    /// <summary>Rows and columns exchanged, half of the time: vertical motion becomes as frequent as horizontal.</summary>
    public bool Transpose { get; init; } = true;

    /// <summary>First and last frame exchanged, half of the time.</summary>
    public bool SwapFrames { get; init; } = true;

    /// <summary>Two of R, G, B exchanged, half of the time.</summary>
    public bool ChannelOrder { get; init; } = true;

    /// <summary>Largest factor that a larger crop of footage is scaled down by, in area averages; the factor is uniform in 1 to this, 1 =
    /// never scaled.</summary>
    public double ScaleDown { get; init; } = 1;

    /// <summary>Brightness of all three frames times a factor of 1 ± this.</summary>
    public double Brightness { get; init; }

    /// <summary>Gamma of all three frames: values to the power of 2^±this.</summary>
    public double Gamma { get; init; }

    internal string? BrokenRule() =>
        !(ScaleDown is >= 1 and <= 4) ? "augmentation.scaleDown must be 1 to 4"
        : !(Brightness is >= 0 and <= 0.9) ? "augmentation.brightness must be 0 to 0.9"
        : !(Gamma is >= 0 and <= 2) ? "augmentation.gamma must be 0 to 2"
        : null;
}
