namespace AdaConv.Training.Data;

/// <summary>Patches of real frames, out of a cache.</summary>
/// <remarks>
/// Left out: cuts (a difference above 12 and three times both neighbours), duplicates (below 0.25) and uneven motion (one half
/// more than four times the other). Of <see cref="Candidates"/> random patches the one that moves most is taken.
/// </remarks>
public sealed unsafe class FootageSource : ITripletSource
{
    /// <summary>Patches looked at for each one taken.</summary>
    public const int Candidates = 3;

    private readonly FrameCache _cache;
    private readonly (CachedClip Clip, int Middle, int Stride)[] _triplets;

    /// <summary>Finds the usable triplets.</summary>
    /// <param name="cache">The frames; disposed with the source.</param>
    /// <param name="size">Smallest width and height that is to be filled.</param>
    /// <param name="maximumStride">Frames between the middle and its neighbours: 1 up to this, for larger motion.</param>
    /// <exception cref="TrainingException">No triplet is usable.</exception>
    public FootageSource(FrameCache cache, int size, int maximumStride)
    {
        ArgumentNullException.ThrowIfNull(cache);
        _cache = cache;
        _triplets = [.. cache.Clips.Where(clip => Math.Min(clip.Width, clip.Height) >= size).SelectMany(clip => Usable(clip, maximumStride))];
        if (_triplets.Length == 0)
        {
            throw new TrainingException($"No three frames of the clips can be used: they are smaller than {size} pixels, do not move, or are cut.");
        }
    }

    /// <inheritdoc/>
    public string Description => $"{_cache.Clips.Count} clips, {_triplets.Length} triplets";

    /// <inheritdoc/>
    public long? Count => _triplets.Length;

    /// <inheritdoc/>
    public void Fill(Random random, int size, Span<byte> planes)
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
            byte* source = _cache.Plane(best.Clip, frames[plane / 3], plane % 3) + (long)best.Y * best.Clip.Width + best.X;
            for (int y = 0; y < size; y++)
            {
                new ReadOnlySpan<byte>(source + (long)y * best.Clip.Width, size).CopyTo(planes[((plane * size + y) * size)..]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private static IEnumerable<(CachedClip Clip, int Middle, int Stride)> Usable(CachedClip clip, int maximumStride)
    {
        bool[] broken = [.. Enumerable.Range(0, clip.Differences.Count).Select(i => IsCut(clip.Differences, i))];
        for (int stride = 1; stride <= maximumStride; stride++)
        {
            for (int middle = stride; middle + stride < clip.FrameCount; middle++)
            {
                float before = 0, after = 0;
                bool usable = true;
                for (int i = 0; i < stride; i++)
                {
                    usable &= !broken[middle - 1 - i] && !broken[middle + i];
                    before += clip.Differences[middle - 1 - i];
                    after += clip.Differences[middle + i];
                }

                if (usable && Math.Min(before, after) >= 0.25f * stride && Math.Max(before, after) <= 4 * Math.Min(before, after))
                {
                    yield return (clip, middle, stride);
                }
            }
        }
    }

    private static bool IsCut(IReadOnlyList<float> differences, int i)
    {
        float around = Math.Max(i > 0 ? differences[i - 1] : 0, i + 1 < differences.Count ? differences[i + 1] : 0);
        return differences[i] > 12 && differences[i] > 3 * around;
    }

    private Choice Choose(Random random, int size)
    {
        var (clip, middle, stride) = _triplets[random.Next(_triplets.Length)];
        int x = random.Next(clip.Width - size + 1), y = random.Next(clip.Height - size + 1);
        byte* first = _cache.Plane(clip, middle - stride, 1), second = _cache.Plane(clip, middle + stride, 1);
        long sum = 0;
        for (int row = 0; row < size; row += 4)
        {
            long start = (long)(y + row) * clip.Width + x;
            for (int column = 0; column < size; column += 4)
            {
                sum += Math.Abs(first[start + column] - second[start + column]);
            }
        }

        return new Choice(clip, middle, stride, x, y, sum);
    }

    private readonly record struct Choice(CachedClip Clip, int Middle, int Stride, int X, int Y, long Motion);
}
