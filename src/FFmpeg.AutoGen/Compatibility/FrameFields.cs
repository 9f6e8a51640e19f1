using FFmpeg.AutoGen;

namespace AdaConv.LibAv;

/// <summary>A frame's properties that FFmpeg's majors keep in different fields.</summary>
public static unsafe class FrameFields
{
    // AV_FRAME_FLAG_*, since FFmpeg 6.1; libavutil/frame.h
    private const int Key = 1 << 1, Interlaced = 1 << 3, TopFieldFirst = 1 << 4;

    /// <summary>How long the frame is shown, in its time base; 0 when not known.</summary>
    /// <param name="frame">A frame of the library.</param>
    public static long GetDuration(AVFrame* frame)
    {
#if !FFMPEG_PACKAGE
        if (Layout.AVFrame_duration < 0)
        {
            return frame->pkt_duration;
        }
#endif
        return frame->duration;
    }

    /// <summary>Says how long the frame is shown.</summary>
    /// <param name="frame">A frame of the library.</param>
    /// <param name="duration">In its time base; 0 when not known.</param>
    public static void SetDuration(AVFrame* frame, long duration)
    {
#if !FFMPEG_PACKAGE
        if (Layout.AVFrame_duration < 0)
        {
            frame->pkt_duration = duration;
            return;
        }
#endif
        frame->duration = duration;
    }

    /// <summary>Whether the frame can be decoded without others.</summary>
    /// <param name="frame">A frame of the library.</param>
    public static bool IsKey(AVFrame* frame)
    {
#if !FFMPEG_PACKAGE
        if (HasOwnFields && frame->key_frame != 0)
        {
            return true;
        }
#endif
        return (frame->flags & Key) != 0;
    }

    /// <summary>Whether the frame holds two fields of different times.</summary>
    /// <param name="frame">A frame of the library.</param>
    public static bool IsInterlaced(AVFrame* frame)
    {
#if !FFMPEG_PACKAGE
        if (HasOwnFields && frame->interlaced_frame != 0)
        {
            return true;
        }
#endif
        return (frame->flags & Interlaced) != 0;
    }

    /// <summary>Whether the first line's field is the earlier one; says nothing of a frame that is not interlaced.</summary>
    /// <param name="frame">A frame of the library.</param>
    public static bool IsTopFieldFirst(AVFrame* frame)
    {
#if !FFMPEG_PACKAGE
        if (HasOwnFields && frame->top_field_first != 0)
        {
            return true;
        }
#endif
        return (frame->flags & TopFieldFirst) != 0;
    }

    /// <summary>Says whether the frame holds two fields, and which is the earlier one.</summary>
    /// <param name="frame">A frame of the library.</param>
    /// <param name="interlaced">Whether it holds two fields of different times.</param>
    /// <param name="topFieldFirst">Whether the first line's field is the earlier one.</param>
    public static void SetInterlaced(AVFrame* frame, bool interlaced, bool topFieldFirst)
    {
#if !FFMPEG_PACKAGE
        if (HasOwnFields)
        {
            frame->interlaced_frame = interlaced ? 1 : 0;
            frame->top_field_first = topFieldFirst ? 1 : 0;
        }
#endif
        frame->flags = (frame->flags & ~(Interlaced | TopFieldFirst))
            | (interlaced ? Interlaced : 0) | (topFieldFirst ? TopFieldFirst : 0);
    }

#if !FFMPEG_PACKAGE
    // FFmpeg 5.1 and 6.0 know the fields alone (the flags' bits are free there), 6.1 to 7.1 keep both alike, 8 has the flags alone.
    // So wherever there are fields, both are written, and either counts.
    private static bool HasOwnFields => Layout.AVFrame_interlaced_frame >= 0;
#endif
}
