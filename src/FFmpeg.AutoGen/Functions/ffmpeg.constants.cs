namespace FFmpeg.AutoGen;

// Only values that are alike in all supported FFmpegs; the tests hold them against the installed headers.
public static unsafe partial class ffmpeg
{
    // Dictionaries, options, log
    public const int AV_DICT_IGNORE_SUFFIX = 2;
    public const int AV_DICT_DONT_OVERWRITE = 0x10;
    public const int AV_LOG_WARNING = 24;
    public const int AV_ERROR_MAX_STRING_SIZE = 64;

    // Frames and pixel formats
    public const int AV_FRAME_FLAG_CORRUPT = 1;
    public const int AV_FRAME_CROP_UNALIGNED = 1;
    public const int AV_PIX_FMT_FLAG_BE = 1;
    public const int AV_PIX_FMT_FLAG_PAL = 2;
    public const int AV_PIX_FMT_FLAG_BITSTREAM = 4;
    public const int AV_PIX_FMT_FLAG_HWACCEL = 8;
    public const int AV_PIX_FMT_FLAG_RGB = 0x20;
    public const int AV_PIX_FMT_FLAG_ALPHA = 0x80;
    public const int AV_PIX_FMT_FLAG_BAYER = 0x100;
    public const int AV_PIX_FMT_FLAG_FLOAT = 0x200;
    public const int FF_QP2LAMBDA = 118;

    // Packets and codecs
    public const int AV_PKT_FLAG_KEY = 1;
    public const int AV_PKT_FLAG_CORRUPT = 2;
    public const int AV_INPUT_BUFFER_PADDING_SIZE = 64;
    public const int AV_CODEC_CAP_HARDWARE = 0x40000;
    public const int AV_CODEC_CAP_HYBRID = 0x80000;
    public const int AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX = 1;
    public const int AV_CODEC_FLAG_QSCALE = 2;
    public const int AV_CODEC_FLAG_GLOBAL_HEADER = 0x400000;
    public const int FF_THREAD_FRAME = 1;
    public const int FF_COMPLIANCE_NORMAL = 0;
    public const int FF_COMPLIANCE_EXPERIMENTAL = -2;

    // Containers
    public const int AVFMT_NOFILE = 1;
    public const int AVFMT_GLOBALHEADER = 0x40;
    public const int AVFMT_TS_DISCONT = 0x200;
    public const int AVFMT_TS_NONSTRICT = 0x20000;
    public const int AVSEEK_FLAG_BACKWARD = 1;
    public const int AVSEEK_SIZE = 0x10000;
    public const int AVIO_FLAG_WRITE = 2;
    public const int AV_DISPOSITION_DEFAULT = 1;
    public const int AV_DISPOSITION_DUB = 2;
    public const int AV_DISPOSITION_ORIGINAL = 4;
    public const int AV_DISPOSITION_COMMENT = 8;
    public const int AV_DISPOSITION_LYRICS = 0x10;
    public const int AV_DISPOSITION_KARAOKE = 0x20;
    public const int AV_DISPOSITION_FORCED = 0x40;
    public const int AV_DISPOSITION_HEARING_IMPAIRED = 0x80;
    public const int AV_DISPOSITION_VISUAL_IMPAIRED = 0x100;
    public const int AV_DISPOSITION_CLEAN_EFFECTS = 0x200;
    public const int AV_DISPOSITION_ATTACHED_PIC = 0x400;

    // Scaling
    public const int SWS_BICUBIC = 4;
    public const int SWS_FULL_CHR_H_INT = 0x2000;
    public const int SWS_FULL_CHR_H_INP = 0x4000;
    public const int SWS_ACCURATE_RND = 0x40000;
    public const int SWS_CS_ITU709 = 1;
    public const int SWS_CS_FCC = 4;
    public const int SWS_CS_ITU601 = 5;
    public const int SWS_CS_SMPTE240M = 7;
    public const int SWS_CS_BT2020 = 9;
}
