using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Segments;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// The third stage: frames are encoded and written. A long video is encoded in segments, each by an encoder of its own; frames of segments
/// that an earlier run has finished are skipped, and the packets of its segments are written instead.
/// </summary>
/// <param name="encoder">The first segment's encoder.</param>
/// <param name="another">Opens one like it, for a further segment; given the time of the last frame before, in the encoder's ticks.</param>
/// <param name="segments">Where segments are kept; null: the video is one.</param>
/// <param name="muxer">Takes the packets; null: they are only kept.</param>
internal sealed class EncodeStage(
    VideoEncoder encoder, Func<long, VideoEncoder> another, ISegmentSet? segments, Muxer? muxer) : IDisposable
{
    private readonly Packet _packet = new();
    private VideoEncoder _encoder = encoder;
    private bool _encoderIsNew = true;
    private SegmentWriter? _writer;
    private SegmentReader? _reader;
    private long _number = -1;
    private long _replayed;
    private Action<Packet>? _written;
    private long _lastTimestamp = long.MinValue;
    private long _lastDecodeTime = long.MinValue;

    /// <summary>Told after each segment that was finished.</summary>
    public Action? SegmentFinished { get; init; }

    /// <summary>The last frame's time before the first one that was encoded, in the encoder's ticks; <see cref="long.MinValue"/>: there was none.</summary>
    public long Before { get; private set; } = long.MinValue;

    /// <summary>Opens encoders as a plan has them, any number of the same; given the time of the last frame before, in the encoder's ticks.</summary>
    /// <param name="plan">Not refused.</param>
    /// <param name="sample">A first frame, which stays the caller's.</param>
    /// <param name="options">How to convert.</param>
    public static Func<long, VideoEncoder> EncodersOf(ConversionPlan plan, VideoFrame sample, ConversionOptions options)
    {
        SchedulePlan schedule = plan.Schedule!;
        bool globalHeader = ContainerChoice.WantsGlobalHeader(plan.Container!);
        return last => new(plan.Encoder!, sample, schedule.TimeBase, schedule.Rate, globalHeader, options.EncoderThreads, plan.Output!)
        {
            LastTimestamp = last,
        };
    }

    /// <summary>Runs until the input is complete, or all segments that are wanted are, and the encoder drained.</summary>
    /// <returns>The number of the segment that follows; null at the input's end.</returns>
    public long? Run(FrameSource source, CancellationToken cancellation)
    {
        foreach (OutputFrame item in source.Take(cancellation))
        {
            if (item.Time.Timestamp < segments?.From)
            {
                // As the encoder would have counted it.
                _lastTimestamp = Before = Math.Max(_encoder.ToTicks(item.Time.Timestamp), _lastTimestamp + 1);
                source.Return(item.Frame);
                continue;
            }

            if (item.Time.Timestamp >= segments?.Until)
            {
                long next = segments.NumberOf(item.Time.Timestamp);
                Leave(next, cancellation);
                return next;
            }

            Enter(item.Time.Timestamp, cancellation);
            if (_reader is not null)
            {
                _replayed++;
                WriteFinished(_encoder.ToTicks(item.Time.Timestamp), cancellation);
            }
            else
            {
                _encoder.Send(item.Frame, item.Time.Timestamp, item.Time.Duration);
                _writer?.CountFrame();
                WritePackets(cancellation);
            }

            source.Return(item.Frame);
            source.Counters.CountOut(item.Time);
        }

        Leave(null, cancellation);
        return null;
    }

    /// <summary>
    /// Instead of <see cref="Run"/>, where all segments are finished: they are written beside the other streams, which are read meanwhile, and
    /// nothing is decoded.
    /// </summary>
    /// <param name="finished">The segments in their order, each opened when its turn comes.</param>
    /// <param name="input">The opened input.</param>
    /// <param name="toOutput">A packet's time in the input, in ticks of its container, as one of the output, in the encoder's ticks.</param>
    /// <param name="written">Told of each packet before it is written.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Replay(
        IEnumerable<SegmentReader> finished, FrameReader input, Func<long, long> toOutput, Action<Packet> written, CancellationToken cancellation)
    {
        using IEnumerator<SegmentReader> next = finished.GetEnumerator();
        _written = written;
        input.SkipVideo(time => WriteUntil(toOutput(time)), cancellation);
        WriteUntil(long.MaxValue);

        void WriteUntil(long until)
        {
            while (_reader is not null || next.MoveNext())
            {
                _reader ??= next.Current;
                WriteFinished(until, cancellation);
                if (_reader.Next is not null)
                {
                    return;
                }

                _reader.Dispose();
                _reader = null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packet.Dispose();
        _writer?.Dispose();
        _reader?.Dispose();
        _encoder.Dispose();
    }

    private void Enter(long timestamp, CancellationToken cancellation)
    {
        if (segments is null)
        {
            return;
        }

        long number = segments.NumberOf(timestamp);
        if (number == _number)
        {
            return;
        }

        if (_number >= 0)
        {
            Leave(number, cancellation);
        }

        _number = number;
        _replayed = 0;
        _reader = segments.Find(number);
        if (_reader is null)
        {
            if (!_encoderIsNew)
            {
                _encoder.Dispose();
                _encoder = another(_lastTimestamp);
            }

            _encoder.LastTimestamp = _lastTimestamp;
            _encoderIsNew = false;
            _writer = segments.Begin(number);
        }
    }

    // The last segment of all needs no file where the output is complete then.
    private void Leave(long? next, CancellationToken cancellation)
    {
        if (segments is not null && _number < 0)
        {
            return; // a part without a frame
        }

        if (_reader is { } finished)
        {
            WriteFinished(long.MaxValue, cancellation);
            if (_replayed != finished.End.Frames)
            {
                throw new MediaException(
                    "Resuming",
                    segments!.Folder,
                    $"a finished segment holds {Counted.Of(finished.End.Frames, "frame")} instead of {_replayed}",
                    "Delete that folder and start again.");
            }

            _lastTimestamp = finished.End.LastTimestamp;
            finished.Dispose();
            _reader = null;
            return;
        }

        _encoder.Send(null, 0, 0);
        WritePackets(cancellation);
        _lastTimestamp = _encoder.LastTimestamp;
        if (_writer is { } writer && (next ?? (segments!.KeepsLast ? _number + 1 : null)) is { } following)
        {
            segments!.Add(_number, writer.Finish(_lastTimestamp, following));
            SegmentFinished?.Invoke();
        }

        _writer?.Dispose();
        _writer = null;
    }

    private void WriteFinished(long until, CancellationToken cancellation)
    {
        while (_reader!.Next is { } packet && packet.DecodeTime <= until)
        {
            cancellation.ThrowIfCancellationRequested();
            WriteVideo(packet);
            _reader.Advance();
        }
    }

    private void WritePackets(CancellationToken cancellation)
    {
        while (_encoder.Receive(_packet))
        {
            cancellation.ThrowIfCancellationRequested();
            _writer?.Write(_packet);
            WriteVideo(_packet);
        }
    }

    // A segment's first decoding times lie before its first frame by the encoder's delay; with uneven frame times, that can be before the
    // last ones of the segment before, which lie before this segment's first frame by at least as many frames.
    private void WriteVideo(Packet packet)
    {
        if (segments is not null || _reader is not null)
        {
            packet.DecodeTime = Math.Max(packet.DecodeTime, _lastDecodeTime + 1);
            _lastDecodeTime = packet.DecodeTime;
        }

        _written?.Invoke(packet);

        muxer?.WriteVideo(packet, _encoder);
    }
}
