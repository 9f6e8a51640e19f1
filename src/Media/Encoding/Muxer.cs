using System.Globalization;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Packets → a container: the encoded video, and all else as it came. Packets may be written from several threads.</summary>
public sealed unsafe class Muxer : IDisposable
{
    /// <summary>The first libavformat whose Matroska writer adds codec delays by itself (FFmpeg 6).</summary>
    private const uint FirstWithCodecDelay = 60;

    // Bytes of copied packets that wait for the video: 25 minutes of AAC, almost six of 16-bit stereo PCM.
    private const long MostHeld = 64 << 20;

    /// <summary>How long something that never ends is shown, where nothing follows.</summary>
    public const int SecondsOfEndless = 5;

    private static readonly Rational Milliseconds = new(1, 1000), Microseconds = new(1, 1_000_000);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly string _url;
    private readonly int _firstPicture;
    private readonly Demuxer _source;
    private readonly IReadOnlyList<StreamTreatment> _plan;
    private readonly int[] _targets;
    private readonly long[] _lastDecodeTimes;

    // Milliseconds that a copied stream is written later than it is read.
    private readonly long[] _delays;

    // How many times as long everything lasts.
    private readonly int _slowness;
    private readonly long _shift;
    private readonly OutputContext _output;
    private readonly HeldPackets _held = new(MostHeld);
    private readonly Action<Packet, int> _writeHeld;
    private bool _keepsIds;
    private int _video = -1;

    private Muxer(Demuxer source, OutputContext output, IReadOnlyList<StreamTreatment> plan, OutputTarget file, int slowness, long shift)
    {
        _slowness = slowness;
        _shift = shift;
        _source = source;
        _output = output;
        _plan = plan;
        _path = file.Path;
        _url = file.Url;
        _firstPicture = file.FirstPicture;
        _targets = new int[plan.Count];
        _lastDecodeTimes = new long[plan.Count];
        _delays = new long[plan.Count];
        _writeHeld = (packet, stream) => Write(packet, stream, Context->streams[_targets[stream]]);
    }

    /// <summary>FFmpeg's name of the container.</summary>
    public string ContainerName => LibavText.Of(Context->oformat->name);

    /// <summary>Whether encoders must put their parameter sets into the container's header.</summary>
    public bool WantsGlobalHeader => (Context->oformat->flags & AVFMT_GLOBALHEADER) != 0;

    /// <summary>Packets copied so far.</summary>
    public long CopiedPackets { get; private set; }

    /// <summary>Packets copied that last longer than the container can say, and got <see cref="SecondsOfEndless"/>.</summary>
    public long EndlessPackets { get; private set; }

    /// <summary>Packets whose decoding time had to be moved because it did not follow the one before.</summary>
    public long MovedPackets { get; private set; }

    /// <summary>Prepares an output with the metadata and chapters of the input; streams follow with <see cref="Open"/>.</summary>
    /// <param name="source">The input.</param>
    /// <param name="container">FFmpeg's name of the container to write.</param>
    /// <param name="plan">What becomes of the input's streams.</param>
    /// <param name="file">The file to write.</param>
    /// <param name="slowness">How many times as long everything lasts: the times of copied packets and of chapters are multiplied.</param>
    /// <param name="shift">Microseconds of the output that copied and stretched streams come earlier.</param>
    internal static Muxer Create(
        Demuxer source, string container, IReadOnlyList<StreamTreatment> plan, OutputTarget file, int slowness = 1, long shift = 0)
    {
        // The name must be the partial one: to move the index to the front, the mp4 writer opens it once more.
        return new(source, OutputContext.Create(container, file.Url, file.Path), plan, file, slowness, shift);
    }

