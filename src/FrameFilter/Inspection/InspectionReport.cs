using AdaConv.Conversion.Planning;
using AdaConv.Media.Inspection;

namespace AdaConv.FrameFilter.Inspection;

/// <summary>What a file is, and what a conversion would make of it.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Container">FFmpeg's name.</param>
/// <param name="Bytes">The file's size; null for numbered pictures.</param>
/// <param name="Seconds">How long it lasts; null where it does not say.</param>
/// <param name="Video">The stream that is converted.</param>
/// <param name="Cuts">Times of the cuts in seconds; null where they were not looked for.</param>
/// <param name="Plan">What a conversion would make of it, all streams included.</param>
/// <param name="Timing">How long it would take.</param>
public sealed record InspectionReport(
    string File,
    string Container,
    long? Bytes,
    double? Seconds,
    VideoFacts Video,
    IReadOnlyList<double>? Cuts,
    ConversionPlan Plan,
    ConversionTiming Timing);

/// <summary>How long a conversion would take here.</summary>
/// <param name="SecondsPerNewFrame">Seconds a new frame took, just now; null where it was not measured.</param>
/// <param name="Seconds">Seconds that the conversion would take by that; null where that cannot be told.</param>
/// <param name="Note">How the time was found, or why not.</param>
public sealed record ConversionTiming(double? SecondsPerNewFrame, double? Seconds, string Note);
