using System.Globalization;
using AdaConv.Media.Libav;
using AdaConv.Storage;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Reads a container: a file or a pipe → packets. Input comes from strangers, so nothing but that file is ever opened.</summary>
public sealed unsafe class Demuxer : IDisposable
{
    /// <summary>Where the input is standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// Containers that are read. Playlists and scripts (hls, dash, concat, sdp, ffmetadata …), which name further files, and devices
    /// are not among them.
    /// </summary>
    private const string Containers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,mpegtsraw,flv,live_flv,asf,ogg,mxf,gxf,lxf,nut,ivf,yuv4mpegpipe,"
        + "h264,hevc,vvc,av1,obu,m4v,mjpeg,mjpeg_2000,h261,h263,vc1,vc1test,dirac,dnxhd,cavsvideo,avs2,avs3,evc,dv,rm,wtv,gif,apng,"
        + "webp_anim,swf,nsv,smjpeg,bink,smk,roq,film_cpk,flic,anm,r3d,cine,nuv,pva,ty,mtv,mvi,mv,4xm,ipu,mp3,flac,wav,aac";

    // Pictures one after another, as ffmpeg's image2pipe writes them. A file of one is a photograph.
    private const string PipedPictures = ",png_pipe,jpeg_pipe,bmp_pipe,ppm_pipe,pgm_pipe,dpx_pipe";

    // Containers that state every packet's time, by libav's first name.
    private static readonly string[] Seekable = ["mov", "matroska", "nut", "flv", "asf"];

    private const string FrameRateOption = "framerate";

    // Packets of the video, and bytes, that are read to measure its rate.
    private const int MostAhead = 240, MostAheadOfPipe = 48;
    private const long MostBytesAhead = 32L << 20;

    /// <summary>Until a demuxer that has nothing at the moment is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ImageSequence? _pictures;
    private readonly PipeInput? _pipe;

    private CancellationToken _cancellation;
    private InputContext? _input;
    private TimestampContinuity? _continuity;

    // Packets that were read before anyone asked for them, to measure the rate, and libav's result that ended this.
    private readonly Queue<Packet> _ahead = new();
    private int _aheadResult;

