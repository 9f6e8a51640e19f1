namespace FFmpeg.AutoGen;

/// <summary>Where one component of a pixel lies.</summary>
public struct AVComponentDescriptor
{
    /// <summary>The plane that holds it.</summary>
    public int plane;
    /// <summary>Bytes (bits in bit-packed formats) between two horizontally consecutive samples.</summary>
    public int step;
    /// <summary>Bytes (bits) before the first sample.</summary>
    public int offset;
    /// <summary>Unused low bits of the stored value.</summary>
    public int shift;
    /// <summary>Bits of a sample.</summary>
    public int depth;
}
