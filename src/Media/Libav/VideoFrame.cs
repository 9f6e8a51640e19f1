using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>A picture with its timestamp, colour tags and side data (libav's AVFrame).</summary>
public sealed unsafe class VideoFrame : LibavHandle
{
    private static readonly AVFrameSideDataType[] DynamicRange =
    [
        AVFrameSideDataType.AV_FRAME_DATA_DYNAMIC_HDR_PLUS, AVFrameSideDataType.AV_FRAME_DATA_DOVI_RPU_BUFFER,
        AVFrameSideDataType.AV_FRAME_DATA_DOVI_METADATA, AVFrameSideDataType.AV_FRAME_DATA_DYNAMIC_HDR_VIVID,
    ];

    /// <summary>An empty frame.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public VideoFrame()
        : base(LibavError.CheckAllocated(av_frame_alloc(), "Allocating a frame", null))
    {
    }

    /// <summary>Pixels in a row.</summary>
    public int Width => Pointer->width;

    /// <summary>Rows.</summary>
    public int Height => Pointer->height;

    /// <summary>The timestamp that the decoder settled on, in ticks of the stream's time base; null where there is none.</summary>
    public long? Timestamp => Pointer->best_effort_timestamp is var time && time == AV_NOPTS_VALUE ? null : time;

    /// <summary>Whether the picture is that of one field of an interlaced frame, and stands for half a frame's time.</summary>
    public bool IsField { get; internal set; }

    internal AVFrame* Pointer => (AVFrame*)handle;

    internal AVPixelFormat Format => (AVPixelFormat)Pointer->format;

    /// <summary>Releases the picture; the frame can be used again.</summary>
    public void Clear()
    {
        av_frame_unref(Pointer);
        IsField = false;
    }

    /// <summary>Makes this frame another reference to a picture, its properties included.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public void ReferTo(VideoFrame other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Clear();
        LibavError.Check(av_frame_ref(Pointer, other.Pointer), "Sharing a frame", null);
        IsField = other.IsField;
    }

    /// <summary>Takes timestamp, colour tags and side data, but not the picture, from another frame.</summary>
    public void CopyPropertiesFrom(VideoFrame other)
    {
        ArgumentNullException.ThrowIfNull(other);
        LibavError.Check(av_frame_copy_props(Pointer, other.Pointer), "Copying a frame's properties", null);
        IsField = other.IsField;
    }

    /// <summary>
    /// Drops the side data that belongs to one frame alone: closed captions (players would show them twice), time codes, and descriptions
    /// of the frame's own brightness.
    /// </summary>
    public void DropOneTimeSideData()
    {
        av_frame_remove_side_data(Pointer, AVFrameSideDataType.AV_FRAME_DATA_A53_CC);
        av_frame_remove_side_data(Pointer, AVFrameSideDataType.AV_FRAME_DATA_GOP_TIMECODE);
        av_frame_remove_side_data(Pointer, AVFrameSideDataType.AV_FRAME_DATA_S12M_TIMECODE);
        DropDynamicRange();
    }

    /// <summary>Drops descriptions of the frame's own brightness: encoders that take them would want one for every frame.</summary>
    internal void DropDynamicRange()
    {
        foreach (AVFrameSideDataType type in DynamicRange)
        {
            av_frame_remove_side_data(Pointer, type);
        }
    }

    /// <summary>Whether the frame carries a description of its own brightness (HDR10+, Dolby Vision, HDR Vivid), which fits no other frame.</summary>
    internal bool HasDynamicRange
    {
        get
        {
            foreach (AVFrameSideDataType type in DynamicRange)
            {
                if (av_frame_get_side_data(Pointer, type) != null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Gives an empty frame a picture of its own; its contents are undefined.</summary>
    internal void Allocate(int width, int height, AVPixelFormat format)
    {
        AVFrame* frame = Pointer;
        frame->width = width;
        frame->height = height;
        frame->format = (int)format;
        LibavError.Check(av_frame_get_buffer(frame, 0), "Allocating a picture", null);
    }

    /// <summary>Whether the frame has a picture of that kind that nobody else refers to.</summary>
    internal bool HasOwnPicture(int width, int height, AVPixelFormat format) =>
        Width == width && Height == height && Format == format && av_frame_is_writable(Pointer) > 0;

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVFrame* frame = (AVFrame*)native;
        av_frame_free(&frame);
    }
}
