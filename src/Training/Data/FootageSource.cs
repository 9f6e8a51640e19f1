using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data;

/// <summary>Patches of real frames, out of a cache.</summary>
/// <remarks>Triplets are judged by <see cref="TripletRules"/>; of <see cref="Candidates"/> random patches the one that moves most is taken.</remarks>
public sealed unsafe class FootageSource : ITripletSource
{
    /// <summary>Patches looked at for each one taken.</summary>
    public const int Candidates = 3;

    private readonly FrameCache _cache;
    private readonly (CachedSequence Sequence, int Middle, int Stride)[] _triplets;

    /// <summary>Finds the usable triplets.</summary>
    /// <param name="cache">The frames; disposed with the source.</param>
    /// <param name="size">Smallest width and height that is to be filled.</param>
    /// <param name="maximumStride">Frames between the middle and its neighbours: 1 up to this, for larger motion.</param>
    /// <exception cref="TrainingException">No triplet is usable.</exception>
    public FootageSource(FrameCache cache, int size, int maximumStride)
    {
        ArgumentNullException.ThrowIfNull(cache);
        _cache = cache;
        _triplets =
        [
            .. from sequence in cache.Sequences
               where Math.Min(sequence.Info.Width, sequence.Info.Height) >= size
               from stride in Enumerable.Range(1, maximumStride)
               from middle in sequence.Info.Triplets(stride)
               select (sequence, middle, stride),
        ];
        if (_triplets.Length == 0)
        {
            throw new TrainingException($"There are no usable triplets: none with the requested stride is {size} pixels wide and high.");
        }
    }

    /// <inheritdoc/>
    public string Description =>
        $"{Counted.Of(_triplets.Length, "triplet")} in {_cache.Items.Count(item => item.Sequences.Count > 0)} of {_cache.Items.Count} clips or folders";

    /// <inheritdoc/>
    public long? Count => _triplets.Length;

    /// <inheritdoc/>
    public double Fill(Random random, int size, Span<byte> planes)
    {
        ArgumentNullException.ThrowIfNull(random);
        Choice best = default;
        for (int i = 0; i < Candidates; i++)
        {
            Choice choice = Choose(random, size);
            if (choice.Motion >= best.Motion)
            {
                best = choice;
            }
        }

        ReadOnlySpan<int> frames = [best.Middle - best.Stride, best.Middle + best.Stride, best.Middle];
        for (int plane = 0; plane < 9; plane++)
        {
            byte* source = best.Sequence.Plane(frames[plane / 3], plane % 3) + (long)best.Y * best.Sequence.Info.Width + best.X;
            for (int y = 0; y < size; y++)
            {
                new ReadOnlySpan<byte>(source + (long)y * best.Sequence.Info.Width, size).CopyTo(planes[((plane * size + y) * size)..]);
            }
        }

        return 0.5;
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private Choice Choose(Random random, int size)
    {
        var (sequence, middle, stride) = _triplets[random.Next(_triplets.Length)];
        int width = sequence.Info.Width, x = random.Next(width - size + 1), y = random.Next(sequence.Info.Height - size + 1);
        byte* first = sequence.Plane(middle - stride, 1), second = sequence.Plane(middle + stride, 1);
        long sum = 0;
        for (int row = 0; row < size; row += 4)
        {
            long start = (long)(y + row) * width + x;
            for (int column = 0; column < size; column += 4)
            {
                sum += Math.Abs(first[start + column] - second[start + column]);
            }
        }

        return new Choice(sequence, middle, stride, x, y, sum);
    }

    private readonly record struct Choice(CachedSequence Sequence, int Middle, int Stride, int X, int Y, long Motion);
}
