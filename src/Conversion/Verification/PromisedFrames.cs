using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Libav;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Verification;

/// <summary>The input's frames → the frames that the plan promises, by the plan's own schedule.</summary>
internal sealed class PromisedFrames
{
    // Where the middle of the way is far enough from both ends that no network shows an original.
    private const double NearEnd = 3.0 / 16;

    private readonly FrameSchedule _schedule;
    private readonly long _longestGap;
    private readonly bool _isRetimed;
    private readonly bool _isLoop;
    private readonly List<FrameSlot> _slots = [];

    /// <summary>The frames of a schedule.</summary>
    /// <param name="schedule">The plan's own.</param>
    /// <param name="longestGap">Ticks beyond which nothing is predicted; null: however long.</param>
    /// <param name="options">How it is converted.</param>
    public PromisedFrames(FrameSchedule schedule, long? longestGap, ConversionOptions options)
    {
        (_schedule, _longestGap) = (schedule, longestGap ?? long.MaxValue);
        (_isRetimed, _isLoop) = (options.Duplicates == DuplicateHandling.Retime, options.Timing.Loop);
    }

    /// <summary>Frames of the input.</summary>
    public long Originals { get; private set; }

    /// <summary>Tells all frames that are promised, in order.</summary>
    /// <param name="originals">The input's frames; each is measured before the next is asked for.</param>
    /// <param name="expect">Told of each.</param>
    public void Tell(IEnumerable<SourceFrame> originals, Action<PromisedFrame> expect)
    {
        LumaThumbnail thumbnail = new();
        (SourceFrame Frame, FrameFingerprint Picture)? last = null;
        foreach (SourceFrame next in originals)
        {
            Originals++;
            FrameFingerprint picture = new(next.Frame, thumbnail);
            if (last is not var (previous, earlier))
            {
                _schedule.Lead(_slots);
                Send(slot => PromisedPicture.Near, picture, null);
            }
            else
            {
                bool isWay = !next.CutBefore && next.Tick - previous.Tick <= _longestGap;
                bool isOwn = !_isRetimed || !previous.IsDuplicate;
                _schedule.Between(previous.Tick, next.Tick, _slots, previous.IsField);
                Send(
                    slot => slot.IsOriginal && isOwn ? PromisedPicture.Original
                        : isWay && slot.Way.ToDouble() is >= NearEnd and <= 1 - NearEnd ? PromisedPicture.Between
                        : PromisedPicture.Near,
                    earlier,
                    picture);
            }

            last = (next, picture);
        }

        if (last is var (end, shown))
        {
            _schedule.Last(end.Tick, end.Duration, _slots, end.IsField);
            bool isFirst = !_isRetimed || !end.IsDuplicate;
            Send(slot => isFirst && !_isLoop && slot == _slots[0] ? PromisedPicture.Original : PromisedPicture.Near, shown, null);
        }

        void Send(Func<FrameSlot, PromisedPicture> kind, FrameFingerprint earlier, FrameFingerprint? later)
        {
            foreach (FrameSlot slot in _slots)
            {
                PromisedPicture shows = kind(slot);
                expect(new(
                    Rational.Rescale(slot.Time.Timestamp, _schedule.TimeBase, Rational.Nanosecond),
                    Rational.Rescale(slot.Time.Duration, _schedule.TimeBase, Rational.Nanosecond),
                    shows,
                    earlier,
                    _isRetimed && shows != PromisedPicture.Original ? null : later));
            }
        }
    }
}
