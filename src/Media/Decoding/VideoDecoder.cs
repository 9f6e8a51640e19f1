using System.Globalization;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Packets → frames. Give a packet, take frames until it needs the next; give null at the end and take what is left.</summary>
/// <remarks>
/// A graphics card may decode; its pictures come out in the machine's memory like any other. Where the card does not take the video, which
/// shows with its first pictures only, the CPU then decodes the packets so far again from the start.
/// </remarks>
public sealed unsafe class VideoDecoder : IDisposable
{
    /// <summary>Packets without a picture after which a card is given up; the longest delay of a coding is 17 frames, of two packets each at most.</summary>
    private const int MostKeptPackets = 64;

    /// <summary>Damaged packets that may wait inside when the input ends: one for each thread, and the delay of the coding.</summary>
    private const int MostWaiting = 1024;

    private readonly string _path;
    private readonly Demuxer _demuxer;
    private readonly DecodingClock _clock;
    private readonly AVStream* _stream;
    private readonly int _threads;
    private readonly Action<string> _message;
    private readonly bool _isCardWanted;
    private readonly Queue<Packet?> _kept = [];
    private readonly Queue<Packet?> _again = [];
    private CodecContext? _codec;
    private HardwareDevice? _device;
    private PictureDownload? _download;
    private AVPixelFormat _deviceFormat;
    private bool _hasBegun;
    private bool _isRefused;

