using System.Diagnostics;
using AdaConv.Conversion.Timing;

namespace AdaConv.Conversion.Pipeline;

/// <summary>What the stages count, and the progress that is reported from it. Each count has one writer.</summary>
internal sealed class ConversionCounters(long? framesExpected, IProgress<ConversionProgress>? progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The pace is that of this many intervals.</summary>
    private const int Window = 20;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<(TimeSpan Time, long Frames)> _marks = new();
    private TimeSpan _nextReport;
    private long _framesIn;
    private long _framesOut;
    private long _firstTick = long.MaxValue;
    private long _endTick;

    public long? FramesExpected => framesExpected;

    public TimeSpan Elapsed => _clock.Elapsed;

    public long FramesIn => Interlocked.Read(ref _framesIn);

    public long FramesOut => Interlocked.Read(ref _framesOut);

    public long Interpolated { get; private set; }

    public long Repeated { get; private set; }

    public long Cuts { get; private set; }

    public long Gaps { get; private set; }

    /// <summary>Pictures of the input: its frames, or more or fewer where fields become frames or film is put together.</summary>
    public long Pictures { get; private set; }

    /// <summary>How many of these repeat the one before in short runs.</summary>
    public long Duplicates { get; private set; }

    /// <summary>From the first frame's beginning to the last one's end, in output ticks.</summary>
    public long LengthTicks => FramesOut == 0 ? 0 : _endTick - _firstTick;

    public void CountIn(long decoded) => Interlocked.Exchange(ref _framesIn, decoded);

    public void CountPicture() => Pictures++;

    public void CountInterpolated() => Interpolated++;

    public void CountRepeated() => Repeated++;

    public void CountCut() => Cuts++;

    public void CountGap() => Gaps++;

    public void CountDuplicates(int count) => Duplicates += count;

    public void CountOut(FrameTime time)
    {
        Interlocked.Increment(ref _framesOut);
        _firstTick = Math.Min(_firstTick, time.Timestamp);
        _endTick = Math.Max(_endTick, time.Timestamp + time.Duration);
        if (progress is not null && _clock.Elapsed >= _nextReport)
        {
            Report();
        }
    }

    /// <summary>Tells the present state.</summary>
    public void Report()
    {
        TimeSpan now = _clock.Elapsed;
        long frames = FramesOut;
        _nextReport = now + Interval;
        _marks.Enqueue((now, frames));
        if (_marks.Count > Window)
        {
            _marks.Dequeue();
        }

        (TimeSpan since, long before) = _marks.Count > 1 ? _marks.Peek() : (TimeSpan.Zero, 0);
        double pace = now > since ? (frames - before) / (now - since).TotalSeconds : 0;
        TimeSpan? remaining = framesExpected is { } expected && pace > 0 ? TimeSpan.FromSeconds(Math.Max(0, expected - frames) / pace) : null;
        progress?.Report(new(FramesIn, frames, framesExpected is { } all ? Math.Max(all, frames) : null, pace, now, remaining));
    }
}

/// <summary>Where a conversion stands.</summary>
/// <param name="FramesIn">Frames decoded.</param>
/// <param name="FramesOut">Frames handed to the encoder, old and new.</param>
/// <param name="FramesExpected">Frames that the output will have, as far as the input says; null where it does not.</param>
/// <param name="FramesPerSecond">Output frames per second over the last seconds.</param>
/// <param name="Elapsed">Time since the conversion began.</param>
/// <param name="Remaining">Time left at the present pace; null where it cannot be told.</param>
public sealed record ConversionProgress(
    long FramesIn, long FramesOut, long? FramesExpected, double FramesPerSecond, TimeSpan Elapsed, TimeSpan? Remaining);

/// <summary>Notes and warnings, kept in order and passed on one at a time.</summary>
internal sealed class ConversionMessages
{
    private readonly List<string> _all = [];
    private readonly Action<string>? _listener;

    /// <summary>Messages that begin with those of a plan.</summary>
    /// <param name="listener">Told each, one at a time.</param>
    /// <param name="notes">What the plan says.</param>
    public ConversionMessages(Action<string>? listener, IEnumerable<string> notes)
    {
        _listener = listener;
        foreach (string note in notes)
        {
            Add(note);
        }
    }

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(string text)
    {
        lock (_all)
        {
            _all.Add(text);
            _listener?.Invoke(text);
        }
    }
}
