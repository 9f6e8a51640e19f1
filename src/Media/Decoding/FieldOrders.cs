using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Which of an input's frames hold two fields, and which field is the earlier one: by the user, the frame or the container.</summary>
/// <param name="demuxer">The input.</param>
/// <param name="stated">What the user says.</param>
internal sealed unsafe class FieldOrders(Demuxer demuxer, FieldOrder stated)
{
    // PNG has another kind of interlacing, of one picture's pixels, which its decoder tells alike.
    private readonly bool _framesMayTell = avcodec_get_name(demuxer.VideoStream->codecpar->codec_id) is not ("png" or "apng");
    private readonly bool? _containersTopFirst = OfContainer(demuxer);
    private bool _framesTell;

    /// <summary>Whether what is decoded are fields, of half the height, not frames: HEVC tells so of such alone.</summary>
    public bool AreFramesFields => _framesTell && avcodec_get_name(demuxer.VideoStream->codecpar->codec_id) == "hevc";

    /// <summary>Says in the frame itself, in the order of decoding, whether it holds two fields, and which is the earlier one.</summary>
    /// <returns>Whether it does.</returns>
    public bool Mark(VideoFrame frame)
    {
        AVFrame* picture = frame.Pointer;
        bool isFlagged = FrameFields.IsInterlaced(picture), isTold = isFlagged && _framesMayTell;
        _framesTell |= isTold;

        // Many decoders tell nothing. Those that tell of some frames tell of all.
        bool isInterlaced = stated != FieldOrder.Auto || isTold || (_containersTopFirst is not null && !_framesTell);
        if (isInterlaced || isFlagged)
        {
            FrameFields.SetInterlaced(picture, isInterlaced, isInterlaced && IsTopFirst(frame));
        }

        return isInterlaced;
    }

    /// <summary>Whether the field of a frame's first row is the earlier one; so it is taken to be where nothing tells.</summary>
    public bool IsTopFirst(VideoFrame frame) =>
        stated != FieldOrder.Auto ? stated == FieldOrder.Top
        : _framesTell ? FrameFields.IsTopFieldFirst(frame.Pointer)
        : _containersTopFirst ?? true;

    // What the container or the first packets say; null: not interlaced. Of TB libav says "top coded first, bottom displayed first", and so MXF has
    // it. Matroska and QuickTime (9, "spatial first line early") mean frames of interleaved lines whose first line is the earlier one, and so all write it.
    private static bool? OfContainer(Demuxer demuxer)
    {
        bool isMxf = LibavText.Of(demuxer.Context->iformat->name).StartsWith("mxf", StringComparison.Ordinal);
        return demuxer.VideoStream->codecpar->field_order switch
        {
            AVFieldOrder.AV_FIELD_TT => true,
            AVFieldOrder.AV_FIELD_BB => false,
            AVFieldOrder.AV_FIELD_TB => !isMxf,
            AVFieldOrder.AV_FIELD_BT => isMxf,
            _ => null,
        };
    }
}

/// <summary>Which field of an interlaced frame is the earlier one.</summary>
public enum FieldOrder
{
    /// <summary>As the video says, where it does; video that says nothing is not interlaced.</summary>
    Auto,

    /// <summary>All frames are interlaced, and the field of the first row is the earlier one, whatever they say.</summary>
    Top,

    /// <summary>All frames are interlaced, and the field of the second row is the earlier one, whatever they say.</summary>
    Bottom,
}
