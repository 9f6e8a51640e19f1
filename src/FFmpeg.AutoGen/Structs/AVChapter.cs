namespace FFmpeg.AutoGen;

/// <summary>A named part of a file.</summary>
public unsafe struct AVChapter
{
    public long id;
    public AVRational time_base;
    public long start;
    public long end;
    public AVDictionary* metadata;
}