    /// <summary>Adds the streams, opens the file and writes the header.</summary>
    /// <param name="encoder">The opened encoder.</param>
    /// <param name="first">The first frame of the video.</param>
    /// <param name="encoders">Those of other streams that are encoded again, by their numbers in the input.</param>
    /// <param name="matrix">How players turn the picture; empty where they do not.</param>
    /// <param name="timecode">The first frame's, null for none.</param>
    internal void Open(
        VideoEncoder encoder, VideoFrame first, IReadOnlyList<CodecContext?> encoders, ReadOnlySpan<byte> matrix = default, string? timecode = null)
    {
        Context->metadata = FileTags.Copy(_source.Context->metadata, _path);
        CopyChapters();
        _keepsIds = ContainerName != "mpegts" || PacketIdentifiers.CanBeKept(KeptIds(), ContainerSupport.IsForDiscs(ContainerName, _path));
        for (int i = 0; i < _plan.Count; i++)
        {
            _targets[i] = _plan[i] == StreamTreatment.Drop ? -1 : AddStream(i, encoder, first, encoders[i], matrix);
            _lastDecodeTimes[i] = long.MinValue;
        }

        SetTimecode(timecode);

        if ((Context->oformat->flags & AVFMT_NOFILE) == 0)
        {
            LibavError.Check(_output.OpenFile(_url), "Writing", _path);
        }

        using OptionDictionary options = new();

        // FLAC and TrueHD in mp4 count as experimental in FFmpeg 5.
        options.Set("strict", "-2");
        if (ContainerName is "mp4" or "mov" or "ipod" or "3gp")
        {
            bool hasProfile = !StreamSideData.Get(Context->streams[_video], AVPacketSideDataType.AV_PKT_DATA_ICC_PROFILE).IsEmpty;
            options.Set(
                "movflags",
                "+faststart" + (FileTags.NeedNames(_source.Context->metadata, ContainerName) ? "+use_metadata_tags" : "") + (hasProfile ? "+prefer_icc" : ""));
        }

        if (ContainerName is "matroska" or "webm" && avformat_version() >> 16 < FirstWithCodecDelay)
        {
            AddCodecDelays();
        }

        if (ContainerSupport.IsForDiscs(ContainerName, _path))
        {
            // libav does so by itself for .m2ts; cameras name such files .mts.
            options.Set("mpegts_m2ts_mode", ContainerSupport.FitsDiscs(Context) ? "1" : "0");
        }

        if (ContainerChoice.HasOneRate(ContainerName))
        {
            // Sound whose coding begins a little before 0 must not move the picture off its grid.
            Context->avoid_negative_ts = 0;
        }

        if (ContainerSupport.HidesBeforeZero(ContainerName) && first.Timestamp < 0)
        {
            // Players would not show such frames: the edit list that its writer makes of negative times cuts them off. All streams begin later instead.
            Context->avoid_negative_ts = 1;
        }

        if (ContainerName == "image2")
        {
            options.Set("start_number", _firstPicture.ToString(CultureInfo.InvariantCulture));
        }

        if (ContainerName is "gif" or "apng" or "webp")
        {
            // As often as the input, and like most of these what is none of them: for ever. GIF counts the times after the first.
            int times = _source.TimesShown ?? 0;
            int counted = ContainerName != "gif" || times == 0 ? times : times == 1 ? -1 : times - 1;
            options.Set(ContainerName == "apng" ? "plays" : "loop", counted.ToString(CultureInfo.InvariantCulture));
        }

        LibavLog.TakeLastLine();
        AVFormatContext* context = Context;
        int result = options.Pass(dictionary => avformat_write_header(context, dictionary));
        LibavError.Check(result, "Writing the header of", _path);
    }

    /// <summary>Writes a packet of a copied stream or a rewritten subtitle, timestamps as they are; others are skipped. It is empty afterwards.</summary>
    public void WriteCopied(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        int source = packet.StreamIndex;
        if (source >= _plan.Count || _plan[source] is not (StreamTreatment.Copy or StreamTreatment.Rewrite))
        {
            packet.Clear();
            return;
        }

        AVStream* stream = _source.Context->streams[source];
        if (AmrFrames.AreIn(stream))
        {
            AmrFrames.Split(packet, stream, WriteWhole);
        }
        else
        {
            WriteWhole(packet);
        }
    }

