namespace FFmpeg.AutoGen;

/// <summary>What to ask a codec for (FFmpeg 7.1 and 9).</summary>
internal enum AVCodecConfig
{
    AV_CODEC_CONFIG_PIX_FORMAT = 0,
    AV_CODEC_CONFIG_FRAME_RATE = 1,
    AV_CODEC_CONFIG_SAMPLE_RATE = 2,
    AV_CODEC_CONFIG_SAMPLE_FORMAT = 3,
}
