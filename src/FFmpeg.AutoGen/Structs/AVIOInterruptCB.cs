namespace FFmpeg.AutoGen;

/// <summary>Asked during blocking work: anything but 0 ends it with AVERROR_EXIT.</summary>
public unsafe struct AVIOInterruptCB
{
    public AVIOInterruptCB_callback_func callback;
    public void* opaque;
}
