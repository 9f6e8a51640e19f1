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

    private const int LargestSide = 16384;

    /// <summary>Half again as many pixels as 8K: 3 sets of 6 float planes of that are 3.6 GB.</summary>
    internal const long MostPixels = 50_000_000;

    /// <summary>Until a demuxer that has nothing at the moment is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ImageSequence? _pictures;
    private readonly PipeInput? _pipe;

    private CancellationToken _cancellation;
    private InputContext? _input;
    private TimestampContinuity? _continuity;

    // Of the packets read so far, in units of AV_TIME_BASE.
    private long _end;

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

    /// <summary>The video's nominal rate as libav guesses it; not positive where it cannot.</summary>
    public Rational FrameRate => av_guess_frame_rate(Context, VideoStream, null).ToRational();

    /// <summary>Video frames that the container promises; null where it does not.</summary>
    public long? StatedFrameCount => VideoStream->nb_frames > 0 ? VideoStream->nb_frames : PictureCount;

    /// <summary>The video's length that the container promises (its edit list counted), in ticks of <see cref="TimeBase"/>; null where it does not.</summary>
    public long? StatedLength => VideoStream->duration > 0 ? VideoStream->duration : null;

    /// <summary>Video frames to expect, by count or else by duration and rate; null where neither is known.</summary>
    public long? ExpectedFrameCount
    {
        get
        {
            if (StatedFrameCount is { } stated)
            {
                return stated;
            }

            Rational rate = FrameRate;
            bool known = VideoStream->duration > 0 || Context->duration > 0;
            return !known || !rate.IsPositive ? null
                : VideoStream->duration > 0 ? Rational.Rescale(VideoStream->duration, TimeBase, rate.Inverse)
                : Rational.Rescale(Context->duration, new(1, AV_TIME_BASE), rate.Inverse);
        }
    }

    /// <summary>Whether the video is interlaced, as far as the container or the first packets say.</summary>
    public bool IsInterlaced => VideoStream->codecpar->field_order is AVFieldOrder.AV_FIELD_TT or AVFieldOrder.AV_FIELD_BB
        or AVFieldOrder.AV_FIELD_TB or AVFieldOrder.AV_FIELD_BT;

    /// <summary>Whether the first line's field is the earlier one, where <see cref="IsInterlaced"/>.</summary>
    public bool IsTopFieldFirst => VideoStream->codecpar->field_order is AVFieldOrder.AV_FIELD_TT or AVFieldOrder.AV_FIELD_BT;

    /// <summary>Pictures of a numbered sequence; null for every other input.</summary>
    public int? PictureCount => _pictures?.Count;

    /// <summary>Whether the input is a file that can be read again: neither a pipe, whatever its name, nor numbered pictures.</summary>
    public bool IsFile => _pipe is null && _pictures is null;

    /// <summary>The files that are read, the numbered pictures among them; none for a pipe.</summary>
    public IReadOnlyCollection<string> Files => _pictures?.Files ?? (_pipe is null ? [Path] : []);

    internal AVFormatContext* Context => _input!.Pointer;

    internal AVStream* VideoStream => Context->streams[VideoIndex];

    /// <summary>Opens a container and finds its video.</summary>
    /// <param name="path">A file, a pattern of numbered pictures (<c>frame-%05d.png</c>), or "-" for standard input.</param>
    /// <param name="pictureRate">Pictures per second, for numbered pictures only, which need it.</param>
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
        string url = pictures is null ? ResolveUrl(path) : pictures.Pattern.Url(pictures.Pattern.Folder);
        Demuxer demuxer = new(path, pictures, cancellation);
        try
        {
            demuxer.Open(url);
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

    private void Open(string url)
    {
        AVInputFormat* format = null;
        using OptionDictionary options = new();
        options.Set("protocol_whitelist", "file,pipe");
        options.Set("format_whitelist", _pictures is null ? Containers : "image2");
        if (_pictures is not null)
        {
            format = av_find_input_format("image2");
            options.Set("pattern_type", "sequence");
            options.Set("framerate", _pictures.Rate.ToString());
            options.Set("start_number", _pictures.First.ToString(CultureInfo.InvariantCulture));
        }

        LibavLog.TakeLastLine();
        _input = InputContext.TryOpen(
            url, format, options, _ => _cancellation.IsCancellationRequested ? 1 : 0, _pipe?.Bytes, "Opening", Path, out int result)
                ?? throw OpenFailure(result);
        DiscardData();
        LibavError.Check(avformat_find_stream_info(Context, null), "Reading", Path);
        DiscardData();
        FindVideo();
        _continuity = TimestampContinuity.IsNeeded(Context) ? new(Context) : null;
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

        int result;
        while ((result = av_read_frame(Context, packet.Pointer)) == AVERROR(EAGAIN))
        {
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(Pause);
        }

        if (result >= 0)
        {
            LibavLog.TakeLastLine();
            _continuity?.Apply(packet.Pointer);
            NoteEnd(packet.Pointer);
            return true;
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

    /// <summary>Whether reading ended at damaged data instead of the end of the file.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>
    /// Seconds of the length that the container states which no stream reached, once all packets are read; 0 where nothing is missing, or the
    /// container's statement is an estimate or of streams that are not read.
    /// </summary>
    public double MissingSeconds
    {
        get
        {
            string format = LibavText.Of(Context->iformat->name);
            bool isStated = Context->duration > 0 && (format.StartsWith("matroska", StringComparison.Ordinal) || format is "flv" or "asf");
            for (uint i = 0; i < Context->nb_streams; i++)
            {
                isStated &= Context->streams[i]->discard != AVDiscard.AVDISCARD_ALL;
            }

            long start = Context->start_time == AV_NOPTS_VALUE ? 0 : Context->start_time;
            double missing = (Context->duration - (_end - start)) / (double)AV_TIME_BASE;
            return isStated && missing > Math.Max(1, 0.02 * StatedSeconds) ? missing : 0;
        }
    }

    /// <summary>The length that the container states, in seconds.</summary>
    public double StatedSeconds => Context->duration / (double)AV_TIME_BASE;

    /// <summary>Jumps of the input's clock that were closed.</summary>
    public int ClockJumps => _continuity?.Jumps ?? 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        _input?.Dispose();
        _pipe?.Dispose();
    }

    private static string ResolveUrl(string path)
    {
        if (path == StandardInput)
        {
            // Only a name, as the bytes are read here.
            return "pipe:0";
        }

        if (Directory.Exists(path))
        {
            throw new MediaException("Opening", path, "that is a folder", "Name a video file.");
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            bool address = path.Contains("://", StringComparison.Ordinal);
            throw new MediaException(
                "Opening",
                path,
                address ? "network addresses are not supported, only files" : "there is no such file",
                address ? "Download the file first." : "Check the name.");
        }

        return $"file:{file.FullName}";
    }

    private void NoteEnd(AVPacket* packet)
    {
        if (packet->pts != AV_NOPTS_VALUE)
        {
            Rational unit = Context->streams[packet->stream_index]->time_base.ToRational();
            _end = Math.Max(_end, Rational.Rescale(packet->pts + Math.Max(0, packet->duration), unit, new(1, AV_TIME_BASE)));
        }
    }

    // Time codes and the like are never copied, and their packets may lie beyond the end of the file, which would end all reading.
    private void DiscardData()
    {
        for (uint i = 0; i < Context->nb_streams; i++)
        {
            AVStream* stream = Context->streams[i];
            if (stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_DATA)
            {
                stream->discard = AVDiscard.AVDISCARD_ALL;
            }
        }
    }

    private MediaException OpenFailure(int code)
    {
        string path = Path;
        if (_pipe is { IsEmptyFile: true })
        {
            return new MediaException("Opening", path, "the file is empty", "Check that it was copied completely.", code);
        }

        if (code == AVERROR_INVALIDDATA || code == AVERROR_EOF)
        {
            return LibavError.Create(
                code, "Opening", path, "It is not a video file, or it is incomplete. Check that it plays elsewhere.");
        }

        MediaException failure = LibavError.Create(code, "Opening", path);
        return failure.NativeText?.Contains("whitelist", StringComparison.OrdinalIgnoreCase) == true
            ? new MediaException(
                "Opening",
                path,
                "this kind of file is not supported: playlists, text and pictures are not videos, and the names in them are not followed",
                "Name the video file itself.",
                code,
                failure.NativeText)
            : failure;
    }

    private void FindVideo()
    {
        int index = av_find_best_stream(Context, AVMediaType.AVMEDIA_TYPE_VIDEO, -1, -1, null, 0);
        if (index < 0 || (Context->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0)
        {
            throw new MediaException(
                "Opening",
                Path,
                index < 0 ? "it has no video stream" : "it has no video stream, only a cover picture",
                "Name a file with video.");
        }

        VideoIndex = index;
        AVCodecParameters* parameters = VideoStream->codecpar;
        int width = parameters->width, height = parameters->height;
        if (width < 1 || height < 1)
        {
            throw new MediaException(
                "Opening", Path, "the size of its picture is unknown", "Check that the file plays elsewhere.");
        }

        if (width > LargestSide || height > LargestSide || (long)width * height > MostPixels)
        {
            throw new MediaException(
                "Opening",
                Path,
                $"its picture is {width}×{height}; up to {LargestSide} pixels a side and {MostPixels / 1_000_000} million pixels are supported",
                "Scale it down first.");
        }

        if (!TimeBase.IsPositive)
        {
            throw new MediaException("Opening", Path, "its video has no time base", "Check that the file plays elsewhere.");
        }
    }
}
