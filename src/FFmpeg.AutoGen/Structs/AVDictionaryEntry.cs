namespace FFmpeg.AutoGen;

/// <summary>A key and its value, both UTF-8 and ended by a zero.</summary>
public unsafe struct AVDictionaryEntry
{
    public byte* key;
    public byte* value;
}
