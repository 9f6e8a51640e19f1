using System.Globalization;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Timing;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// The input's half of every conversion: an opened input → original and new frames with their times, in two stages that run side by
/// side. It does not know where the frames go (a file, another program's loop, a measurement).
/// </summary>
internal sealed unsafe class FrameSource : IDisposable
{
    private readonly FrameReader _reader;
    private readonly ConversionOptions _options;
    private readonly ConversionMessages _messages;
    private readonly FrameTimeline _timeline;
    private readonly FramePool _pool = new();
    private readonly Queue<VideoFrame> _untimed = new();
    private readonly List<long> _times = [];
    private readonly BoundedQueue<SourceFrame> _decoded;
    private readonly BoundedQueue<OutputFrame> _finished;
    private readonly PictureTurner? _turner;
    private readonly PixelConverter _converter;
    private readonly CutWindow? _cuts;
    private readonly bool _findDuplicates;
    private readonly PredictStage _predict;
    private readonly FrameSpan? _span;
    private readonly PictureChanges _changes;

    private readonly Queue<SourceFrame> _waiting = new();
    private LumaThumbnail? _distinct;
    private int _run;

    /// <summary>Prepares both stages and takes the reader's first frame.</summary>
    /// <param name="reader">The opened input, which stays the caller's.</param>
    /// <param name="plan">What becomes of it; not refused.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="interpolator">Predicts the new frames.</param>
    /// <param name="messages">Receives notes and warnings.</param>
    /// <param name="progress">Told a few times a second, from another thread.</param>
    /// <param name="span">The stretch of the output that is wanted; null: all of it.</param>
    public FrameSource(
        FrameReader reader,
        ConversionPlan plan,
        ConversionOptions options,
        IFrameInterpolator interpolator,
        ConversionMessages messages,
        IProgress<ConversionProgress>? progress = null,
        FrameSpan? span = null)
    {
        SchedulePlan schedule = plan.Schedule!;
        (_reader, _options, _messages, _span) = (reader, options, messages, span);
        reader.Listen(messages.Add);
        interpolator.Listen(messages.Add);
        _decoded = new(options.QueueLength);
        _finished = new(2 * options.QueueLength);
        _findDuplicates = options.Duplicates == DuplicateHandling.Retime;
        _cuts = options.SceneCutDetection || _findDuplicates
            ? new(options.SceneCutDetection ? new(options.SceneCutThreshold) : null)
            : null;
        _timeline = new(schedule.InputTimeBase, schedule.InputRate, schedule.TicksAreHalves);
        Schedule = schedule.Begin(options.Timing);
        Counters = new(span is null ? schedule.Frames : span.FramesExpected, progress);
        try
        {
            _turner = plan.Picture!.Turn is { } turn ? new(turn) : null;
            _turner?.Turn(reader.FirstFrame);
            Action<string>? lost = options.PixelFormat is null ? messages.Add : null;
            _converter = new(PixelLayout.Named(plan.Picture.PixelFormat)!, reader.FirstFrame, plan.Picture.LimitsRange, lost);
            First = _pool.Rent();
            _changes = new(reader.FirstFrame, DynamicRangeNotes.OfSingleFrames(reader.Demuxer.VideoStream, reader.FirstFrame) is not null);
            Adopt(reader.FirstFrame, First);
            _predict = new(
                interpolator,
                options.CutHandling,
                options.Duplicates,
                options.Timing.Loop,
                Schedule,
                schedule.LongestGap ?? long.MaxValue,
                _pool,
                Counters,
                First)
            {
                DoneUntil = span?.From ?? long.MinValue,
                CountedFrom = span?.From ?? long.MinValue,
                WantedUntil = span?.Until ?? long.MaxValue,
                BeginsAmid = span is { IsSought: true },
                ReadsPartsOnly = options.ReadsPartsOnly,
            };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A copy of an input's first frame as a plan has it, which the encoder is opened with.</summary>
    public static VideoFrame Sample(FrameReader reader, ConversionPlan plan)
    {
        VideoFrame raw = new();
        raw.ReferTo(reader.FirstFrame);
        if (plan.Picture!.Turn is { } turn)
        {
            using PictureTurner turner = new(turn);
            turner.Turn(raw);
        }

        using PixelConverter converter = new(PixelLayout.Named(plan.Picture.PixelFormat)!, raw, plan.Picture.LimitsRange);
        if (converter.Fits(raw))
        {
            return raw;
        }

        VideoFrame sample = new();
        converter.Convert(raw, sample);
        raw.Dispose();
        return sample;
    }

    /// <summary>The first frame in the plan's pixel format, which stays the source's; <see cref="Decode"/> passes it on and may have it reused.</summary>
    public VideoFrame First { get; }

    /// <summary>Which frames are output, and when.</summary>
    public FrameSchedule Schedule { get; }

    /// <summary>Counts so far.</summary>
    public ConversionCounters Counters { get; }

    /// <summary>Before this time, in output ticks, frames were finished by an earlier run: the pictures that come for them are not theirs.</summary>
    public long DoneUntil
    {
        set => _predict.DoneUntil = value;
    }

    /// <summary>
    /// The first stage, to the input's end: frames are decoded, converted to the plan's pixel format, given their times, and examined for cuts
    /// and duplicates.
    /// </summary>
    public void Decode(CancellationToken cancellation)
    {
        using VideoFrame raw = new();
        for (VideoFrame? frame = _span is { IsSought: true } ? Read(raw, cancellation) : First; frame is not null; frame = Read(raw, cancellation))
        {
            Counters.CountIn(_reader.FramesDecoded);
            Pass(frame, cancellation);
        }

        _timeline.Finish(_times);
        PassTimed(hasDurations: false, cancellation);
        while (_cuts is { Waiting: > 0 } cuts)
        {
            Judge(cuts, cancellation);
        }

        Counters.CountIn(_reader.FramesDecoded);
        _decoded.CompleteAdding();
    }

    /// <summary>The second stage: puts new frames between the old.</summary>
    public void Predict(CancellationToken cancellation)
    {
        _predict.Run(_decoded, _finished, cancellation);
        _finished.CompleteAdding();
    }

    /// <summary>Instead of <see cref="Predict"/>: the originals alone, with the cuts between them; each is valid until the next.</summary>
    public IEnumerable<SourceFrame> Originals(CancellationToken cancellation)
    {
        foreach (SourceFrame frame in _decoded.Take(cancellation))
        {
            yield return frame;
            Return(frame.Frame);
        }
    }

    /// <summary>The frames as they come, to their end; each is given back with <see cref="Return"/>, or kept with <see cref="Release"/>.</summary>
    public IEnumerable<OutputFrame> Take(CancellationToken cancellation) => _finished.Take(cancellation);

    /// <summary>Takes a frame back and releases its picture.</summary>
    public void Return(VideoFrame frame) => _pool.Return(frame);

    /// <summary>Leaves a frame to its user, who disposes of it; all others go with the source.</summary>
    public void Release(VideoFrame frame) => _pool.Release(frame);

    /// <summary>At the end: tells what was wrong with the input.</summary>
    public void Warn()
    {
        Demuxer demuxer = _reader.Demuxer;
        if (_reader.Damaged > 0)
        {
            _messages.Add(Counted.Of(
                _reader.Damaged,
                "damaged video packet: its content is missing or wrong in the output.",
                "damaged video packets: their content is missing or wrong in the output."));
        }

        // Files with an edit list count more frames than they show, but state the length that is shown.
        bool isShort = demuxer.StatedFrameCount is { } stated && Counters.FramesIn < stated
            && (demuxer.StatedLength is not { } length
                || Rational.Rescale(_timeline.Length + _timeline.NominalInterval, _reader.TimeBase, demuxer.TimeBase) < length);
        double missing = demuxer.Length.MissingSeconds;
        if (demuxer.WasCutShort || isShort || missing > 0)
        {
            string promised = demuxer.StatedFrameCount is { } count ? $" of the {count} that it states"
                : missing > 0 ? string.Create(
                    CultureInfo.InvariantCulture, $"; {missing:0.0} of the {demuxer.Length.StatedSeconds:0.0} seconds that it states are missing")
                : "";
            _messages.Add($"The input seems to be cut short: it has {Counted.Of(Counters.FramesIn, "frame")}{promised}.");
        }

        if (demuxer.ClockJumps > 0)
        {
            _messages.Add(
                $"The input's clock jumps {Counted.Of(demuxer.ClockJumps, "time")}, as where recordings were joined; the output continues without a break.");
        }

        if (_timeline.Corrections > 0 && !demuxer.IsTimeless)
        {
            _messages.Add(Counted.Of(
                _timeline.Corrections,
                "frame had no usable timestamp of its own and was placed between its neighbours.",
                "frames had no usable timestamps of their own and were placed between their neighbours."));
        }

        if (Schedule.LongGaps > 0)
        {
            string fate = Schedule.LeavesGapsOut ? "left out, as the container knows no times" : "shown as one long frame";
            _messages.Add(Counted.Of(
                Schedule.LongGaps,
                $"gap is longer than {ConstantRateSchedule.MostFramesOfGap} frames, probably by a wrong timestamp; it is {fate}.",
                $"gaps are longer than {ConstantRateSchedule.MostFramesOfGap} frames, probably by wrong timestamps; each is {fate}."));
        }

        if (_options.Duplicates == DuplicateHandling.Keep && 4 * Counters.Duplicates >= Counters.Pictures && Counters.Duplicates > 0)
        {
            bool ofFields = Counters.Pictures > Counters.FramesIn;
            _messages.Add(
                $"{Counters.Duplicates} of {Counted.Of(Counters.Pictures, ofFields ? "field" : "frame")} "
                + $"{(Counters.Duplicates == 1 ? "repeats" : "repeat")} the previous one, "
                + (ofFields
                    ? "as in film on television; --interlaced film puts the film's frames together and predicts between them."
                    : "as in animation; --duplicates retime spreads the motion over them."));
        }

        if (Counters.Gaps > 0)
        {
            _messages.Add(Counted.Of(
                Counters.Gaps,
                "gap was too long to interpolate; the frame before it is shown throughout.",
                "gaps were too long to interpolate; the frame before each gap is shown throughout."));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _predict?.Dispose();
        _converter?.Dispose();
        _turner?.Dispose();
        _pool.Dispose();
        _decoded.Dispose();
        _finished.Dispose();
    }

    // The next frame; null at the end.
    private VideoFrame? Read(VideoFrame raw, CancellationToken cancellation)
    {
        if (!_reader.TryRead(raw, cancellation))
        {
            return null;
        }

        _span?.Check(raw);
        if (_span is { IsSought: true } && _reader.IsInterlaced)
        {
            throw new SeekingException("interlaced video is put together from the beginning");
        }

        _turner?.Turn(raw);
        _changes.Tell(raw, Counters.FramesIn + 1, _messages.Add);
        VideoFrame frame = _pool.Rent();
        Adopt(raw, frame);
        return frame;
    }

    // Takes a decoded frame over, in the plan's pixel format.
    private void Adopt(VideoFrame raw, VideoFrame frame)
    {
        if (_converter.Fits(raw))
        {
            frame.ReferTo(raw);
        }
        else
        {
            _converter.Convert(raw, frame);
        }

        frame.DropDynamicRange();
        raw.Clear();
    }

    // A frame that shares its time with others waits for the next later one.
    private void Pass(VideoFrame frame, CancellationToken cancellation)
    {
        _untimed.Enqueue(frame);
        _timeline.Place(frame.Timestamp, _times, frame.IsField);
        PassTimed(!_reader.Demuxer.IsTimeless, cancellation);
    }

    private void PassTimed(bool hasDurations, CancellationToken cancellation)
    {
        foreach (long time in _times)
        {
            VideoFrame frame = _untimed.Dequeue();
            PassAt(time, hasDurations ? FrameFields.GetDuration(frame.Pointer) : 0, frame, cancellation);
        }

        _times.Clear();
    }

    private void PassAt(long time, long duration, VideoFrame frame, CancellationToken cancellation)
    {
        _span?.Pass(time, frame, _cuts?.IsSettled ?? true);
        SourceFrame source = new(frame, time, duration, CutBefore: false, IsDuplicate: false, frame.IsField);
        if (_cuts is null)
        {
            _decoded.Add(source, cancellation);
            return;
        }

        LumaThumbnail thumbnail = _cuts.Rent();
        thumbnail.Measure(frame);
        source = source with { IsDuplicate = IsDuplicate(thumbnail) };
        Counters.CountPicture();
        CountDuplicates(source.IsDuplicate);
        _cuts.Add(thumbnail);
        _waiting.Enqueue(source);
        if (_cuts.IsReady)
        {
            Judge(_cuts, cancellation);
        }
    }

    private void Judge(CutWindow cuts, CancellationToken cancellation)
    {
        bool cut = cuts.Judge();
        _decoded.Add(_waiting.Peek() with { CutBefore = cut }, cancellation);
        _waiting.Dequeue();
    }

    // Against the last distinct picture: in a slow fade or pan, each frame looks like the one before.
    private bool IsDuplicate(LumaThumbnail thumbnail)
    {
        if (_distinct is { } distinct && thumbnail.IsSameAs(distinct))
        {
            return true;
        }

        _distinct ??= new();
        thumbnail.Cells.CopyTo(_distinct.Cells);
        return false;
    }

    private void CountDuplicates(bool isDuplicate)
    {
        if (isDuplicate)
        {
            _run++;
            return;
        }

        if (_run <= PredictStage.LongestRun)
        {
            Counters.CountDuplicates(_run);
        }

        _run = 0;
    }
}
