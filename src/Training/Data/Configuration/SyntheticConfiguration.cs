namespace AdaConv.Training.Data.Configuration;

/// <summary>Synthetic motion: layers cut from a folder of photographs. Lengths are pixels of a patch of 128 and grow with the patch.</summary>
public sealed record SyntheticConfiguration : SourceConfiguration
{
    /// <summary>Layers before the background, at least.</summary>
    public int MinimumLayers { get; init; } = 1;

    /// <summary>Layers before the background, at most.</summary>
    public int MaximumLayers { get; init; } = 4;

    /// <summary>Smallest way of a layer from the first frame to the second.</summary>
    public double MinimumMotion { get; init; } = 0.25;

    /// <summary>Largest way of a layer from the first frame to the second.</summary>
    public double MaximumMotion { get; init; } = 40;

    /// <summary>How ways spread: minimum · (maximum/minimum)^(u^curve), u uniform in 0..1. Above 1 favours small ways, below 1 large ones.</summary>
    public double MotionCurve { get; init; } = 1;

    /// <summary>Change of velocity from the first frame to the second, at most, as a share of it.</summary>
    public double Acceleration { get; init; } = 0.3;

    /// <summary>Turn between first and second frame, at most, in degrees.</summary>
    public double Rotation { get; init; } = 15;

    /// <summary>Change of size between first and second frame, at most, as a factor.</summary>
    public double Zoom { get; init; } = 1.15;

    /// <summary>Difference of scale between a layer's middle and a point 64 pixels away, at most; it changes by half of that at most.</summary>
    public double Perspective { get; init; } = 0.15;

    /// <summary>Share of the samples whose brightness changes.</summary>
    public double BrightnessShare { get; init; } = 0.25;

    /// <summary>Change of brightness between first and second frame, at most, as a factor's distance from 1.</summary>
    public double BrightnessChange { get; init; } = 0.15;

    /// <summary>Share of the layers that are out of focus.</summary>
    public double BlurShare { get; init; } = 0.2;

    internal override string? BrokenRule() =>
        MinimumLayers < 0 || MaximumLayers < MinimumLayers || MaximumLayers > 16 ? "minimumLayers and maximumLayers must be 0 to 16, in this order"
        : !(MinimumMotion > 0 && MaximumMotion >= MinimumMotion && MaximumMotion <= 128)
            ? "minimumMotion and maximumMotion must be above 0 to 128, in this order"
        : !(MotionCurve is > 0 and <= 10) ? "motionCurve must be above 0 to 10"
        : !(Acceleration is >= 0 and <= 2) ? "acceleration must be 0 to 2"
        : !(Rotation is >= 0 and <= 90) ? "rotation must be 0 to 90"
        : !(Zoom is >= 1 and <= 2) ? "zoom must be 1 to 2"
        : !(Perspective is >= 0 and <= 0.3) ? "perspective must be 0 to 0.3"
        : !(BrightnessShare is >= 0 and <= 1 && BlurShare is >= 0 and <= 1) ? "brightnessShare and blurShare must be 0 to 1"
        : !(BrightnessChange is >= 0 and <= 0.5) ? "brightnessChange must be 0 to 0.5"
        : base.BrokenRule();
}
