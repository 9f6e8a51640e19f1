namespace AdaConv.FrameFilter.Inspection;

/// <summary>What a file is, and what a conversion would make of it.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Container">libav's name.</param>
/// <param name="Bytes">The file's size; null for numbered pictures.</param>
/// <param name="Seconds">How long it lasts; null where it does not say.</param>
/// <param name="Video">The stream that is converted.</param>
/// <param name="Others">All other streams.</param>
/// <param name="Cuts">Times of the cuts in seconds; null where they were not looked for.</param>
/// <param name="Plan">What a conversion would make of it.</param>
public sealed record InspectionReport(
    string File,
    string Container,
    long? Bytes,
    double? Seconds,
    VideoFacts Video,
    IReadOnlyList<StreamFacts> Others,
    IReadOnlyList<double>? Cuts,
    ConversionPlan Plan);

/// <summary>A stream that is not converted.</summary>
/// <param name="Index">Its number in the container.</param>
/// <param name="Kind">audio, subtitle, attachment, video (a cover or a second one), data.</param>
/// <param name="Codec">FFmpeg's name of its coding.</param>
/// <param name="Language">Its language, null where it has none.</param>
/// <param name="Title">Its title, null where it has none.</param>
/// <param name="Treatment">What a conversion does with it: copied, stretched, attached, left out; null where the conversion would be refused.</param>
public sealed record StreamFacts(int Index, string Kind, string Codec, string? Language, string? Title, string? Treatment);
