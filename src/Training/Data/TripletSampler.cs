namespace AdaConv.Training.Data;

/// <summary>Random triplets of patches out of a cache; the batch of a step depends on nothing but seed and step.</summary>
/// <remarks>
/// Left out: cuts (a difference above 12 and three times both neighbours), duplicates (below 0.25) and uneven motion (one half
/// more than four times the other). Of <see cref="Candidates"/> random patches the one that moves most is taken.
/// </remarks>
public sealed unsafe class TripletSampler
{
    /// <summary>Patches looked at for each one taken.</summary>
    public const int Candidates = 3;

    private readonly FrameCache _cache;
    private readonly (CachedClip Clip, int Middle, int Stride)[] _triplets;
    private readonly int _seed;

    /// <summary>Finds the usable triplets.</summary>
    /// <param name="cache">The frames.</param>
    /// <param name="patchSize">Width and height of the patches, in pixels.</param>
    /// <param name="maximumStride">Frames between the middle and its neighbours: 1 up to this, for larger motion.</param>
    /// <param name="seed">Decides every random choice, together with the step.</param>
    /// <exception cref="TrainingException">No triplet is usable.</exception>
    public TripletSampler(FrameCache cache, int patchSize, int maximumStride, int seed)
    {
        ArgumentNullException.ThrowIfNull(cache);
        _cache = cache;
        _seed = seed;
        PatchSize = patchSize;
        _triplets = [.. cache.Clips.Where(clip => Math.Min(clip.Width, clip.Height) >= patchSize).SelectMany(clip => Usable(clip, maximumStride))];
        if (_triplets.Length == 0)
        {
            throw new TrainingException(
                $"No three frames of the clips can be used: they are smaller than {patchSize} pixels, do not move, or are cut.");
        }
    }

    /// <summary>Width and height of the patches, in pixels.</summary>
    public int PatchSize { get; }

    /// <summary>Number of usable triplets of whole frames.</summary>
    public int TripletCount => _triplets.Length;

    /// <summary>Fills one batch.</summary>
    /// <param name="step">The training step.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="output">[batch, 9, patch, patch] floats in 0..1: R, G, B of the first frame, of the second, of the middle one.</param>
    public void Fill(long step, int batch, Span<float> output)
    {
        int frameLength = 3 * PatchSize * PatchSize;
        for (int sample = 0; sample < batch; sample++)
        {
            var random = new Random(HashCode(step, sample));
            Choice best = default;
            for (int i = 0; i < Candidates; i++)
            {
                Choice choice = Choose(random);
                if (choice.Motion >= best.Motion)
                {
                    best = choice;
                }
            }

            var augmentation = new Augmentation(random);
            int stride = augmentation.SwapFrames ? -best.Stride : best.Stride;
            Span<float> target = output.Slice(sample * 3 * frameLength, 3 * frameLength);
            Copy(best, best.Middle - stride, augmentation, target[..frameLength]);
            Copy(best, best.Middle + stride, augmentation, target[frameLength..]);
            Copy(best, best.Middle, augmentation, target[(2 * frameLength)..]);
        }
    }

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

    private Choice Choose(Random random)
    {
        var (clip, middle, stride) = _triplets[random.Next(_triplets.Length)];
        int x = random.Next(clip.Width - PatchSize + 1), y = random.Next(clip.Height - PatchSize + 1);
        byte* first = _cache.Plane(clip, middle - stride, 1), second = _cache.Plane(clip, middle + stride, 1);
        long sum = 0;
        for (int row = 0; row < PatchSize; row += 4)
        {
            long start = (long)(y + row) * clip.Width + x;
            for (int column = 0; column < PatchSize; column += 4)
            {
                sum += Math.Abs(first[start + column] - second[start + column]);
            }
        }

        return new Choice(clip, middle, stride, x, y, sum);
    }

    private void Copy(in Choice choice, int frame, Augmentation augmentation, Span<float> output)
    {
        int size = PatchSize;
        for (int colour = 0; colour < 3; colour++)
        {
            byte* plane = _cache.Plane(choice.Clip, frame, augmentation.Colours[colour]);
            for (int y = 0; y < size; y++)
            {
                Span<float> row = output.Slice((colour * size + y) * size, size);
                int sourceY = augmentation.FlipVertically ? size - 1 - y : y;
                for (int x = 0; x < size; x++)
                {
                    int sourceX = augmentation.FlipHorizontally ? size - 1 - x : x;
                    var (column, line) = augmentation.Transpose ? (sourceY, sourceX) : (sourceX, sourceY);
                    row[x] = plane[(long)(choice.Y + line) * choice.Clip.Width + choice.X + column] * (1f / 255);
                }
            }
        }
    }

    private int HashCode(long step, int sample)
    {
        ulong x = ((ulong)(uint)_seed << 40) ^ ((ulong)step << 10) ^ (uint)sample; // splitmix64's finaliser
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return (int)(x ^ (x >> 31));
    }

    private readonly record struct Choice(CachedClip Clip, int Middle, int Stride, int X, int Y, long Motion);
}
