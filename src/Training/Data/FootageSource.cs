using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data;

/// <summary>Patches of real frames, out of a cache.</summary>
/// <remarks>Triplets are judged by <see cref="TripletRules"/>; of <see cref="Candidates"/> random patches the one that moves most is taken.</remarks>
public sealed unsafe class FootageSource : ITripletSource
{
    /// <summary>Patches looked at for each one taken.</summary>
    public const int Candidates = 3;

    /// <summary>Pixels at most that nine in ten blocks move between outer frames that have several between them, as a share of the patch.</summary>
    public const double MostMotion = 0.25;

    private readonly FrameCache _cache;
    private readonly (CachedSequence Sequence, int Middle, int Stride)[] _triplets;
    private readonly (int Intervals, (CachedSequence Sequence, int First)[] Places)[] _spans; // with several frames inside; none is empty

    /// <summary>Finds the usable triplets.</summary>
    /// <param name="cache">The frames; disposed with the source.</param>
    /// <param name="size">Smallest width and height that is to be filled.</param>
    /// <param name="maximumStride">Frames between the middle and its neighbours: 1 up to this, for larger motion.</param>
    /// <param name="longestSpan">Intervals between outer frames whose frame between was not taken in the middle: 3 up to this; 0: there are none.</param>
    /// <param name="holdOut">Leave out what <see cref="HeldOutFrames"/> keeps aside.</param>
    /// <exception cref="TrainingException">No triplet is usable, or no span of several frames where they are asked for.</exception>
    public FootageSource(FrameCache cache, int size, int maximumStride, int longestSpan = 0, bool holdOut = false)
    {
        ArgumentNullException.ThrowIfNull(cache);
        _cache = cache;
        _triplets =
        [
            .. from sequence in cache.Sequences
               where Math.Min(sequence.Info.Width, sequence.Info.Height) >= size
               from stride in Enumerable.Range(1, maximumStride)
               from middle in sequence.Info.Triplets(stride)
               where !holdOut || !HeldOutFrames.Touch(sequence.Info.FirstFrame + middle - stride, sequence.Info.FirstFrame + middle + stride)
               select (sequence, middle, stride),
        ];
        if (_triplets.Length == 0)
        {
            throw new TrainingException($"There are no usable triplets: none with the requested stride is {size} pixels wide and high.");
        }

        _spans =
        [
            .. from intervals in Enumerable.Range(3, Math.Max(0, longestSpan - 2))
               let spans = (from sequence in cache.Sequences
                            where Math.Min(sequence.Info.Width, sequence.Info.Height) >= size
                            from first in sequence.Info.Spans(intervals, MostMotion * size)
                            where !holdOut || !HeldOutFrames.Touch(sequence.Info.FirstFrame + first, sequence.Info.FirstFrame + first + intervals)
                            select (sequence, first)).ToArray()
               where spans.Length > 0
               select (intervals, spans),
        ];
        if (longestSpan > 0 && _spans.Length == 0)
        {
            throw new TrainingException("There are no usable frames for other times than the middle: no four of them follow one another evenly.");
        }
    }

    /// <inheritdoc/>
    public string Description =>
        $"{Counted.Of(_triplets.Length, "triplet")} in {_cache.Items.Count(item => item.Sequences.Count > 0)} of {_cache.Items.Count} clips or folders";

    /// <inheritdoc/>
    public long? Count => _triplets.Length;

    /// <inheritdoc/>
    public double Fill(Random random, int size, Span<byte> planes, Random? moment = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        int span = moment?.Next(_spans.Length) ?? -1;
        Choice best = default;
        for (int i = 0; i < Candidates; i++)
        {
            Choice choice = Choose(random, moment, span, size);
            if (choice.Motion >= best.Motion)
            {
                best = choice;
            }
        }

        ReadOnlySpan<int> frames = [best.First, best.Second, best.Between];
        for (int plane = 0; plane < 9; plane++)
        {
            byte* source = best.Sequence.Plane(frames[plane / 3], plane % 3) + (long)best.Y * best.Sequence.Info.Width + best.X;
            for (int y = 0; y < size; y++)
            {
                new ReadOnlySpan<byte>(source + (long)y * best.Sequence.Info.Width, size).CopyTo(planes[((plane * size + y) * size)..]);
            }
        }

        return (double)(best.Between - best.First) / (best.Second - best.First);
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private Choice Choose(Random random, Random? moment, int span, int size)
    {
        var (sequence, firstFrame, between, secondFrame) = moment is null ? Triplet(random) : Span(moment, span);
        int width = sequence.Info.Width, x = random.Next(width - size + 1), y = random.Next(sequence.Info.Height - size + 1);
        byte* first = sequence.Plane(firstFrame, 1), second = sequence.Plane(secondFrame, 1);
        long sum = 0;
        for (int row = 0; row < size; row += 4)
        {
            long start = (long)(y + row) * width + x;
            for (int column = 0; column < size; column += 4)
            {
                sum += Math.Abs(first[start + column] - second[start + column]);
            }
        }

        return new Choice(sequence, firstFrame, between, secondFrame, x, y, sum);
    }

    private (CachedSequence Sequence, int First, int Between, int Second) Triplet(Random random)
    {
        var (sequence, middle, stride) = _triplets[random.Next(_triplets.Length)];
        return (sequence, middle - stride, middle, middle + stride);
    }

    private (CachedSequence Sequence, int First, int Between, int Second) Span(Random random, int index)
    {
        var (intervals, places) = _spans[index];
        var (sequence, first) = places[random.Next(places.Length)];
        return (sequence, first, first + random.Next(1, intervals), first + intervals);
    }

    private readonly record struct Choice(CachedSequence Sequence, int First, int Between, int Second, int X, int Y, long Motion);
}
