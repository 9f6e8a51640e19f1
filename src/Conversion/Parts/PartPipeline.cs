using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Model;

namespace AdaConv.Conversion.Parts;

/// <summary>Makes one part of a video: the stages of a conversion, of which only some segments are encoded, and kept.</summary>
/// <param name="interpolator">Predicts the new frames.</param>
/// <param name="settings">Options and weights, hashed.</param>
internal sealed class PartPipeline(IFrameInterpolator interpolator, string settings)
{
    // Frames before a part from which on its reading must give what another one gives; and how many of them are compared.
    private const int RunIn = 16, Compared = 8;

    // Frames before a part at which no earlier frame may decide anything any more: the pair before it bears on its first new frames.
    private const int Settled = 3;

    /// <summary>Makes a part; its segments are in the folder when this returns.</summary>
    /// <param name="work">What is to be made.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="message">Receives notes and warnings.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="MediaException">The input cannot be read, or its conversion is another one than planned.</exception>
    public PartResult Run(
        PartWork work, ConversionOptions options, IProgress<ConversionProgress>? progress, Action<string>? message, CancellationToken cancellation)
    {
        if (!work.FromBeginning)
        {
            try
            {
                return Run(work, options, isSeeking: true, progress, message, cancellation);
            }
            catch (SeekingException problem)
            {
                message?.Invoke($"Decoding from the beginning, because a key frame in the midst is no safe start: {problem.Message}.");
            }
        }

        return Run(work, options, isSeeking: false, progress, message, cancellation);
    }

    private PartResult Run(
        PartWork work, ConversionOptions options, bool isSeeking, IProgress<ConversionProgress>? progress, Action<string>? message,
        CancellationToken cancellation)
    {
        // Of an earlier try.
        foreach (string segment in Directory.EnumerateFiles(work.Folder))
        {
            File.Delete(segment);
        }

        using FrameReader reader = FrameReader.Open(work.Input, options.Reading, cancellation);
        MemoryShares memory = FrameMemory.Share(
            Planner.Plan(reader, work.Output, options, settings), options, reader, interpolator, isEncoderFixed: true);
        (ConversionPlan plan, options, _) = memory;
        plan.ThrowIfRefused();
        memory.Tell(interpolator);
        work.Division.Check(plan, options);
        SchedulePlan schedule = plan.Schedule!;
        PartSegments segments = new(work.Folder, work.Division, work.First, work.Behind);
        ConversionMessages messages = new(message, []);
        reader.DropOthers();
        FrameSpan span = SpanOf(work, segments, schedule, reader, options, isSeeking, cancellation);
        using FrameSource source = new(reader, plan, options, interpolator, messages, progress, span);
        using VideoFrame sample = new();
        sample.ReferTo(source.First);
        Func<long, VideoEncoder> openEncoder = EncodeStage.EncodersOf(plan, sample, options);
        using VideoEncoder encoder = openEncoder(long.MinValue);
        string header = SegmentFolder.HashOf(encoder);
        using EncodeStage encode = new(encoder, openEncoder, segments, muxer: null);
        long? next = null;
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Stages.Run(
            done.Token,
            source.Decode,
            source.Predict,
            token =>
            {
                next = encode.Run(source, token);

                // The frames behind the part are for others.
                done.Cancel();
            });
        cancellation.ThrowIfCancellationRequested();
        ConversionCounters counters = source.Counters;
        counters.Report();
        return new()
        {
            Counts = new(
                span.Frames, segments.Finished.Sum(segment => segment.Frames), counters.Interpolated, counters.Repeated, counters.Cuts, reader.Damaged),
            Segments = segments.Finished,
            Header = header,
            Before = encode.Before == long.MinValue ? null : encode.Before,
            Next = next,
            First = span.First,
            Behind = span.Behind,
            IsSought = span.IsSought,
        };
    }

