namespace FFmpeg.AutoGen;

/// <summary>What a stream carries.</summary>
public enum AVMediaType
{
    AVMEDIA_TYPE_UNKNOWN = -1,
    AVMEDIA_TYPE_VIDEO = 0,
    AVMEDIA_TYPE_AUDIO = 1,
    AVMEDIA_TYPE_DATA = 2,
    AVMEDIA_TYPE_SUBTITLE = 3,
    AVMEDIA_TYPE_ATTACHMENT = 4,
}

/// <summary>How a picture was coded; on a frame handed to an encoder, how it must be coded (none: as the encoder likes).</summary>
public enum AVPictureType
{
    AV_PICTURE_TYPE_NONE = 0,
    AV_PICTURE_TYPE_I = 1,
}

/// <summary>How a picture's samples lie in memory.</summary>
/// <remarks>Only values that are alike in all supported FFmpegs stand here: look others up by name.</remarks>
public enum AVPixelFormat
{
    AV_PIX_FMT_NONE = -1,
    AV_PIX_FMT_YUV420P = 0,
    AV_PIX_FMT_RGB24 = 2,
    AV_PIX_FMT_GRAY8 = 8,
    AV_PIX_FMT_YUV422P10LE = 64,
}

/// <summary>How a sound sample is stored.</summary>
public enum AVSampleFormat
{
    AV_SAMPLE_FMT_NONE = -1,
}

/// <summary>How a channel layout is described.</summary>
public enum AVChannelOrder
{
    AV_CHANNEL_ORDER_UNSPEC = 0,
    AV_CHANNEL_ORDER_NATIVE = 1,
}

/// <summary>How av_rescale_rnd rounds.</summary>
public enum AVRounding
{
    AV_ROUND_ZERO = 0,
    AV_ROUND_NEAR_INF = 5,
    AV_ROUND_PASS_MINMAX = 8192,
}

/// <summary>Chromaticities of the primaries (ITU-T H.273).</summary>
public enum AVColorPrimaries
{
    AVCOL_PRI_BT709 = 1,
    AVCOL_PRI_UNSPECIFIED = 2,
    AVCOL_PRI_BT2020 = 9,
    AVCOL_PRI_SMPTE432 = 12,
}

/// <summary>Transfer function (ITU-T H.273).</summary>
public enum AVColorTransferCharacteristic
{
    AVCOL_TRC_BT709 = 1,
    AVCOL_TRC_UNSPECIFIED = 2,
    AVCOL_TRC_SMPTE2084 = 16,
    AVCOL_TRC_ARIB_STD_B67 = 18,
}

/// <summary>Matrix between RGB and YUV (ITU-T H.273).</summary>
public enum AVColorSpace
{
    AVCOL_SPC_RGB = 0,
    AVCOL_SPC_BT709 = 1,
    AVCOL_SPC_UNSPECIFIED = 2,
    AVCOL_SPC_SMPTE170M = 6,
    AVCOL_SPC_BT2020_NCL = 9,
}

/// <summary>Limited (MPEG) or full (JPEG) code range.</summary>
public enum AVColorRange
{
    AVCOL_RANGE_UNSPECIFIED = 0,
    AVCOL_RANGE_MPEG = 1,
    AVCOL_RANGE_JPEG = 2,
}

/// <summary>Where chroma samples lie among luma samples.</summary>
public enum AVChromaLocation
{
    AVCHROMA_LOC_UNSPECIFIED = 0,
    AVCHROMA_LOC_LEFT = 1,
    AVCHROMA_LOC_CENTER = 2,
    AVCHROMA_LOC_TOPLEFT = 3,
    AVCHROMA_LOC_TOP = 4,
    AVCHROMA_LOC_BOTTOMLEFT = 5,
    AVCHROMA_LOC_BOTTOM = 6,
}

/// <summary>What a frame's side data is.</summary>
public enum AVFrameSideDataType
{
    AV_FRAME_DATA_PANSCAN = 0,
    AV_FRAME_DATA_A53_CC = 1,
    AV_FRAME_DATA_DISPLAYMATRIX = 6,
    AV_FRAME_DATA_MASTERING_DISPLAY_METADATA = 11,
    AV_FRAME_DATA_GOP_TIMECODE = 12,
    AV_FRAME_DATA_CONTENT_LIGHT_LEVEL = 14,
    AV_FRAME_DATA_ICC_PROFILE = 15,
    AV_FRAME_DATA_S12M_TIMECODE = 16,
    AV_FRAME_DATA_DYNAMIC_HDR_PLUS = 17,
    AV_FRAME_DATA_DOVI_RPU_BUFFER = 23,
    AV_FRAME_DATA_DOVI_METADATA = 24,
    AV_FRAME_DATA_DYNAMIC_HDR_VIVID = 25,
}

/// <summary>Kinds of devices that decode or encode.</summary>
public enum AVHWDeviceType
{
    AV_HWDEVICE_TYPE_NONE = 0,
    AV_HWDEVICE_TYPE_CUDA = 2,
}
