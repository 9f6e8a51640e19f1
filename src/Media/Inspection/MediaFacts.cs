using AdaConv.Media.Decoding;
using AdaConv.Media.Pixels;

namespace AdaConv.Media.Inspection;

/// <summary>What a file is.</summary>
/// <param name="Container">FFmpeg's name.</param>
/// <param name="Bytes">The file's size; null for numbered pictures.</param>
/// <param name="Seconds">How long it lasts; null where it does not say.</param>
/// <param name="Video">The stream that is converted.</param>
public sealed record MediaFacts(string Container, long? Bytes, double? Seconds, VideoFacts Video);

/// <summary>A video stream.</summary>
public sealed record VideoFacts
{
    /// <summary>FFmpeg's name of its coding.</summary>
    public required string Codec { get; init; }

    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Width of a pixel over its height, as a fraction; 1 where square or unknown.</summary>
    public required string PixelAspect { get; init; }

    /// <summary>Degrees that players turn it, clockwise.</summary>
    public required int Rotation { get; init; }

    /// <summary>FFmpeg's name of the pixel format.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Nominal frames per second, as a fraction; null where it states none.</summary>
    public required string? Rate { get; init; }

    /// <summary>Whether the intervals between frames differ by more than the clock's rounding; null where it has no times.</summary>
    public required bool? IsVariableRate { get; init; }

    /// <summary>Number of frames, from the start, whose times were read for that.</summary>
    public required int FramesLookedAt { get; init; }

    /// <summary>The shortest interval among them, in seconds.</summary>
    public required double? ShortestInterval { get; init; }

    /// <summary>The longest one.</summary>
    public required double? LongestInterval { get; init; }

    /// <summary>Frames, as far as the container says.</summary>
    public required long? Frames { get; init; }

    /// <summary>Whether container or first picture call it interlaced.</summary>
    public required bool IsInterlaced { get; init; }

    /// <summary>What its first frames look like; null where that cannot be told.</summary>
    public required FieldFacts? Fields { get; init; }

    /// <summary>Its colour tags.</summary>
    public required ColorDescription Color { get; init; }

    /// <summary>HDR10, PQ or HLG; null for standard range.</summary>
    public required string? HighDynamicRange { get; init; }
}