    private Demuxer(string path, ImageSequence? pictures, CancellationToken cancellation)
    {
        (Path, _pictures, _cancellation) = (path, pictures, cancellation);
        if (path == StandardInput)
        {
            _pipe = new(Console.OpenStandardInput, path) { Cancellation = cancellation };
        }
        else if (pictures is null && RealPath.LengthOf(path) == 0)
        {
            // A named pipe or a device; an empty file is told from them once it is open.
            _pipe = new(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0), path)
            {
                Cancellation = cancellation,
            };
        }
    }

    /// <summary>The input as the user named it.</summary>
    public string Path { get; }

    /// <summary>The stream that is converted.</summary>
    public int VideoIndex { get; private set; }

    /// <summary>Streams in the container.</summary>
    public int StreamCount => (int)Context->nb_streams;

    /// <summary>Seconds per tick of the video's timestamps.</summary>
    public Rational TimeBase => VideoStream->time_base.ToRational();

    /// <summary>
    /// The video's nominal rate: what the container states, or libav guesses, where the times of the first frames bear it out; else that of their
    /// intervals. Not positive where neither is known.
    /// </summary>
    public Rational FrameRate { get; internal set; }

    /// <summary>Whether the video is bare, without a container, and has no times: its frames follow one another at <see cref="FrameRate"/>.</summary>
    public bool IsTimeless { get; private set; }

    /// <summary>Video frames that the container promises; null where it does not.</summary>
    public long? StatedFrameCount => VideoStream->nb_frames > 0 ? VideoStream->nb_frames : PictureCount;

    /// <summary>The video's length that the container promises (its edit list counted), in ticks of <see cref="TimeBase"/>; null where it does not.</summary>
    public long? StatedLength => VideoStream->duration > 0 ? VideoStream->duration : null;

    /// <summary>When the first sound begins, in ticks of <see cref="TimeBase"/>; null where there is none, or no time of it.</summary>
    public long? SoundStart
    {
        get
        {
            long? start = null;
            for (int i = 0; i < StreamCount; i++)
            {
                AVStream* stream = Context->streams[i];
                if (stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO && stream->start_time != AV_NOPTS_VALUE)
                {
                    long ticks = Rational.Rescale(stream->start_time, stream->time_base.ToRational(), TimeBase);
                    start = start is { } earlier ? Math.Min(earlier, ticks) : ticks;
                }
            }

            return start is { } raw && _continuity is { } clock ? clock.FromStart(raw, TimeBase) : start;
        }
    }

    /// <summary>Video frames to expect, by count or else by duration and rate; null where neither is known.</summary>
    public long? ExpectedFrameCount
    {
        get
        {
            Rational rate = FrameRate;
            return StatedFrameCount is { } stated ? stated
                : !rate.IsPositive ? null
                : StatedLength is { } length ? Rational.Rescale(length, TimeBase, rate.Inverse)
                : LengthCheck.Lasting(Context, IsFile ? Path : null, VideoStream) is var whole and > 0
                    ? Rational.Rescale(whole, new(1, AV_TIME_BASE), rate.Inverse)
                : null;
        }
    }

    /// <summary>Pictures of a numbered sequence; null for every other input.</summary>
    public int? PictureCount => _pictures?.Count;

    /// <summary>Whether the input is a file that can be read again: neither a pipe, whatever its name, nor numbered pictures.</summary>
    public bool IsFile => _pipe is null && _pictures is null;

    /// <summary>The files that are read, the numbered pictures among them; none for a pipe.</summary>
    public IReadOnlyCollection<string> Files => _pictures?.Files ?? (_pipe is null ? [Path] : []);

    /// <summary>How often an animated picture is to be shown; 0: for ever; null for other inputs.</summary>
    internal int? TimesShown => IsFile ? AnimationLoop.Of(LibavText.Of(Context->iformat->name), Path) : null;

    internal AVFormatContext* Context => _input!.Pointer;

    internal AVStream* VideoStream => Context->streams[VideoIndex];

    /// <summary>Opens a container and finds its video.</summary>
    /// <param name="path">A file, a pattern of numbered pictures (<c>frame-%05d.png</c>), or "-" for standard input.</param>
    /// <param name="pictureRate">Pictures per second, for numbered pictures, which need it, and bare video (.h264), which has no times.</param>
    /// <param name="firstPicture">The first picture's number; null: the lowest there is.</param>
    /// <param name="cancellation">Ends the opening, also where it waits for a pipe.</param>
    /// <exception cref="MediaException">Missing, unreadable, damaged, of an unknown kind, without video, or of an absurd size.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Demuxer Open(
        string path, Rational? pictureRate = null, int? firstPicture = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LibavLog.Install();
        ImageSequence? pictures = ImagePattern.Parse(path) is { } pattern && !File.Exists(path)
            ? ImageSequence.Find(pattern, pictureRate, firstPicture)
            : null;
        string url = pictures is null ? InputFailure.Resolve(path) : pictures.Pattern.Url(pictures.Pattern.Folder);
        Demuxer demuxer = new(path, pictures, cancellation);
        try
        {
            demuxer.Open(url, pictureRate);
            cancellation.ThrowIfCancellationRequested();
            return demuxer;
        }
        catch (MediaException) when (cancellation.IsCancellationRequested)
        {
            demuxer.Dispose();
            throw new OperationCanceledException(cancellation);
        }
        catch
        {
            demuxer.Dispose();
            throw;
        }
    }

    private void Open(string url, Rational? pictureRate)
    {
        AVInputFormat* format = null;
        using OptionDictionary options = new();
        options.Set("protocol_whitelist", "file,pipe");
        options.Set("format_whitelist", _pictures is not null ? "image2" : _pipe is null ? Containers : Containers + PipedPictures);
        if (_pictures is null)
        {
            // Of all that are read, only bare video knows this option; 25 is its own default.
            options.Set(FrameRateOption, (pictureRate ?? new(25, 1)).ToString());
        }

        if (_pictures is null && IsMotionJpegByName(Path))
        {
            // Otherwise taken for a single picture.
            format = av_find_input_format("mjpeg");
        }

        if (_pictures is not null)
        {
            format = av_find_input_format("image2");
            options.Set("pattern_type", "sequence");
            options.Set(FrameRateOption, _pictures.Rate.ToString());
            options.Set("start_number", _pictures.First.ToString(CultureInfo.InvariantCulture));
        }

        LibavLog.TakeLastLine();
        _input = InputContext.TryOpen(
            url, format, options, _ => _cancellation.IsCancellationRequested ? 1 : 0, _pipe?.Bytes, "Opening", Path, out int result)
                ?? throw InputFailure.Of(result, Path, _pipe is { IsEmptyFile: true });
        IsTimeless = _pictures is null && !options.Keys.Contains(FrameRateOption);
        DiscardData();
        LibavError.Check(StreamProbe.Run(Context), "Reading", Path);
        PlausibleTimes.Keep(Context);
        DiscardData();
        VideoIndex = VideoStreamChoice.Find(Context, Path, isPipe: _pipe is not null);
        Length = new(Context, IsFile ? Path : null);
        _continuity = TimestampContinuity.IsNeeded(Context) ? new(Context) : null;
        Rational stated = av_guess_frame_rate(Context, VideoStream, null).ToRational();
        FrameRate = IsTimeless && pictureRate is { } named ? named : IsTimeless || _pictures is not null ? stated : Measure(stated);
    }

    /// <summary>Reads no more of a stream: its packets may lie anywhere, or be damaged.</summary>
    /// <param name="index">Any stream but the video.</param>
    internal void Discard(int index)
    {
        if (index == VideoIndex)
        {
            throw new ArgumentException("The video is read always.", nameof(index));
        }

        Context->streams[index]->discard = AVDiscard.AVDISCARD_ALL;
    }

    /// <summary>Reads the next packet of any stream that is not discarded; false at the end.</summary>
    /// <param name="packet">Takes it.</param>
    /// <param name="cancellation">Ends the reading, also where it waits for a pipe.</param>
    /// <exception cref="MediaException">The file cannot be read on.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool Read(Packet packet, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(packet);
        packet.Clear();
        _cancellation = cancellation;
        if (_pipe is not null)
        {
            _pipe.Cancellation = cancellation;
        }

        if (_ahead.TryDequeue(out Packet? next))
        {
            using (next)
            {
                packet.TakeFrom(next);
            }

            return true;
        }

        int result = ReadNext(packet);
        if (result >= 0)
        {
            return true;
        }

        if (result == AVERROR_EOF && _aheadResult < 0)
        {
            result = _aheadResult;
        }

        cancellation.ThrowIfCancellationRequested();
        if (result == AVERROR_EOF)
        {
            return false;
        }

        // Some demuxers call it an error of the disk where a file ends within a packet; the disk's own errors are noted with its bytes.
        bool isDiskWell = Context->pb != null && (Context->pb->error >= 0 || Context->pb->error == AVERROR_EOF);
        bool isVague = result == AVERROR(LibavError.IoFailure) || result == AVERROR(LibavError.NoPermission);
        if (result == AVERROR_INVALIDDATA || (isVague && isDiskWell))
        {
            WasCutShort = true;
            return false;
        }

        throw LibavError.Create(result, "Reading", Path);
    }

    /// <summary>Why frames must be read from the beginning; null where <see cref="Seek"/> can be tried.</summary>
    internal string? WhyNotSeekable
    {
        get
        {
            string format = LibavText.Of(Context->iformat->name);
            return !IsFile ? "it is no file"
                : _continuity is not null ? $"the clock of {format} may jump, which shows only from the beginning"
                : IsTimeless || !Seekable.Contains(format.Split(',')[0]) ? $"the times of {format} count from the beginning"
                : null;
        }
    }

    /// <summary>Goes to a key frame of the video at or before a time; what was read ahead is forgotten.</summary>
    /// <param name="tick">In ticks of <see cref="TimeBase"/>.</param>
    /// <returns>Whether libav went somewhere.</returns>
    internal bool Seek(long tick)
    {
        Forget();
        return av_seek_frame(Context, VideoIndex, tick, AVSEEK_FLAG_BACKWARD) >= 0;
    }

    /// <summary>Whether reading ended at damaged data instead of the end of the file.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>Whether the file reaches the length that its container states; meaningful once all packets are read.</summary>
    internal LengthCheck Length { get; private set; } = null!;

    /// <summary>Jumps of the input's clock that were closed.</summary>
    public int ClockJumps => _continuity?.Jumps ?? 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _input?.Dispose();
        _pipe?.Dispose();
    }

    private void Forget()
    {
        _aheadResult = 0;
        while (_ahead.TryDequeue(out Packet? packet))
        {
            packet.Dispose();
        }
    }

    private static bool IsMotionJpegByName(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() is ".MJPEG" or ".MJPG";

    private int ReadNext(Packet packet)
    {
        int result;
        while ((result = av_read_frame(Context, packet.Pointer)) == AVERROR(EAGAIN))
        {
            _cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(Pause);
        }

        if (result >= 0)
        {
            LibavLog.TakeLastLine();
            PlausibleTimes.Keep(packet.Pointer, Context->streams[packet.StreamIndex]->time_base.ToRational());
            _continuity?.Apply(packet.Pointer);
            Length.Add(packet.Pointer);
            if (IsTimeless)
            {
                // libav's count, at a rate that it guessed.
                packet.Pointer->pts = packet.Pointer->dts = AV_NOPTS_VALUE;
            }
        }

        return result;
    }

    // Reads ahead until the rate is known: a few packets where it is what the container states.
    private Rational Measure(Rational stated)
    {
        RateMeasurement measurement = new(TimeBase, stated);
        int most = _pipe is null ? MostAhead : MostAheadOfPipe;
        long bytes = 0;
        while (measurement.Count < most && bytes < MostBytesAhead && !measurement.IsSettled)
        {
            Packet packet = new();
            _aheadResult = ReadNext(packet);
            if (_aheadResult < 0)
            {
                packet.Dispose();
                break;
            }

            bytes += packet.Size;
            _ahead.Enqueue(packet);
            if (packet.StreamIndex == VideoIndex)
            {
                measurement.Add(packet.Pointer);
            }
        }

        return measurement.Rate;
    }

    // Time codes and the like are never copied, and their packets may lie beyond the end of the file, which would end all reading.
    private void DiscardData()
    {
        for (uint i = 0; i < Context->nb_streams; i++)
        {
            AVStream* stream = Context->streams[i];
            stream->discard = stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_DATA ? AVDiscard.AVDISCARD_ALL : stream->discard;
        }
    }
}
