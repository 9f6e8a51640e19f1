using System.Collections.Concurrent;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Scenes;
using AdaConv.Conversion.Timing;
using AdaConv.LibAv;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// The input's half of every conversion: an open container → original and new frames with their times, in two stages that run side by
/// side. It does not know where the frames go (a file, another program's loop, a measurement).
/// </summary>
internal sealed unsafe class FrameSource : IDisposable
{
    private readonly Demuxer _demuxer;
    private readonly ConversionOptions _options;
    private readonly ConversionMessages _messages;
    private readonly VideoDecoder _decoder;
    private readonly Deinterlacer _deinterlacer;
    private readonly FrameTimeline _timeline;
    private readonly FramePool _pool = new();
    private readonly BlockingCollection<SourceFrame> _decoded;
    private readonly BlockingCollection<OutputFrame> _finished;
    private VideoFrame? _first;
    private PixelConverter? _converter;
    private DecodeStage? _decode;
    private PredictStage? _predict;

    /// <summary>Opens the decoder and decodes the first picture.</summary>
    /// <param name="demuxer">The container, which stays the caller's.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="messages">Receives notes and warnings.</param>
    /// <param name="progress">Receives progress a few times a second, from another thread.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">The timing options exclude each other.</exception>
    /// <exception cref="MediaException">It cannot be decoded, or not as the options want it.</exception>
    public FrameSource(
        Demuxer demuxer,
        ConversionOptions options,
        ConversionMessages messages,
        IProgress<ConversionProgress>? progress,
        CancellationToken cancellation)
    {
        if (options.Timing.Conflict is { } conflict)
        {
            throw new ArgumentException($"{conflict}.", nameof(options));
        }

        (_demuxer, _options, _messages) = (demuxer, options, messages);
        _decoded = new(options.QueueLength);
        _finished = new(2 * options.QueueLength);
        _decoder = new(demuxer, options.DecoderThreads, options.Acceleration, messages.Add);
        _deinterlacer = new(demuxer, options.Interlaced, messages.Add);
        Reader = new(demuxer, _decoder, _deinterlacer);
        try
        {
            Rate = CheckRate(demuxer, options, messages);
            _timeline = new(demuxer.TimeBase, Rate);
            if (!Reader.TryRead(FirstPicture, cancellation))
            {
                throw new MediaException("Decoding", demuxer.Path, "no picture of it could be decoded", "Check that the file plays elsewhere.");
            }

            if (FirstPicture.HasDynamicRange)
            {
                messages.Add("The video's HDR10+ or Dolby Vision data, which describes single frames, is dropped; data that describes the whole video is kept.");
            }

            Schedule = FrameSchedule.Create(demuxer.TimeBase, Rate, FirstPicture.Timestamp ?? 0, options.Timing);
            Counters = new(demuxer.ExpectedFrameCount is { } count ? Schedule.Expected(count) : null, progress);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The input's nominal rate, or what is taken for it.</summary>
    public Rational Rate { get; }

    /// <summary>The first picture as it was decoded; empty once <see cref="Begin"/> was called.</summary>
    public VideoFrame FirstPicture { get; } = new();

    /// <summary>Whether interlaced frames were met so far, or the container speaks of such.</summary>
    public bool IsInterlaced => _deinterlacer.HasMetInterlaced;

    /// <summary>Which frames are output, and when.</summary>
    public FrameSchedule Schedule { get; }

    /// <summary>Counts so far.</summary>
    public ConversionCounters Counters { get; }

    /// <summary>The source of other streams' packets.</summary>
    public FrameReader Reader { get; }

    /// <summary>Damaged video packets that were skipped.</summary>
    public long Damaged => _decoder.Damaged;

    /// <summary>Prepares both stages.</summary>
    /// <param name="format">The pixel format of all frames.</param>
    /// <param name="interpolator">Predicts the new ones.</param>
    /// <returns>The first frame in that format, which stays the source's.</returns>
    public VideoFrame Begin(PixelLayout format, IFrameInterpolator interpolator)
    {
        _converter = new(format, FirstPicture);
        interpolator.Listen(_messages.Add);
        SceneCutDetector? cuts = _options.SceneCutDetection ? new(_options.SceneCutThreshold) : null;
        _decode = new(Reader, _converter, _timeline, cuts, _options.Duplicates == DuplicateHandling.Retime, _pool, _decoded, Counters, _messages.Add);
        _first = _pool.Rent();
        _decode.Adopt(FirstPicture, _first);
        _predict = new(interpolator, _options.CutHandling, _options.Duplicates, Schedule, LongestGap(_options.Timing, Rate, _demuxer.TimeBase), _pool, Counters, _first);
        return _first;
    }

    /// <summary>Before this time, in output ticks, frames were finished by an earlier run: the pictures that come for them are not theirs.</summary>
    public long DoneUntil
    {
        set => _predict!.DoneUntil = value;
    }

    /// <summary>The first stage: decodes to the end.</summary>
    public void Decode(CancellationToken cancellation)
    {
        _decode!.Run(_first!, cancellation);
        _decoded.CompleteAdding();
    }

    /// <summary>The second stage: puts new frames between the old.</summary>
    public void Predict(CancellationToken cancellation)
    {
        _predict!.Run(_decoded, _finished, cancellation);
        _finished.CompleteAdding();
    }

    /// <summary>Instead of <see cref="Predict"/>: the originals alone, with the cuts between them; each is given back with <see cref="Return"/>.</summary>
    public IEnumerable<SourceFrame> Originals(CancellationToken cancellation) => _decoded.GetConsumingEnumerable(cancellation);

    /// <summary>The frames as they come, to their end; each is given back with <see cref="Return"/>, or disposed.</summary>
    public IEnumerable<OutputFrame> Take(CancellationToken cancellation) => _finished.GetConsumingEnumerable(cancellation);

    /// <summary>Takes a frame back and releases its picture.</summary>
    public void Return(VideoFrame frame) => _pool.Return(frame);

    /// <summary>At the end: tells what was wrong with the input.</summary>
    public void Warn()
    {
        if (_decoder.Damaged > 0)
        {
            _messages.Add($"{_decoder.Damaged} damaged video packets: their content is missing or wrong in the output.");
        }

        // Files with an edit list count more frames than they show, but state the length that is shown.
        bool isShort = _demuxer.StatedFrameCount is { } stated && Counters.FramesIn < stated
            && (_demuxer.StatedLength is not { } length || _timeline.Length + _timeline.NominalInterval < length);
        if (_demuxer.WasCutShort || isShort)
        {
            string promised = _demuxer.StatedFrameCount is { } count ? $" of the {count} that it states" : "";
            _messages.Add($"The input seems to be cut short: it has {Counters.FramesIn} frames{promised}.");
        }

        if (_demuxer.ClockJumps > 0)
        {
            _messages.Add($"The input's clock jumps {_demuxer.ClockJumps} times, as where recordings were joined; the output continues without a break.");
        }

        if (_timeline.Corrections > 0)
        {
            _messages.Add($"{_timeline.Corrections} frames had no usable timestamp and were placed at the nominal rate.");
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
                $"{Counters.Duplicates} of {Counters.FramesIn} frames repeat the previous one, as in animation; --duplicates retime spreads the motion over them.");
        }

        if (Counters.Gaps > 0)
        {
            _messages.Add($"{Counters.Gaps} gaps were too long to interpolate; the frame before each gap is shown throughout.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _predict?.Dispose();
        _converter?.Dispose();
        FirstPicture.Dispose();
        Reader.Dispose();
        _deinterlacer.Dispose();
        _decoder.Dispose();
        _pool.Dispose();
        _decoded.Dispose();
        _finished.Dispose();
    }

    /// <summary>The input's nominal rate, or what is taken for it.</summary>
    private static Rational CheckRate(Demuxer demuxer, ConversionOptions options, ConversionMessages messages)
    {
        Rational rate = demuxer.FrameRate;
        if (!rate.IsPositive)
        {
            messages.Add($"The input states no frame rate; where timestamps are missing, {FrameTimeline.FallbackRate} frames per second are assumed.");
            rate = FrameTimeline.FallbackRate;
        }
        else if (options.ExpectedRate is { } expected && !expected.IsSameRateByName(rate))
        {
            messages.Add($"The settings are made for {expected} frames per second; the input has {rate} and is converted anyway.");
        }

        return options.Timing.TargetRate is { } target && target.IsBelow(rate)
            ? throw new MediaException(
                "Converting",
                demuxer.Path,
                $"it has {rate} frames per second, more than the requested {target}: frames are added, never removed",
                $"Ask for {rate} or more.")
            : rate;
    }

    private static long LongestGap(TimingOptions timing, Rational rate, Rational timeBase) =>
        timing.LongestGap is { } intervals ? Rational.Rescale(intervals, rate.Inverse, timeBase) : long.MaxValue;
}
