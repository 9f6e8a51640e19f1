namespace FFmpeg.AutoGen;

/// <summary>How bright a high-dynamic-range video gets (CTA-861.3).</summary>
public struct AVContentLightMetadata
{
    /// <summary>Brightest pixel, in cd/m².</summary>
    public uint MaxCLL;
    /// <summary>Brightest frame's average, in cd/m².</summary>
    public uint MaxFALL;
}
