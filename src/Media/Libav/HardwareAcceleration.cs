namespace AdaConv.Media.Libav;

/// <summary>Whether a graphics card's own decoder and encoder are used, by the names of ffmpeg's <c>-hwaccel</c>.</summary>
public enum HardwareAcceleration
{
    /// <summary>The processor decodes.</summary>
    None,

    /// <summary>A card decodes where there is one that can; where not, the processor does, and nothing is said.</summary>
    Auto,

    /// <summary>NVIDIA's decoder (NVDEC) where it can; where not, the processor does, and a message says why.</summary>
    Cuda,
}
