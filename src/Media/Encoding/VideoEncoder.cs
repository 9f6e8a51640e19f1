using System.Globalization;
using AdaConv.LibAv;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Frames → packets. Give a frame, take packets until there are none; give null at the end and take what is left.</summary>
public sealed unsafe class VideoEncoder : IDisposable
{
    private static readonly AVFrameSideDataType[] WholeVideoSideData =
    [
        AVFrameSideDataType.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
        AVFrameSideDataType.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL,
    ];

    private readonly string _path;
    private readonly Rational _frameTimeBase;
    private readonly Dictionary<long, long> _durations = [];
    private readonly CodecContext _codec;
    private readonly PaletteReducer? _palettes;
    private bool _isOpenAndUnused;

    /// <summary>Opens an encoder for a video.</summary>
    /// <param name="settings">The encoder and its options.</param>
    /// <param name="first">The first frame, in the encoder's pixel format: gives size, shape and colour tags.</param>
    /// <param name="frameTimeBase">Seconds per tick of the frames' timestamps.</param>
    /// <param name="rate">Nominal frames per second.</param>
    /// <param name="globalHeader">Whether the container wants parameter sets in its header.</param>
    /// <param name="threads">Threads, 0: the encoder's own choice.</param>
    /// <param name="path">The output, for messages.</param>
    /// <exception cref="MediaException">The encoder refuses the settings or has no such option.</exception>
    internal VideoEncoder(
        EncoderSettings settings, VideoFrame first, Rational frameTimeBase, Rational rate, bool globalHeader, int threads, string path)
    {
        _path = path;
        _frameTimeBase = frameTimeBase;
        Name = settings.Name;
        AVCodec* codec = avcodec_find_encoder_by_name(Name);
        if (codec == null)
        {
            throw EncoderChoice.Missing(Name, path);
        }

        string operation = $"Opening the encoder {Name} for";
        _codec = new(codec, operation, path);
        try
        {
            TimeBase = EncoderTimeBase(Name, frameTimeBase, rate);
            Describe(first, rate, globalHeader);
            if (PixelLayout.Of(first.Format) is { } layout && PaletteReducer.IsNeeded(Name, layout))
            {
                _palettes = new(layout, path);
                Context->pix_fmt = PaletteReducer.Format;
            }

            using OptionDictionary options = new();
            options.Set("threads", threads > 0 ? threads.ToString(CultureInfo.InvariantCulture) : "auto");
            foreach ((string key, string value) in settings.Options)
            {
                options.Set(key, value);
            }

            AVCodecContext* context = Context;
            LibavLog.TakeLastLine();
            int result = options.Pass(dictionary => avcodec_open2(context, codec, dictionary));
            if (result < 0)
            {
                throw result != AVERROR(EINVAL) && EncoderFamily.OfHardware(codec) is { } family
                    ? new MediaException(
                        $"Opening the encoder {Name} for",
                        path,
                        "the graphics card or its driver is missing or does not support this video",
                        $"{family.Software} encodes on the CPU; --encoder {family.Coding} --hwaccel auto uses a card if there is one.",
                        result,
                        LibavError.Words(result))
                    : result == AVERROR_INVALIDDATA
                    ? new MediaException( // some encoders call settings that they do not know invalid data
                        operation,
                        path,
                        "it does not accept these settings",
                        "Check the encoder's options, quality and pixel format.",
                        result,
                        LibavLog.TakeLastLine() ?? LibavError.Words(result))
                    : LibavError.Create(result, operation, path, "Check the encoder's options, quality and pixel format.");
            }

            _isOpenAndUnused = true;
            CheckParameters(settings);
            string? unknown = options.Keys.FirstOrDefault(key => settings.Named.Contains(key));
            if (unknown is not null)
            {
                throw new MediaException(
                    "Encoding", path, $"the encoder {Name} has no option {unknown}", $"`ffmpeg -h encoder={Name}` lists them.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>FFmpeg's name of the encoder.</summary>
    public string Name { get; }

    /// <summary>Seconds per tick of the packets' timestamps: that of the frames, except for encoders that need a fixed rate.</summary>
    public Rational TimeBase { get; }

    /// <summary>The last frame's time in ticks of <see cref="TimeBase"/>; each frame's is later than it.</summary>
    public long LastTimestamp { get; set; } = long.MinValue;

    /// <summary>The parameter sets for a container's header; empty where the encoder has none.</summary>
    public ReadOnlySpan<byte> Header => new(Context->extradata, Context->extradata_size);

    /// <summary>A frame's time in ticks of <see cref="TimeBase"/>.</summary>
    /// <param name="timestamp">In ticks of the frames' time base.</param>
    public long ToTicks(long timestamp) => Rational.Rescale(timestamp, _frameTimeBase, TimeBase);

    internal AVCodecContext* Context => _codec.Pointer;

    /// <summary>Encodes a frame, or with null begins to drain. All packets must have been taken before.</summary>
    /// <param name="frame">The frame; its timestamp, duration and picture type are overwritten.</param>
    /// <param name="timestamp">In ticks of the frames' time base; later than that of the frame before.</param>
    /// <param name="duration">In ticks of the frames' time base.</param>
    public void Send(VideoFrame? frame, long timestamp, long duration)
    {
        _isOpenAndUnused = false;
        if (frame is null)
        {
            LibavError.Check(avcodec_send_frame(Context, null), "Finishing the encoding of", _path);
            return;
        }

        long time = ToTicks(timestamp);
        time = Math.Max(time, LastTimestamp + 1);
        long length = Math.Max(1, Rational.Rescale(timestamp + duration, _frameTimeBase, TimeBase) - time);
        LastTimestamp = time;
        _durations[time] = length;
        AVFrame* picture = frame.Pointer;
        picture->pts = time;
        FrameFields.SetDuration(picture, length);

        // Otherwise the input's I and B frames would be forced on the encoder.
        picture->pict_type = AVPictureType.AV_PICTURE_TYPE_NONE;
        LibavError.Check(avcodec_send_frame(Context, _palettes is null ? picture : _palettes.Reduce(frame).Pointer), "Encoding", _path);
        LibavLog.TakeLastLine();
    }

    /// <summary>Takes the next packet; false where there is none yet or, after draining, none any more.</summary>
    public bool Receive(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        packet.Clear();
        int result = avcodec_receive_packet(Context, packet.Pointer);
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF)
        {
            return false;
        }

        LibavError.Check(result, "Encoding", _path);
        if (_durations.Remove(packet.Pointer->pts, out long duration))
        {
            packet.Pointer->duration = duration;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOpenAndUnused && Name == "libsvtav1")
        {
            EncodeAnything();
        }

        _palettes?.Dispose();
        _codec.Dispose();
    }

    /// <summary>The clock that encoders are given for frames' timestamps, where the coding does not have its own.</summary>
    /// <remarks>libvpx and libaom refuse ticks below a nanosecond, as halves of an input's nanoseconds are; no two frames are so near.</remarks>
    /// <param name="frameTimeBase">Seconds per tick of the frames' timestamps.</param>
    public static Rational Clock(Rational frameTimeBase) => frameTimeBase.Denominator > Rational.Nanosecond.Denominator ? Rational.Nanosecond : frameTimeBase;

    // MPEG-1, -2 and -4 count time in frames, or in no more than 65535 parts of a second.
    private static Rational EncoderTimeBase(string name, Rational frameTimeBase, Rational rate)
    {
        bool fixedRate = name is "mpeg1video" or "mpeg2video" or "mpeg4" or "libxvid" or "msmpeg4v2" or "msmpeg4" or "h263" or "h263p"
            or "flv" or "libtheora" or "wrapped_avframe"; // Y4M states one rate
        return fixedRate ? rate.Inverse : Clock(frameTimeBase);
    }

    // Libraries' own parameters are read while opening, and what is wrong in them is no more than a warning.
    private void CheckParameters(EncoderSettings settings)
    {
        if (settings.Named.FirstOrDefault(name => name is "x264opts" || name.EndsWith("-params", StringComparison.Ordinal)) is { } named
            && LibavLog.TakeLines().Where(TellsOfParameter).Select(line => line.TrimEnd('.')).Distinct().ToArray() is { Length: > 0 } lines)
        {
            throw new MediaException(
                $"Opening the encoder {Name} for", _path, $"it does not understand {named} ({string.Join("; ", lines)})", "Check the names and values in it.");
        }

        static bool TellsOfParameter(string line) =>
            line.Contains("parsing option", StringComparison.Ordinal) || line.Contains("Unknown option", StringComparison.Ordinal)
            || line.Contains("Invalid value for", StringComparison.Ordinal);
    }

    // Freed before it was sent a picture, SVT-AV1 1.4 waits for its first packet for ever.
    private void EncodeAnything()
    {
        _isOpenAndUnused = false;
        try
        {
            using VideoFrame picture = new();
            picture.Allocate(Context->width, Context->height, Context->pix_fmt);
            picture.Pointer->pts = 0;
            _ = avcodec_send_frame(Context, picture.Pointer);
        }
        catch (MediaException)
        {
            // Out of memory; what failed before is what the user is told.
        }

        _ = avcodec_send_frame(Context, null);
    }

    private void Describe(VideoFrame first, Rational rate, bool globalHeader)
    {
        AVFrame* frame = first.Pointer;
        AVCodecContext* context = Context;
        context->width = frame->width;
        context->height = frame->height;
        context->pix_fmt = first.Format;
        context->time_base = TimeBase.ToLibav();
        context->framerate = rate.ToLibav();
        context->sample_aspect_ratio = frame->sample_aspect_ratio;
        context->color_range = frame->color_range;
        context->color_primaries = frame->color_primaries;
        context->color_trc = frame->color_trc;
        context->colorspace = frame->colorspace;
        context->chroma_sample_location = frame->chroma_location;
        if (globalHeader)
        {
            context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        }

        foreach (AVFrameSideDataType type in WholeVideoSideData)
        {
            _ = EncoderSideData.TryCopy(context, frame, type);
        }
    }
}