    private static FrameSpan SpanOf(
        PartWork work, PartSegments segments, SchedulePlan schedule, FrameReader reader, ConversionOptions options, bool isSeeking,
        CancellationToken cancellation)
    {
        long TickOf(long time) => time is long.MinValue or long.MaxValue ? time
            : Rational.Rescale(time, schedule.TimeBase, schedule.InputTimeBase * new Rational(schedule.Slowdown, 1))
                + Rational.Rescale(schedule.Shift, new(1, 1_000_000), schedule.InputTimeBase * new Rational(schedule.Slowdown, 1));

        long from = TickOf(segments.From), until = TickOf(segments.Until);
        long begin = Math.Max(segments.From, work.Division.FirstTimestamp);
        long? frames = segments.Until == long.MaxValue
            ? schedule.Frames - Rational.Rescale(begin - work.Division.FirstTimestamp, schedule.TimeBase, schedule.Rate.Inverse)
            : Rational.Rescale(segments.Until - begin, schedule.TimeBase, schedule.Rate.Inverse);
        FrameSpan FromBeginning() => new(segments.From, segments.Until, from, until, from, expected: null) { FramesExpected = frames };
        if (!isSeeking || work.First == 0 || VideoDivision.WhyNotSeek(reader, options) is not null)
        {
            return FromBeginning();
        }

        long interval = Rational.Rescale(1, schedule.InputRate.Inverse, schedule.InputTimeBase);
        long start = from - (RunIn * interval);
        long target = Rational.Rescale(start, schedule.InputTimeBase, reader.Demuxer.TimeBase);
        if (start <= schedule.FirstTick)
        {
            return FromBeginning();
        }

        using FrameReader probe = FrameReader.Open(work.Input, options.Reading, cancellation);
        probe.DropOthers();
        long earliest = target;
        for (long wanted = target; ; wanted = earliest - 1)
        {
            if (!probe.TrySeek(wanted, out long keyTime, out earliest, cancellation))
            {
                throw new SeekingException("the container finds no key frame before it");
            }

            if (keyTime <= target)
            {
                break;
            }
        }

        // The key frame before that one: what comes from there must agree with what the later one gives.
        if (!reader.TrySeek(earliest - 1, out _, out long before, cancellation) || before >= earliest)
        {
            throw new SeekingException("there is no second key frame before it");
        }

        return new(segments.From, segments.Until, from, until, from - (Settled * interval), Marks(probe, start, cancellation))
        {
            FramesExpected = frames,
        };
    }

    private static List<FrameMark> Marks(FrameReader probe, long start, CancellationToken cancellation)
    {
        List<FrameMark> marks = [];
        using VideoFrame frame = new();
        while (marks.Count < Compared && probe.TryRead(frame, cancellation))
        {
            if (frame.Timestamp is not { } time)
            {
                throw new SeekingException("its frames have no times");
            }

            if (time >= start)
            {
                marks.Add(FrameMark.Of(frame));
            }
        }

        return marks;
    }
}

/// <summary>A part that is to be made.</summary>
/// <param name="Input">The input.</param>
/// <param name="Output">The output that it will be a part of, whose container is meant.</param>
/// <param name="Division">How the output is divided.</param>
/// <param name="First">The part's first segment.</param>
/// <param name="Behind">The first segment behind it; null: it reaches to the end.</param>
/// <param name="Folder">The folder for its segments, which is emptied before.</param>
/// <param name="FromBeginning">Whether to decode from the beginning in any case.</param>
internal sealed record PartWork(
    string Input, string Output, VideoDivision Division, long First, long? Behind, string Folder, bool FromBeginning = false);

/// <summary>A part that was made.</summary>
internal sealed record PartResult
{
    /// <summary>Frames of the part.</summary>
    public required FrameCounts Counts { get; init; }

    /// <summary>Its segments; none where no frame falls into it.</summary>
    public required IReadOnlyList<PartSegment> Segments { get; init; }

    /// <summary>The encoder's parameter sets, hashed.</summary>
    public required string Header { get; init; }

    /// <summary>The time of the last frame before it, in the encoder's ticks; null where there is none.</summary>
    public long? Before { get; init; }

    /// <summary>The number of the segment that follows; null at the end of the video.</summary>
    public long? Next { get; init; }

    /// <summary>The first frame of the input at its beginning; null where it begins with the input or behind its end.</summary>
    public FrameMark? First { get; init; }

    /// <summary>The first frame of the input behind it; null where there is none.</summary>
    public FrameMark? Behind { get; init; }

    /// <summary>Whether it was read from a key frame in the input's midst.</summary>
    public bool IsSought { get; init; }
}