    /// <summary>Writes a packet of stretched sound, timed in its samples. The packet is empty afterwards.</summary>
    internal void WriteStretched(Packet packet)
    {
        lock (_gate)
        {
            int source = packet.StreamIndex;
            AVStream* target = Context->streams[_targets[source]];
            AVRational sample = new() { num = 1, den = target->codecpar->sample_rate };
            av_packet_rescale_ts(packet.Pointer, sample, target->time_base);
            Delay(packet.Pointer, source, target);
            WriteBeside(packet, source, target);
        }
    }

    /// <summary>Writes a packet of the video. The packet is empty afterwards.</summary>
    internal void WriteVideo(Packet packet, VideoEncoder encoder)
    {
        lock (_gate)
        {
            // The header may have changed the stream's time base: Matroska counts milliseconds.
            AVStream* target = Context->streams[_video];
            av_packet_rescale_ts(packet.Pointer, encoder.TimeBase.ToLibav(), target->time_base);
            Write(packet, _source.VideoIndex, target);
            WriteHeld();
        }
    }

    /// <summary>Writes the trailer and closes the file: it is whole then.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _held.WriteAll(_writeHeld);
            LibavError.Check(av_write_trailer(Context), "Finishing", _path);
            LibavError.Check(_output.CloseFile(), "Finishing", _path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.Dispose();
        _output.Dispose();
    }

    private AVFormatContext* Context => _output.Pointer;

    // Where it stood; the writers of mov, mp4 and mxf make its track of that.
    private void SetTimecode(string? timecode)
    {
        AVStream* video = Context->streams[_video];
        video->metadata = WithTimecode(video->metadata, timecode, isNew: false);
        Context->metadata = WithTimecode(Context->metadata, timecode, Timecode.IsOfWhole(ContainerName));
    }

    private static AVDictionary* WithTimecode(AVDictionary* metadata, string? timecode, bool isNew)
    {
        if (isNew || av_dict_get(metadata, Timecode.Key, null, 0) != null)
        {
            _ = av_dict_set(&metadata, Timecode.Key, timecode, 0);
        }

        return metadata;
    }

    private AVRational Slowed(AVRational timeBase) => (timeBase.ToRational() * new Rational(_slowness, 1)).ToLibav();

    private void WriteWhole(Packet packet)
    {
        lock (_gate)
        {
            int source = packet.StreamIndex;
            AVStream* target = Context->streams[_targets[source]];
            AVPacket* data = packet.Pointer;
            av_packet_rescale_ts(data, Slowed(_source.Context->streams[source]->time_base), target->time_base);
            data->pos = -1;
            if (data->duration > int.MaxValue && ContainerChoice.IsQuickTimeLike(ContainerName))
            {
                // DVD subtitles that nothing takes away last 2³² − 1 ms; durations have 31 bits here. The next one's time ends them all but the last.
                data->duration = Rational.Rescale(SecondsOfEndless, new(1, 1), target->time_base.ToRational());
                EndlessPackets++;
            }

            Delay(data, source, target);
            WriteBeside(packet, source, target);
            CopiedPackets += _plan[source] == StreamTreatment.Copy ? 1 : 0;
        }
    }

    private void Delay(AVPacket* data, int source, AVStream* target)
    {
        Rational unit = target->time_base.ToRational();
        long delay = Rational.Rescale(_delays[source], Milliseconds, unit) - Rational.Rescale(_shift, Microseconds, unit);
        data->pts += data->pts == AV_NOPTS_VALUE ? 0 : delay;
        data->dts += data->dts == AV_NOPTS_VALUE ? 0 : delay;
    }

    // No further than the video has come.
    private void WriteBeside(Packet packet, int source, AVStream* target)
    {
        _held.Add(packet, source, target->time_base, _writeHeld);
        WriteHeld();
    }

    private void WriteHeld()
    {
        if (_lastDecodeTimes[_source.VideoIndex] is > long.MinValue and long time)
        {
            _held.WriteUntil(time, Context->streams[_video]->time_base, _writeHeld);
        }
    }

