namespace AdaConv.FrameFilter.Inspection;

/// <summary>A stream that is not converted.</summary>
/// <param name="Index">Its number in the container.</param>
/// <param name="Kind">audio, subtitle, attachment, video (a cover or a second one), data.</param>
/// <param name="Codec">FFmpeg's name of its coding.</param>
/// <param name="Language">Its language, null where it has none.</param>
/// <param name="Title">Its title, null where it has none.</param>
/// <param name="Treatment">What a conversion does with it: copied, stretched, attached, left out; null where the conversion would be refused.</param>
public sealed record StreamFacts(int Index, string Kind, string Codec, string? Language, string? Title, string? Treatment);
