using System.Globalization;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.FrameFilter.Media;

/// <summary>Packets → frames. Give a packet, take frames until it needs the next; give null at the end and take what is left.</summary>
public sealed unsafe class VideoDecoder : IDisposable
{
    private readonly string _path;
    private AVCodecContext* _context;

    /// <summary>Opens the decoder of a container's video.</summary>
    /// <param name="demuxer">The container.</param>
    /// <param name="threads">Threads, 0: one a core.</param>
    /// <exception cref="MediaException">This FFmpeg has no decoder for it, or the decoder does not take it.</exception>
    public VideoDecoder(Demuxer demuxer, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(demuxer);
        _path = demuxer.Path;
        AVStream* stream = demuxer.VideoStream;
        string codecName = avcodec_get_name(stream->codecpar->codec_id);
        AVCodec* codec = FindDecoder(stream, codecName);
        if (codec == null)
        {
            throw new MediaException("Decoding", _path, $"this FFmpeg has no decoder for {codecName} video", "Install a full FFmpeg.");
        }

        try
        {
            string operation = $"Opening the {codecName} decoder for";
            _context = (AVCodecContext*)LibavError.CheckAllocated(avcodec_alloc_context3(codec), operation, _path);
            LibavError.Check(avcodec_parameters_to_context(_context, stream->codecpar), operation, _path);
            _context->pkt_timebase = stream->time_base;
            using OptionDictionary options = new();
            options.Set("threads", threads == 0 ? "auto" : threads.ToString(CultureInfo.InvariantCulture));

            // The coded pictures may be larger than the container says.
            options.Set("max_pixels", Demuxer.MostPixels.ToString(CultureInfo.InvariantCulture));
            AVCodecContext* context = _context;
            LibavError.Check(options.Pass(dictionary => avcodec_open2(context, codec, dictionary)), operation, _path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Frees the native parts if <see cref="Dispose"/> was not called.</summary>
    ~VideoDecoder() => Free();

    /// <summary>Packets and frames that were damaged.</summary>
    public long Damaged { get; private set; }

    /// <summary>Gives the decoder a packet, or null when there are no more. All frames must have been taken before.</summary>
    public void Send(Packet? packet)
    {
        if (packet is { IsCorrupt: true })
        {
            Damaged++;
        }

        int result = avcodec_send_packet(_context, packet is null ? null : packet.Pointer);
        if (result == AVERROR_EOF)
        {
            return;
        }

        if (IsDamage(result))
        {
            Damaged += packet is { IsCorrupt: true } ? 0 : 1;
            return;
        }

        LibavError.Check(result, "Decoding", _path);
        LibavLog.TakeLastLine();
    }

    /// <summary>Takes the next frame, if there is one; damaged ones are counted and passed over.</summary>
    public DecodeResult Receive(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        while (true)
        {
            int result = avcodec_receive_frame(_context, frame.Pointer);
            if (result == AVERROR(EAGAIN))
            {
                return DecodeResult.NeedsPacket;
            }

            if (result == AVERROR_EOF)
            {
                return DecodeResult.End;
            }

            if (IsDamage(result))
            {
                Damaged++;
                continue;
            }

            LibavError.Check(result, "Decoding", _path);
            if (frame.Pointer->decode_error_flags != 0)
            {
                Damaged++;
            }

            return DecodeResult.Frame;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    // FFmpeg's own VP8 and VP9 decoders pass over the alpha that WebM keeps beside the picture; libvpx reads it.
    private static AVCodec* FindDecoder(AVStream* stream, string codecName)
    {
        AVDictionaryEntry* alpha = av_dict_get(stream->metadata, "alpha_mode", null, 0);
        AVCodec* codec = codecName is "vp8" or "vp9" && alpha != null && LibavText.Of(alpha->value) == "1"
            ? avcodec_find_decoder_by_name(codecName == "vp8" ? "libvpx" : "libvpx-vp9")
            : null;
        return codec != null ? codec : avcodec_find_decoder(stream->codecpar->codec_id);
    }

    private static bool IsDamage(int result) => result == AVERROR_INVALIDDATA || result == AVERROR_EXTERNAL;

    private void Free()
    {
        AVCodecContext* context = _context;
        avcodec_free_context(&context);
        _context = null;
    }
}
