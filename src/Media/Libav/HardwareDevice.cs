using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>A device that decodes: libav's device context of a graphics card.</summary>
internal sealed unsafe class HardwareDevice : LibavHandle
{
    /// <summary>The one kind that is asked for: NVDEC is reached through CUDA.</summary>
    private const AVHWDeviceType Kind = AVHWDeviceType.AV_HWDEVICE_TYPE_CUDA;

    private HardwareDevice(AVBufferRef* reference)
        : base(reference)
    {
    }

    /// <summary>libav's reference, which stays this object's.</summary>
    public AVBufferRef* Reference => (AVBufferRef*)handle;

    /// <summary>Opens the first card.</summary>
    /// <param name="problem">Why there is none: libav's words.</param>
    public static HardwareDevice? TryOpen(out string problem)
    {
        LibavLog.Install();
        LibavLog.TakeLastLine();
        AVBufferRef* reference = null;
        int result = av_hwdevice_ctx_create(&reference, Kind, null, null, 0);
        problem = result < 0 ? LibavError.Words(result) : "";
        return result < 0 ? null : new(reference);
    }

    /// <summary>FFmpeg's own decoder of a coding that can hand its work to the device; null where there is none.</summary>
    /// <param name="coding">The video's coding.</param>
    /// <param name="format">The pixel format that pictures on the device have.</param>
    /// <remarks>
    /// Not by the usual choice: that is a library for AV1, which knows no device. Nor one of the decoders that are the device's alone
    /// (<c>h264_cuvid</c>), which find packets' pictures by themselves and miss edit lists.
    /// </remarks>
    public static AVCodec* FindDecoder(AVCodecID coding, out AVPixelFormat format)
    {
        void* place = null;
        AVCodec* codec;
        while ((codec = av_codec_iterate(&place)) != null)
        {
            if (codec->id != coding || av_codec_is_decoder(codec) == 0 || (codec->capabilities & AV_CODEC_CAP_HARDWARE) != 0)
            {
                continue;
            }

            AVCodecHWConfig* way;
            for (int i = 0; (way = avcodec_get_hw_config(codec, i)) != null; i++)
            {
                if (way->device_type == Kind && (way->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0)
                {
                    format = way->pix_fmt;
                    return codec;
                }
            }
        }

        format = AVPixelFormat.AV_PIX_FMT_NONE;
        return null;
    }

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        AVBufferRef* reference = (AVBufferRef*)native;
        av_buffer_unref(&reference);
    }
}

/// <summary>Whether a graphics card's own decoder and encoder are used, by the names of ffmpeg's <c>-hwaccel</c>.</summary>
public enum HardwareAcceleration
{
    /// <summary>The processor decodes.</summary>
    None,

    /// <summary>A card decodes where there is one that can; where not, the processor does, and nothing is said.</summary>
    Auto,

    /// <summary>NVIDIA's decoder (NVDEC) where it can; where not, the processor does, and a message says why.</summary>
    Cuda,
}
