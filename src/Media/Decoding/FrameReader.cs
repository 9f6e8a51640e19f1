using AdaConv.LibAv;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// An opened input: container and decoder as one source of frames, the first of which is decoded at once. Packets of other streams are handed
/// on as they come.
/// </summary>
public sealed class FrameReader : IDisposable
{
    /// <summary>Other streams' packets that may wait until the output's header is written.</summary>
    private const long MostWaitingBytes = 256L << 20;

    private readonly ReadingOptions _options;
    private VideoDecoder _decoder;
    private readonly Deinterlacer _deinterlacer;
    private readonly Packet _packet = new();
    private readonly Queue<Packet> _waiting = new();
    private readonly List<string> _notes = [];
    private Action<string> _message;
    private Action<Packet>? _sink;
    private Action<Packet>? _video;
    private long _waitingBytes;
    private bool _needsPacket = true;
    private bool _ended;
    private bool _decoded;

    private FrameReader(Demuxer demuxer, ReadingOptions options)
    {
        Demuxer = demuxer;
        _options = options;
        _message = _notes.Add;
        try
        {
            _decoder = new(demuxer, ThreadsOf(demuxer, options), options.Acceleration, Tell);
            _deinterlacer = new(demuxer, options, Tell);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The container.</summary>
    public Demuxer Demuxer { get; }

    /// <summary>The first frame; empty once it was taken for conversion.</summary>
    public VideoFrame FirstFrame { get; } = new();

    /// <summary>What was remarkable while the first frame was decoded.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Whether interlaced frames were met so far, or the container speaks of such.</summary>
    public bool IsInterlaced => _deinterlacer.HasMetInterlaced;

    /// <summary>
    /// When the first sound begins that is handed on, in ticks of the video; null where there is none, or no time of it. Before what an edit list
    /// shows first there may be more, which the container does not count.
    /// </summary>
    public unsafe long? SoundStart
    {
        get
        {
            long? start = Demuxer.SoundStart;
            foreach (Packet packet in _waiting)
            {
                AVStream* stream = Demuxer.Context->streams[packet.StreamIndex];
                if (stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO && packet.Time is { } time)
                {
                    long ticks = Rational.Rescale(time, stream->time_base.ToRational(), Demuxer.TimeBase);
                    start = start is { } earlier ? Math.Min(earlier, ticks) : ticks;
                }
            }

            return start;
        }
    }

    /// <summary>How players turn the picture: nine numbers of libav's, which the container states or else the first frame; empty where they do not.</summary>
    internal unsafe ReadOnlySpan<byte> DisplayMatrix
    {
        get
        {
            ReadOnlySpan<byte> ofStream = StreamSideData.Get(Demuxer.VideoStream, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX);
            AVFrameSideData* ofFrame = av_frame_get_side_data(FirstFrame.Pointer, AVFrameSideDataType.AV_FRAME_DATA_DISPLAYMATRIX);
            return !ofStream.IsEmpty || ofFrame == null ? ofStream : new(ofFrame->data, checked((int)ofFrame->size));
        }
    }

    /// <summary>Whether the coded pictures are single fields, of half the height.</summary>
    public bool IsFieldCoded => _deinterlacer.IsFieldCoded;

    /// <summary>Seconds per tick of the frames' times: a part of the container's tick where frames are made that stand between those of the file.</summary>
    public Rational TimeBase => _deinterlacer.TimeBase;

    /// <summary>Nominal frames per second, fields not counted, without frames that are left out; not positive where it is not known.</summary>
    public Rational FrameRate => _deinterlacer.FrameRate;

    /// <summary>Frames to expect of that rate; null where that is not known.</summary>
    public long? ExpectedFrameCount => _deinterlacer.ExpectedFrameCount;

    /// <summary>Frames decoded so far.</summary>
    public long FramesDecoded { get; private set; }

    /// <summary>Pictures that the decoder holds at most.</summary>
    internal int PicturesInDecoder => _decoder.PicturesHeld;

    /// <summary>Damaged video packets that were passed over.</summary>
    public long Damaged => _decoder.Damaged;

    /// <summary>Opens a container, its decoder, and decodes the first frame.</summary>
    /// <param name="path">A file, a pattern of numbered pictures (<c>frame-%05d.png</c>), or "-" for standard input.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="MediaException">It cannot be opened, or not one frame of it can be decoded.</exception>
    public static FrameReader Open(string path, ReadingOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        Demuxer demuxer = Demuxer.Open(path, options.PictureRate, options.FirstPicture, cancellation);
        FrameReader? reader = null;
        try
        {
            reader = new(demuxer, options);
            return reader.TryRead(reader.FirstFrame, cancellation) ? reader : throw reader.WhyNoPicture ?? new MediaException(
                "Decoding", path, "no picture of it could be decoded", "Check that the file plays elsewhere.",
                reader._decoder.Failure?.NativeCode ?? 0, reader._decoder.Failure?.NativeText ?? reader._decoder.Failure?.Problem);
        }
        catch
        {
            if (reader is null)
            {
                demuxer.Dispose();
            }

            reader?.Dispose();
            throw;
        }
    }

    private unsafe MediaException? WhyNoPicture =>
        InputFailure.OfIndexBehind(Demuxer.Context, Demuxer.Path, isPipe: !Demuxer.IsFile && Demuxer.PictureCount is null);

    // Fewer than there are cores, where their pictures would take more than they may.
    private static unsafe int ThreadsOf(Demuxer demuxer, ReadingOptions options)
    {
        AVCodecParameters* video = demuxer.VideoStream->codecpar;
        return options.Threads == 0 && options.MostThreadBytes is { } most
            ? (int)Math.Clamp(most / Math.Max(1, (long)video->width * video->height * 3 / 2), 1, Environment.ProcessorCount)
            : options.Threads;
    }

    /// <summary>Who is told what is remarkable from now on.</summary>
    public void Listen(Action<string> message) => _message = message;

    /// <summary>Where other streams' packets go from now on; those that came earlier are handed over at once.</summary>
    /// <param name="sink">Takes the packet's data.</param>
    /// <param name="video">Is shown the video's packets, too, which stay as they are; null: nobody is.</param>
    public void CopyPacketsTo(Action<Packet> sink, Action<Packet>? video = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        (_sink, _video) = (sink, video);
        while (_waiting.TryDequeue(out Packet? packet))
        {
            using (packet)
            {
                sink(packet);
            }
        }
    }

    /// <summary>Reads the video alone from now on.</summary>
    public void DropOthers()
    {
        for (int i = 0; i < Demuxer.StreamCount; i++)
        {
            if (i != Demuxer.VideoIndex)
            {
                Demuxer.Discard(i);
            }
        }

        CopyPacketsTo(packet => packet.Clear());
    }

    /// <summary>Why frames must be read from the beginning; null where <see cref="TrySeek"/> can be tried.</summary>
    public string? WhyNotSeekable => Demuxer.WhyNotSeekable
        ?? (IsInterlaced || _options.Interlaced == InterlacedHandling.Film ? "interlaced video is put together from the beginning" : null);

    /// <summary>Reads on from a key frame at or before a time. Whether its frames are those of a reading from the beginning is the caller's to check.</summary>
    /// <param name="tick">In ticks of the container.</param>
    /// <param name="keyTime">The key frame's time, as players show it.</param>
    /// <param name="earliest">The earliest of its times; a search before it finds the key frame before.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Whether there is such a key frame with a time; if not, this reader is of no use any more.</returns>
    /// <exception cref="MediaException">Reading or decoding failed.</exception>
    public bool TrySeek(long tick, out long keyTime, out long earliest, CancellationToken cancellation)
    {
        (keyTime, earliest) = (0, 0);
        if (!Demuxer.Seek(tick))
        {
            return false;
        }

        _decoder.Dispose();
        _decoder = new(Demuxer, ThreadsOf(Demuxer, _options), _options.Acceleration, Tell);
        (_needsPacket, _ended, _decoded) = (false, false, false);
        while (Demuxer.Read(_packet, cancellation))
        {
            if (_packet.StreamIndex == Demuxer.VideoIndex)
            {
                if (_packet.Time is not { } time)
                {
                    return false;
                }

                (keyTime, earliest) = (time, Math.Min(time, _packet.EarliestTime!.Value));
                bool isKey = _packet.IsKey;
                _decoder.Send(_packet);
                return isKey;
            }
        }

        return false;
    }

    /// <summary>Hands the packets that are left on, without decoding the video.</summary>
    /// <param name="video">Told the time of each packet of the video, in ticks of the container, where it has one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="MediaException">Reading failed.</exception>
    public void SkipVideo(Action<long> video, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(video);
        while (Demuxer.Read(_packet, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_packet.StreamIndex != Demuxer.VideoIndex)
            {
                HandOn();
            }
            else if (_packet.EarliestTime is { } time)
            {
                video(time);
            }
        }
    }

    /// <summary>Gives the next frame; false when there are no more, and then all packets have been read.</summary>
    /// <exception cref="MediaException">Reading or decoding failed.</exception>
    public bool TryRead(VideoFrame frame, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_deinterlacer.Receive(frame))
            {
                return true;
            }

            if (_decoded)
            {
                return false;
            }

            if (_needsPacket && !_ended)
            {
                ReadPacket(cancellation);
            }

            switch (_decoder.Receive(frame))
            {
                case DecodeResult.Frame:
                    _needsPacket = false;
                    FramesDecoded++;
                    if (!_deinterlacer.Takes(frame))
                    {
                        return true;
                    }

                    _deinterlacer.Send(frame);
                    break;
                case DecodeResult.End:
                    _decoded = true;
                    _deinterlacer.Send(null);
                    break;
                default:
                    _needsPacket = true;
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packet.Dispose();
        FirstFrame.Dispose();
        while (_waiting.TryDequeue(out Packet? packet))
        {
            packet.Dispose();
        }

        _deinterlacer?.Dispose();
        _decoder?.Dispose();
        Demuxer.Dispose();
    }

    private void Tell(string text) => _message(text);

    private void ReadPacket(CancellationToken cancellation)
    {
        if (!Demuxer.Read(_packet, cancellation))
        {
            _ended = true;
            _decoder.Send(null);
        }
        else if (_packet.StreamIndex == Demuxer.VideoIndex)
        {
            _video?.Invoke(_packet);
            _decoder.Send(_packet);
        }
        else
        {
            HandOn();
        }
    }

    private void HandOn()
    {
        if (_sink is not null)
        {
            _sink(_packet);
            return;
        }

        _waitingBytes += _packet.Size;
        if (_waitingBytes > MostWaitingBytes)
        {
            throw new MediaException(
                "Reading",
                Demuxer.Path,
                $"its first {MostWaitingBytes >> 20} MiB contain no picture that can be decoded",
                "Check that the file plays elsewhere.");
        }

        Packet kept = new();
        kept.TakeFrom(_packet);
        _waiting.Enqueue(kept);
    }
}

/// <summary>How an input is opened and decoded.</summary>
public sealed record ReadingOptions
{
    /// <summary>Pictures per second where the input is numbered pictures, which need it.</summary>
    public Rational? PictureRate { get; init; }

    /// <summary>The number of the first picture that is read, where the input is numbered pictures; null: the lowest there is.</summary>
    public int? FirstPicture { get; init; }

    /// <summary>What becomes of interlaced video.</summary>
    public InterlacedHandling Interlaced { get; init; }

    /// <summary>Which field of interlaced video is the earlier one.</summary>
    public FieldOrder FieldOrder { get; init; }

    /// <summary>Whether a graphics card decodes.</summary>
    public HardwareAcceleration Acceleration { get; init; }

    /// <summary>Threads of the decoder, 0: as many as the machine has cores.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes that the pictures may take which the decoder's threads have in work, where their number is not given; null: no limit.</summary>
    public long? MostThreadBytes { get; init; }
}
