namespace FFmpeg.AutoGen;

/// <summary>A coding.</summary>
/// <remarks>Only values that are alike in all supported FFmpegs stand here: look others up by name.</remarks>
public enum AVCodecID
{
    AV_CODEC_ID_NONE = 0,
    AV_CODEC_ID_RAWVIDEO = 13,
    AV_CODEC_ID_H264 = 27,
    AV_CODEC_ID_FFV1 = 33,
    AV_CODEC_ID_OPUS = 86076,
    AV_CODEC_ID_SUBRIP = 94225,
}

/// <summary>What to ask a codec for (since FFmpeg 7.1).</summary>
internal enum AVCodecConfig
{
    AV_CODEC_CONFIG_PIX_FORMAT = 0,
    AV_CODEC_CONFIG_FRAME_RATE = 1,
    AV_CODEC_CONFIG_SAMPLE_RATE = 2,
    AV_CODEC_CONFIG_SAMPLE_FORMAT = 3,
}

/// <summary>What a packet's or stream's side data is.</summary>
public enum AVPacketSideDataType
{
    AV_PKT_DATA_PALETTE = 0,
    AV_PKT_DATA_DISPLAYMATRIX = 5,
    AV_PKT_DATA_STEREO3D = 6,
    AV_PKT_DATA_SKIP_SAMPLES = 11,
    AV_PKT_DATA_MASTERING_DISPLAY_METADATA = 20,
    AV_PKT_DATA_SPHERICAL = 21,
    AV_PKT_DATA_CONTENT_LIGHT_LEVEL = 22,
    AV_PKT_DATA_ICC_PROFILE = 28,
    AV_PKT_DATA_DOVI_CONF = 29,
}

/// <summary>Which packets or frames to throw away.</summary>
public enum AVDiscard
{
    AVDISCARD_DEFAULT = 0,
    AVDISCARD_ALL = 48,
}

/// <summary>Progressive, or which field comes first.</summary>
public enum AVFieldOrder
{
    AV_FIELD_UNKNOWN = 0,
    AV_FIELD_PROGRESSIVE = 1,
    AV_FIELD_TT = 2,
    AV_FIELD_BB = 3,
    AV_FIELD_TB = 4,
    AV_FIELD_BT = 5,
}
