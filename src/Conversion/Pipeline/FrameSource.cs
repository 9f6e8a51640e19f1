using System.Collections.Concurrent;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Scenes;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// The input's half of every conversion: an opened input → original and new frames with their times, in two stages that run side by
/// side. It does not know where the frames go (a file, another program's loop, a measurement).
/// </summary>
internal sealed class FrameSource : IDisposable
{
    private readonly FrameReader _reader;
    private readonly ConversionOptions _options;
    private readonly ConversionMessages _messages;
    private readonly FrameTimeline _timeline;
    private readonly FramePool _pool = new();
    private readonly BlockingCollection<SourceFrame> _decoded;
    private readonly BlockingCollection<OutputFrame> _finished;
    private readonly PixelConverter _converter;
    private readonly DecodeStage _decode;
    private readonly PredictStage _predict;

    /// <summary>Prepares both stages and takes the reader's first frame.</summary>
    /// <param name="reader">The opened input, which stays the caller's.</param>
    /// <param name="plan">What becomes of it; not refused.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="interpolator">Predicts the new frames.</param>
    /// <param name="messages">Receives notes and warnings.</param>
    /// <param name="progress">Told a few times a second, from another thread.</param>
    public FrameSource(
        FrameReader reader,
        ConversionPlan plan,
        ConversionOptions options,
        IFrameInterpolator interpolator,
        ConversionMessages messages,
        IProgress<ConversionProgress>? progress = null)
    {
        SchedulePlan schedule = plan.Schedule!;
        (_reader, _options, _messages) = (reader, options, messages);
        reader.Listen(messages.Add);
        interpolator.Listen(messages.Add);
        _decoded = new(options.QueueLength);
        _finished = new(2 * options.QueueLength);
        _timeline = new(schedule.InputTimeBase, schedule.InputRate);
        Schedule = FrameSchedule.Create(schedule.InputTimeBase, schedule.InputRate, schedule.FirstTick, options.Timing);
        Counters = new(schedule.Frames, progress);
        try
        {
            _converter = new(PixelLayout.Named(plan.Picture!.PixelFormat)!, reader.FirstFrame);
            SceneCutDetector? cuts = options.SceneCutDetection ? new(options.SceneCutThreshold) : null;
            _decode = new(reader, _converter, _timeline, cuts, options.Duplicates == DuplicateHandling.Retime, _pool, _decoded, Counters, messages.Add);
            First = _pool.Rent();
            _decode.Adopt(reader.FirstFrame, First);
            _predict = new(interpolator, options.CutHandling, options.Duplicates, Schedule, schedule.LongestGap ?? long.MaxValue, _pool, Counters, First);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The first frame in the plan's pixel format, which stays the source's.</summary>
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

    /// <summary>The first stage: decodes to the end.</summary>
    public void Decode(CancellationToken cancellation)
    {
        _decode.Run(First, cancellation);
        _decoded.CompleteAdding();
    }

    /// <summary>The second stage: puts new frames between the old.</summary>
    public void Predict(CancellationToken cancellation)
    {
        _predict.Run(_decoded, _finished, cancellation);
        _finished.CompleteAdding();
    }

    /// <summary>Instead of <see cref="Predict"/>: the originals alone, with the cuts between them; each is given back with <see cref="Return"/>.</summary>
    public IEnumerable<SourceFrame> Originals(CancellationToken cancellation) => _decoded.GetConsumingEnumerable(cancellation);

    /// <summary>The frames as they come, to their end; each is given back with <see cref="Return"/>, or kept with <see cref="Release"/>.</summary>
    public IEnumerable<OutputFrame> Take(CancellationToken cancellation) => _finished.GetConsumingEnumerable(cancellation);

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
            && (demuxer.StatedLength is not { } length || _timeline.Length + _timeline.NominalInterval < length);
        if (demuxer.WasCutShort || isShort)
        {
            string promised = demuxer.StatedFrameCount is { } count ? $" of the {count} that it states" : "";
            _messages.Add($"The input seems to be cut short: it has {Counted.Of(Counters.FramesIn, "frame")}{promised}.");
        }

        if (demuxer.ClockJumps > 0)
        {
            _messages.Add($"The input's clock jumps {Counted.Of(demuxer.ClockJumps, "time")}, as where recordings were joined; the output continues without a break.");
        }

        if (_timeline.Corrections > 0)
        {
            _messages.Add(Counted.Of(
                _timeline.Corrections,
                "frame had no usable timestamp and was placed at the nominal rate.",
                "frames had no usable timestamp and were placed at the nominal rate."));
        }

        if (Schedule.LongGaps > 0)
        {
            _messages.Add(Counted.Of(
                Schedule.LongGaps,
                $"gap is longer than {ConstantRateSchedule.MostFramesOfGap} frames, probably by a wrong timestamp; it is shown as one long frame.",
                $"gaps are longer than {ConstantRateSchedule.MostFramesOfGap} frames, probably by wrong timestamps; each is shown as one long frame."));
        }

        if (_options.Duplicates == DuplicateHandling.Keep && 4 * Counters.Duplicates >= Counters.FramesIn && Counters.Duplicates > 0)
        {
            _messages.Add(
                $"{Counters.Duplicates} of {Counted.Of(Counters.FramesIn, "frame")} {(Counters.Duplicates == 1 ? "repeats" : "repeat")} the previous one, as in animation; --duplicates retime spreads the motion over them.");
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
        _pool.Dispose();
        _decoded.Dispose();
        _finished.Dispose();
    }
}
