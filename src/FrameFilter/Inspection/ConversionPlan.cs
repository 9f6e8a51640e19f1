namespace AdaConv.FrameFilter.Inspection;

/// <summary>What a conversion with the settings at hand would do.</summary>
public sealed record ConversionPlan
{
    /// <summary>The output that was thought of; its extension decides.</summary>
    public required string Output { get; init; }

    /// <summary>Why the conversion would be refused; null where it would not. What could not be found out is null then.</summary>
    public string? Problem { get; init; }

    /// <summary>FFmpeg's name of the container.</summary>
    public string? Container { get; init; }

    /// <summary>FFmpeg's name of the encoder.</summary>
    public string? Encoder { get; init; }

    /// <summary>FFmpeg's name of the pixel format.</summary>
    public string? PixelFormat { get; init; }

    /// <summary>Nominal frames per second, as a fraction.</summary>
    public string? Rate { get; init; }

    /// <summary>Frames of the output, about; null where the input does not say.</summary>
    public long? Frames { get; init; }

    /// <summary>How many of them are new.</summary>
    public long? NewFrames { get; init; }

    /// <summary>Everything that the conversion would announce before its first frame.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Seconds a new frame took here, just now; null where it was not measured.</summary>
    public double? SecondsPerNewFrame { get; init; }

    /// <summary>Seconds that the conversion would take by that; null where that cannot be told.</summary>
    public double? Seconds { get; init; }

    /// <summary>How the time was found, or why not.</summary>
    public string? HowTimed { get; init; }
}