    /// <summary>Opens the decoder of a container's video.</summary>
    /// <param name="demuxer">The container.</param>
    /// <param name="threads">Threads, 0: one a core.</param>
    /// <param name="acceleration">Whether a graphics card decodes.</param>
    /// <param name="message">Told why the card that was asked for does not.</param>
    /// <exception cref="MediaException">This FFmpeg has no decoder for it, or the decoder does not take it.</exception>
    public VideoDecoder(
        Demuxer demuxer, int threads = 0, HardwareAcceleration acceleration = HardwareAcceleration.None, Action<string>? message = null)
    {
        ArgumentNullException.ThrowIfNull(demuxer);
        _demuxer = demuxer;
        _stream = demuxer.VideoStream;
        _clock = new(LibavText.Of(demuxer.Context->iformat->name) == "avi");
        (_path, _threads) = (demuxer.Path, threads);
        _message = message ?? (_ => { });
        _isCardWanted = acceleration == HardwareAcceleration.Cuda;
        try
        {
            if (acceleration == HardwareAcceleration.None || !TryOpenOnCard())
            {
                OpenOnProcessor();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Packets and frames that were damaged.</summary>
    public long Damaged { get; private set; }

    /// <summary>What was wrong with the first packet that could not be decoded; null where there was none.</summary>
    public MediaException? Failure { get; private set; }

    /// <summary>Whether a graphics card decodes; known for certain once there is a frame.</summary>
    public bool IsOnCard => _device is not null;

    /// <summary>Pictures that it holds at most.</summary>
    internal int PicturesHeld => DecoderPictures.Most(_stream->codecpar, _codec!.Pointer->thread_count);

    private string CodecName => avcodec_get_name(_stream->codecpar->codec_id);

    /// <summary>Gives the decoder a packet, or null when there are no more. All frames must have been taken before.</summary>
    public void Send(Packet? packet)
    {
        if (IsOnCard && !_hasBegun)
        {
            Keep(packet);
            if (_kept.Count > MostKeptPackets)
            {
                LeaveCard($"it returned no picture for {MostKeptPackets} packets");
                return;
            }
        }

        Pass(packet);
    }

    /// <summary>Takes the next frame, if there is one; damaged ones are counted and skipped.</summary>
    public DecodeResult Receive(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        while (true)
        {
            int result = avcodec_receive_frame(_codec!.Pointer, frame.Pointer);
            if (result == AVERROR(EAGAIN))
            {
                if (!_again.TryDequeue(out Packet? packet))
                {
                    return DecodeResult.NeedsPacket;
                }

                using (packet)
                {
                    Pass(packet);
                }

                continue;
            }

            if (result == AVERROR_EOF && !(IsOnCard && !_hasBegun))
            {
                return DecodeResult.End;
            }

            if (TryLeaveCard(result))
            {
                continue;
            }

            if (IsDamage(result))
            {
                CountDamage(result);
                continue;
            }

            Check(result);
            if (frame.Pointer->decode_error_flags != 0)
            {
                Damaged++;
            }

            Begin();

            _clock.Apply(frame);

            // As in players, the shape of a pixel that the container states wins over the coded one.
            frame.Pointer->sample_aspect_ratio = av_guess_sample_aspect_ratio(_demuxer.Context, _stream, frame.Pointer);
            if (PictureDownload.IsNeededFor(frame))
            {
                (_download ??= new(_path)).Fetch(frame);
            }

            return DecodeResult.Frame;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _download?.Dispose();
        Forget(_kept);
        Forget(_again);
    }

    // FFmpeg's own VP8 and VP9 decoders pass over the alpha that WebM keeps beside the picture; libvpx reads it.
    private static AVCodec* FindDecoder(AVStream* stream, string codecName)
    {
        AVCodec* codec = HasAlphaBeside(stream, codecName) ? avcodec_find_decoder_by_name(codecName == "vp8" ? "libvpx" : "libvpx-vp9") : null;
        return codec != null ? codec : avcodec_find_decoder(stream->codecpar->codec_id);
    }

    private static bool HasAlphaBeside(AVStream* stream, string codecName) =>
        codecName is "vp8" or "vp9" && LibavText.OfMetadata(stream->metadata, "alpha_mode") == "1";

    private static void Forget(Queue<Packet?> packets)
    {
        while (packets.TryDequeue(out Packet? packet))
        {
            packet?.Dispose();
        }
    }

    // On a card everything but damaged data is the card's or the driver's failure. On the processor, each decoder has its own errors for damage.
    private bool IsDamage(int result) => IsOnCard ? result == AVERROR_INVALIDDATA : result < 0 && result != AVERROR(LibavError.OutOfMemory);

    private void CountDamage(int result)
    {
        Damaged++;
        Failure ??= LibavError.Create(result, "Decoding", _path);
    }

    private bool TryOpenOnCard()
    {
        AVCodec* codec = HardwareDevice.FindDecoder(_stream->codecpar->codec_id, out _deviceFormat);
        if (codec == null || HasAlphaBeside(_stream, CodecName))
        {
            TellWhyNot($"FFmpeg cannot decode {CodecName} video on it");
            return false;
        }

        _device = HardwareDevice.TryOpen(out string problem);
        if (_device is null)
        {
            TellWhyNot(problem);
            return false;
        }

        try
        {
            // Each thread of libav's would hold pictures on the card, which has 32, and the card decodes for itself.
            Open(codec, threads: 1);
            return true;
        }
        catch (MediaException error)
        {
            Close();
            TellWhyNot(error.NativeText ?? error.Problem);
            return false;
        }
    }

    private void OpenOnProcessor()
    {
        AVCodec* codec = FindDecoder(_stream, CodecName);
        if (codec == null)
        {
            string coding = LibavText.OfCoding(_stream->codecpar);
            throw new MediaException("Decoding", _path, $"this FFmpeg has no decoder for {coding} video", "Install a full FFmpeg.");
        }

        Open(codec, _threads);
    }

    private void Open(AVCodec* codec, int threads)
    {
        string operation = $"Opening the {CodecName} decoder for";
        _codec = new(codec, operation, _path);
        AVCodecContext* context = _codec.Pointer;
        LibavError.Check(avcodec_parameters_to_context(context, _stream->codecpar), operation, _path);
        context->pkt_timebase = _stream->time_base;
        if (_device is not null)
        {
            context->hw_device_ctx = av_buffer_ref(_device.Reference);
            _codec.ChooseFormatBy(PickFormat);
        }

        using OptionDictionary options = new();
        options.Set("threads", threads == 0 ? "auto" : threads.ToString(CultureInfo.InvariantCulture));

        // The coded pictures may be larger than the container says.
        options.Set("max_pixels", VideoStreamChoice.MostPixels.ToString(CultureInfo.InvariantCulture));
        LibavError.Check(options.Pass(dictionary => avcodec_open2(context, codec, dictionary)), operation, _path);
    }

    // libav asks once for each size and kind of picture, and again without the card where that failed to take it. Its own answer then is the
    // processor on the one thread of this decoder; that is for changes amid a video only, which cannot begin anew.
    private AVPixelFormat PickFormat(AVCodecContext* context, AVPixelFormat* formats)
    {
        for (AVPixelFormat* format = formats; *format != AVPixelFormat.AV_PIX_FMT_NONE; format++)
        {
            if (*format == _deviceFormat)
            {
                return *format;
            }
        }

        if (_hasBegun)
        {
            return avcodec_default_get_format(context, formats);
        }

        _isRefused = true;
        return AVPixelFormat.AV_PIX_FMT_NONE;
    }

    private void Pass(Packet? packet)
    {
        if (packet is { IsCorrupt: true })
        {
            Damaged++;
        }

        if (packet is not null)
        {
            _clock.Note(packet.Pointer);
        }

        int result = avcodec_send_packet(_codec!.Pointer, packet is null ? null : packet.Pointer);

        // The end is refused for damaged packets that wait inside. A decoder that never took it would be asked for frames for ever.
        for (int waiting = 0; packet is null && IsDamage(result) && waiting < MostWaiting; waiting++)
        {
            CountDamage(result);
            result = avcodec_send_packet(_codec.Pointer, null);
        }

        if (result == AVERROR_EOF || TryLeaveCard(result))
        {
            return;
        }

        if (packet is not null && IsDamage(result))
        {
            CountDamage(result);
            Damaged -= packet.IsCorrupt ? 1 : 0;
            return;
        }

        Check(result);
        LibavLog.TakeLastLine();
    }

    private void Check(int result)
    {
        if (result < 0)
        {
            throw LibavError.Create(result, "Decoding", _path, IsOnCard ? "Decode on the CPU: --hwaccel none." : null);
        }
    }

    private void Keep(Packet? packet)
    {
        if (packet is null)
        {
            _kept.Enqueue(null);
            return;
        }

        Packet copy = new();
        copy.ReferTo(packet);
        _kept.Enqueue(copy);
    }

    private void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            Forget(_kept);
        }
    }

    // Damaged data fails on the processor too, unless the card has said that it does not take it.
    private bool TryLeaveCard(int result)
    {
        if (result >= 0 || !IsOnCard || _hasBegun || result == AVERROR(EAGAIN) || (IsDamage(result) && !_isRefused))
        {
            return false;
        }

        string words = LibavError.Words(result);
        LeaveCard(_isRefused ? $"it does not support this kind of {CodecName} video" : words);
        return true;
    }

    private void LeaveCard(string why)
    {
        Close();
        TellWhyNot(why);
        Damaged = 0;
        OpenOnProcessor();
        while (_kept.TryDequeue(out Packet? packet))
        {
            _again.Enqueue(packet);
        }
    }

    private void TellWhyNot(string why)
    {
        if (_isCardWanted)
        {
            _message($"Decoding on the CPU, because the graphics card cannot be used: {why}.");
        }
    }

    private void Close()
    {
        _codec?.Dispose();
        _device?.Dispose();
        (_codec, _device) = (null, null);
    }
}

/// <summary>What a decoder has for its caller.</summary>
public enum DecodeResult
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>Nothing until it is given another packet.</summary>
    NeedsPacket,

    /// <summary>Nothing any more: it is drained.</summary>
    End,
}
