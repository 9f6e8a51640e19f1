using FFmpeg.AutoGen;

namespace AdaConv.LibAv;

/// <summary>What a codec takes: a function says it since FFmpeg 7.1, fields of AVCodec before.</summary>
public static unsafe class CodecSupport
{
    /// <summary>The pixel formats that an encoder takes, best first as FFmpeg lists them; empty when it does not say.</summary>
    /// <param name="codec">A codec of the library.</param>
    /// <exception cref="InvalidOperationException">FFmpeg does not answer.</exception>
    public static AVPixelFormat[] PixelFormats(AVCodec* codec)
    {
#if !FFMPEG_PACKAGE
        if (AsFields)
        {
            AVPixelFormat* end = codec->pix_fmts;
            while (end != null && *end != AVPixelFormat.AV_PIX_FMT_NONE)
            {
                end++;
            }
            return new ReadOnlySpan<AVPixelFormat>(codec->pix_fmts, (int)(end - codec->pix_fmts)).ToArray();
        }
#endif
        return Ask<AVPixelFormat>(codec, AVCodecConfig.AV_CODEC_CONFIG_PIX_FORMAT).ToArray();
    }

    /// <summary>The frame rates that an encoder takes; empty when it takes any.</summary>
    /// <param name="codec">A codec of the library.</param>
    /// <exception cref="InvalidOperationException">FFmpeg does not answer.</exception>
    public static AVRational[] FrameRates(AVCodec* codec)
    {
#if !FFMPEG_PACKAGE
        if (AsFields)
        {
            AVRational* end = codec->supported_framerates;
            while (end != null && end->num != 0)
            {
                end++;
            }
            return new ReadOnlySpan<AVRational>(codec->supported_framerates, (int)(end - codec->supported_framerates)).ToArray();
        }
#endif
        return Ask<AVRational>(codec, AVCodecConfig.AV_CODEC_CONFIG_FRAME_RATE).ToArray();
    }

    /// <summary>The sample formats that an encoder takes, best first as FFmpeg lists them; empty when it does not say.</summary>
    /// <param name="codec">A codec of the library.</param>
    /// <exception cref="InvalidOperationException">FFmpeg does not answer.</exception>
    public static AVSampleFormat[] SampleFormats(AVCodec* codec)
    {
#if !FFMPEG_PACKAGE
        if (AsFields)
        {
            AVSampleFormat* end = codec->sample_fmts;
            while (end != null && *end != AVSampleFormat.AV_SAMPLE_FMT_NONE)
            {
                end++;
            }
            return new ReadOnlySpan<AVSampleFormat>(codec->sample_fmts, (int)(end - codec->sample_fmts)).ToArray();
        }
#endif
        return Ask<AVSampleFormat>(codec, AVCodecConfig.AV_CODEC_CONFIG_SAMPLE_FORMAT).ToArray();
    }

    /// <summary>The sample rates that an encoder takes, in Hz; empty when it takes any.</summary>
    /// <param name="codec">A codec of the library.</param>
    /// <exception cref="InvalidOperationException">FFmpeg does not answer.</exception>
    public static int[] SampleRates(AVCodec* codec)
    {
#if !FFMPEG_PACKAGE
        if (AsFields)
        {
            int* end = codec->supported_samplerates;
            while (end != null && *end != 0)
            {
                end++;
            }
            return new ReadOnlySpan<int>(codec->supported_samplerates, (int)(end - codec->supported_samplerates)).ToArray();
        }
#endif
        return Ask<int>(codec, AVCodecConfig.AV_CODEC_CONFIG_SAMPLE_RATE).ToArray();
    }

    private static ReadOnlySpan<T> Ask<T>(AVCodec* codec, AVCodecConfig what)
        where T : unmanaged
    {
        bool ofSound = what is AVCodecConfig.AV_CODEC_CONFIG_SAMPLE_RATE or AVCodecConfig.AV_CODEC_CONFIG_SAMPLE_FORMAT;
        if (codec->type != (ofSound ? AVMediaType.AVMEDIA_TYPE_AUDIO : AVMediaType.AVMEDIA_TYPE_VIDEO))
        {
            return default; // libav calls the question an error
        }
        void* list = null;
        int count = 0;
        int result = ffmpeg.avcodec_get_supported_config(null, codec, what, 0, &list, &count);
        return result < 0
            ? throw new InvalidOperationException($"FFmpeg does not say what codec {codec->id} takes: {LibAvError.Describe(result)}.")
            : new ReadOnlySpan<T>(list, count);
    }

#if !FFMPEG_PACKAGE
    private static readonly bool AsFields = !LibAvLibraries.Loaded.Exports("avcodec", nameof(ffmpeg.avcodec_get_supported_config));
#endif
}
