using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>
/// The rate that a video really has, from the times of its first packets. What a container states is often its clock, or a guess of libav's: screen
/// recordings of browsers count 1000 frames a second and have 30.
/// </summary>
/// <param name="timeBase">Seconds per tick of the packets' times.</param>
/// <param name="stated">The container's rate; not positive where it has none.</param>
internal sealed unsafe class RateMeasurement(Rational timeBase, Rational stated)
{
    /// <summary>Packets after which a rate that they bear out is believed.</summary>
    private const int FirstLook = 24;

    /// <summary>Fewer intervals than these say nothing.</summary>
    private const int FewestIntervals = 4;

    // Packets that may still come for earlier times, where decoding times do not tell.
    private const int DeepestReordering = 16;

    private static readonly long[] TelevisionRates = [24, 30, 48, 60, 120];

    private readonly List<long> _shown = [];
    private readonly List<long> _decoded = [];

    /// <summary>Packets so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether what was seen is enough to believe the container.</summary>
    public bool IsSettled => Count >= FirstLook && ShareAtStatedRate(Intervals(), out _) >= 0.5;

    /// <summary>The container's rate where a quarter of the intervals or more are its own, else that of the intervals.</summary>
    public Rational Rate
    {
        get
        {
            List<Rational> intervals = Intervals();
            if (intervals.Count < FewestIntervals || ShareAtStatedRate(intervals, out Rational median) >= 0.25)
            {
                return stated;
            }

            // Slides that stand for seconds have no rate.
            return new Rational(1, 1).IsBelow(median * timeBase) ? stated : Named(intervals, median);
        }
    }

    /// <summary>Takes a packet of the video.</summary>
    public void Add(AVPacket* packet)
    {
        Count++;
        if (packet->pts != AV_NOPTS_VALUE)
        {
            _shown.Add(packet->pts);
        }

        if (packet->dts != AV_NOPTS_VALUE)
        {
            _decoded.Add(packet->dts);
        }
    }

    // In ticks, ascending. Packets that share a time are spread up to the next, as their frames will be.
    private List<Rational> Intervals()
    {
        bool isShown = _shown.Count == Count;
        List<long> times = [.. isShown ? _shown : _decoded.Count == Count ? _decoded : []];
        times.Sort();
        if (isShown && _decoded.Count == Count)
        {
            times.RemoveAll(time => time > _decoded[^1]);
        }
        else if (isShown)
        {
            times.RemoveRange(times.Count - Math.Min(times.Count, DeepestReordering), Math.Min(times.Count, DeepestReordering));
        }

        List<Rational> intervals = [];
        int sharing = 1;
        for (int i = 1; i < times.Count; i++)
        {
            if (times[i] == times[i - 1])
            {
                sharing++;
                continue;
            }

            intervals.AddRange(Enumerable.Repeat(new Rational(times[i] - times[i - 1], sharing), sharing));
            sharing = 1;
        }

        intervals.Sort((left, right) => left.IsBelow(right) ? -1 : right.IsBelow(left) ? 1 : 0);
        return intervals;
    }

    // An interval is that of the stated rate where it is off by no more than the clock's rounding: a tick, or a millisecond behind a finer clock.
    private double ShareAtStatedRate(List<Rational> intervals, out Rational median)
    {
        median = intervals.Count > 0 ? intervals[intervals.Count / 2] : default;
        if (intervals.Count == 0 || !stated.IsPositive)
        {
            return 0;
        }

        double interval = (stated * timeBase).Inverse.ToDouble();
        double rounding = Math.Min(Math.Max(1, 0.001 / timeBase.ToDouble()), interval / 4);
        return intervals.Count(measured => Math.Abs(measured.ToDouble() - interval) <= rounding) / (double)intervals.Count;
    }

    // The median; or the usual rate that fits the mean, which the clock's rounding spares.
    private Rational Named(List<Rational> intervals, Rational median)
    {
        Rational shortest = median * new Rational(1, 2), longest = median * new Rational(3, 2);
        Rational[] near = [.. intervals.Where(interval => !interval.IsBelow(shortest) && !longest.IsBelow(interval))];
        double ticks = near.Sum(interval => interval.ToDouble());
        double rate = near.Length / (ticks * timeBase.ToDouble());

        // The mean is as uncertain as the times of the first and the last frame.
        double doubt = Math.Max(0.0025, (near[^1].ToDouble() - near[0].ToDouble()) / ticks);
        long whole = Math.Max(1, (long)Math.Round(rate));
        Rational[] usual = [new(whole, 1), .. TelevisionRates.Select(television => new Rational(television * 1000, 1001))];
        Rational nearest = usual.MinBy(candidate => Math.Abs(candidate.ToDouble() - rate));
        return Math.Abs((nearest.ToDouble() / rate) - 1) < doubt ? nearest : (median * timeBase).Inverse;
    }
}
