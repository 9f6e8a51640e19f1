using AdaConv.Conversion.Segments;
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
/// <param name="muxer">Takes the packets.</param>
internal sealed class EncodeStage(
    VideoEncoder encoder, Func<long, VideoEncoder> another, SegmentStore? segments, Muxer muxer) : IDisposable
{
    private readonly Packet _packet = new();
    private VideoEncoder _encoder = encoder;
    private bool _encoderIsNew = true;
    private SegmentWriter? _writer;
    private SegmentReader? _reader;
    private long _number = -1;
    private long _replayed;
    private long _lastTimestamp = long.MinValue;
    private long _lastDecodeTime = long.MinValue;

    /// <summary>Told after each segment that was finished.</summary>
    public Action? SegmentFinished { get; init; }

    /// <summary>Runs until the input is complete and the encoder drained.</summary>
    public void Run(FrameSource source, CancellationToken cancellation)
    {
        foreach (OutputFrame item in source.Take(cancellation))
        {
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

    // The last segment of all needs no file: the output is complete then.
    private void Leave(long? next, CancellationToken cancellation)
    {
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
        if (_writer is { } writer && next is { } following)
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
        if (segments is not null)
        {
            packet.DecodeTime = Math.Max(packet.DecodeTime, _lastDecodeTime + 1);
            _lastDecodeTime = packet.DecodeTime;
        }

        muxer.WriteVideo(packet, _encoder);
    }
}