    private void Write(Packet packet, int source, AVStream* target)
    {
        AVPacket* data = packet.Pointer;
        data->stream_index = target->index;
        if (data->dts != AV_NOPTS_VALUE)
        {
            bool strict = (Context->oformat->flags & AVFMT_TS_NONSTRICT) == 0;
            long least = _lastDecodeTimes[source] == long.MinValue ? long.MinValue : _lastDecodeTimes[source] + (strict ? 1 : 0);
            if (data->dts < least)
            {
                // Broken input, or two times that the container's clock cannot tell apart; containers refuse times that go back.
                MovedPackets++;
                data->dts = least;
                if (data->pts != AV_NOPTS_VALUE)
                {
                    data->pts = Math.Max(data->pts, least);
                }
            }

            _lastDecodeTimes[source] = data->dts;
        }

        LibavError.Check(av_interleaved_write_frame(Context, data), "Writing", _path);
        LibavLog.TakeLastLine();
    }

    // Opus in Matroska begins at minus its codec delay for readers, who take the delay off what is written. FFmpeg 5 does not add it when
    // writing, and its general remedy for negative times moves the other streams instead, so that sound and picture drift apart.
    private void AddCodecDelays()
    {
        bool allAtZero = true;
        for (int i = 0; i < _plan.Count; i++)
        {
            AVStream* source = _source.Context->streams[i];
            bool isOurs = _plan[i] is StreamTreatment.Copy or StreamTreatment.Stretch;
            AVCodecParameters* parameters = isOurs ? Context->streams[_targets[i]]->codecpar : source->codecpar;
            if (isOurs && parameters->codec_id == AVCodecID.AV_CODEC_ID_OPUS && parameters->sample_rate > 0)
            {
                _delays[i] = Rational.Rescale(parameters->initial_padding, new(1, parameters->sample_rate), Milliseconds);
            }

            if (_plan[i] != StreamTreatment.Drop && source->start_time != AV_NOPTS_VALUE)
            {
                allAtZero &= Rational.Rescale(source->start_time, source->time_base.ToRational(), Milliseconds) + _delays[i] >= 0;
            }
        }

        if (allAtZero)
        {
            Context->avoid_negative_ts = 0;
        }
    }

    private int AddStream(int index, VideoEncoder encoder, VideoFrame first, CodecContext? other, ReadOnlySpan<byte> matrix)
    {
        AVStream* source = _source.Context->streams[index];
        AVStream* target = (AVStream*)LibavError.CheckAllocated(avformat_new_stream(Context, null), "Writing", _path);
        target->id = _keepsIds ? source->id : 0;
        target->disposition = source->disposition;
        target->sample_aspect_ratio = source->sample_aspect_ratio;
        target->time_base = source->time_base;
        target->metadata = StreamDescription.CopyTags(source, ContainerName, _path);
        switch (_plan[index])
        {
            case StreamTreatment.Convert:
                _video = target->index;
                StreamDescription.DescribeVideo(source, target, ContainerName, encoder, first, matrix, _path);
                break;
            case StreamTreatment.Stretch or StreamTreatment.Rewrite:
                LibavError.Check(avcodec_parameters_from_context(target->codecpar, other!.Pointer), "Writing", _path);
                target->time_base = other.Pointer->time_base;
                StreamDescription.DropStaleTags(target);
                break;
            case StreamTreatment.Attach:
                StreamDescription.AttachCover(source, target, _path);
                break;
            default:
                StreamDescription.DescribeCopy(source, target, ContainerName, _path);
                target->duration = source->duration == AV_NOPTS_VALUE ? AV_NOPTS_VALUE : source->duration * _slowness;
                break;
        }

        return target->index;
    }

    private int[] KeptIds() =>
        [.. Enumerable.Range(0, _plan.Count).Where(i => _plan[i] != StreamTreatment.Drop).Select(i => _source.Context->streams[i]->id)];

    private void CopyChapters()
    {
        for (uint i = 0; i < _source.Context->nb_chapters; i++)
        {
            AVChapter* chapter = _source.Context->chapters[i];
            Chapters.Add(Context, chapter->id, Slowed(chapter->time_base), chapter->start, chapter->end, chapter->metadata);
        }
    }
}
