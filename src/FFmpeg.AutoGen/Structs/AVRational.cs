namespace FFmpeg.AutoGen;

/// <summary>A fraction.</summary>
public struct AVRational
{
    public int num;
    public int den;
}
