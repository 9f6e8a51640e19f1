namespace FFmpeg.AutoGen;

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
