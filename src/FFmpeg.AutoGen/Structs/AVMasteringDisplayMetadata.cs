namespace FFmpeg.AutoGen;

/// <summary>The display that a high-dynamic-range video was mastered on (SMPTE ST 2086).</summary>
public struct AVMasteringDisplayMetadata
{
    /// <summary>Red, green and blue, each x and y in CIE 1931.</summary>
    public AVRational_array3x2 display_primaries;
    public AVRational_array2 white_point;
    /// <summary>In cd/m².</summary>
    public AVRational min_luminance;
    /// <summary>In cd/m².</summary>
    public AVRational max_luminance;
    public int has_primaries;
    public int has_luminance;
}
