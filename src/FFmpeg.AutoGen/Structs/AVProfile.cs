namespace FFmpeg.AutoGen;

/// <summary>A profile of a coding.</summary>
public unsafe struct AVProfile
{
    public int profile;
    public byte* name;
}
