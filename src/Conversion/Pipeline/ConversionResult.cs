using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The result of a conversion.</summary>
public sealed record ConversionResult
{
    /// <summary>Frames decoded.</summary>
    public required long FramesIn { get; init; }

    /// <summary>Frames encoded.</summary>
    public required long FramesOut { get; init; }

    /// <summary>New frames that the network predicted.</summary>
    public required long FramesInterpolated { get; init; }

    /// <summary>New frames that repeat a picture: both neighbours were identical or too far apart, or the clip ended.</summary>
    public required long FramesRepeated { get; init; }

    /// <summary>Scene cuts found.</summary>
    public required long SceneCuts { get; init; }

    /// <summary>Damaged video packets that were skipped.</summary>
    public required long DamagedPackets { get; init; }

    /// <summary>Packets of other streams that were copied.</summary>
    public required long CopiedPackets { get; init; }

    /// <summary>Length of the video written.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Duration of the conversion.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The encoder used, by FFmpeg's name.</summary>
    public required string Encoder { get; init; }

    /// <summary>The encoder's pixel format, by FFmpeg's name.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>The input's nominal frame rate.</summary>
    public required Rational InputRate { get; init; }

    /// <summary>The output's nominal frame rate.</summary>
    public required Rational OutputRate { get; init; }

    /// <summary>Every message of the conversion, in order.</summary>
    public required IReadOnlyList<string> Messages { get; init; }
}
