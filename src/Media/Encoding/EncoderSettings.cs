using System.Collections.Immutable;

namespace AdaConv.Media.Encoding;

/// <summary>What the user wants of the encoder.</summary>
/// <param name="Quality">On the encoder's own scale; null for a value that looks like the input.</param>
/// <param name="Preset">The encoder's speed preset; null for its default.</param>
/// <param name="Threads">0: the encoder's own choice.</param>
/// <param name="Options">Further options by FFmpeg's names.</param>
public sealed record EncoderSettings(double? Quality, string? Preset, int Threads, ImmutableDictionary<string, string> Options);
