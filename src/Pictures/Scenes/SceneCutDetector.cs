namespace AdaConv.Pictures.Scenes;

/// <summary>Finds scene cuts from thumbnails of the frames' brightness, so that nothing is morphed across them.</summary>
/// <remarks>
/// The distance of two frames is what block matching cannot explain: each 8×6 block of one thumbnail takes its best match of the other
/// within ±4 cells, and the sum of the absolute differences left is divided by the largest that it could be, the contrast inside the
/// blocks plus the difference of their means. Where one looks like the other in another light, at one brightness and contrast, that is what
/// counts: a step of a fade, whose last one, to a flat picture, is no cut either. Motion leaves 0.02..0.25 on real clips, unrelated pictures
/// 0.35..0.6. A pair is a cut where the distance reaches the threshold, stands out from the pair before (handheld and fast motion does not), and
/// none of the three frames up to it looks like one of the three from it on (those around a flash do). Frames in order; not thread-safe.
/// </remarks>
/// <param name="threshold">The least distance of a cut, 0..1.</param>
public sealed class SceneCutDetector(double threshold = SceneCutDetector.DefaultThreshold)
{
    /// <summary>The threshold of filter.yaml.</summary>
    public const double DefaultThreshold = 0.3;

    /// <summary>Frames that are looked at on either side of a possible cut.</summary>
    public const int Neighbours = 3;

    /// <summary>How much a cut's distance must exceed that of the pair before.</summary>
    private const double Prominence = 1.5;

    /// <summary>Two frames look alike below this part of the threshold.</summary>
    private const double Likeness = 0.85;

    /// <summary>The part of a flash's distance that the next one is held against: a cut may follow, shaking goes on.</summary>
    private const double AfterFlash = 0.8;

    private const int BlockWidth = 8;
    private const int BlockHeight = 6;
    private const int Reach = 4;

    /// <summary>Counted as contrast in every cell: differences far below it (noise, grain, slow fades of flat pictures) are nothing.</summary>
    private const float Floor = 0.03f;

    /// <summary>How much stronger one picture's contrast may be than the other's in a step of a fade; beyond, it is a cut from or to black.</summary>
    private const double MostGain = 2.5;

    /// <summary>How much stronger it is at least in the step beside a flat picture.</summary>
    private const double LeastGain = 1.1;

    /// <summary>The standard deviation of a flat picture's cells, at most.</summary>
    private const double Flat = 0.01;

    private readonly LumaThumbnail _relit = new();
    private double _before;

    /// <summary>
    /// Whether a detector that begins here with the frames before would judge as one that has seen all: a pair that is no cut whatever was before it
    /// has been seen, with as many frames before it as are looked at.
    /// </summary>
    public bool IsSettled { get; private set; }

    /// <summary>Whether a cut lies before a frame.</summary>
    /// <param name="frames">Up to <see cref="Neighbours"/> frames before it, the frame itself, and up to <see cref="Neighbours"/> − 1 after it.</param>
    /// <param name="index">Which of them it is; 1 or more.</param>
    public bool IsCut(IReadOnlyList<LumaThumbnail> frames, int index)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        double distance = DistanceInAnyLight(frames[index - 1], frames[index]);
        IsSettled |= index >= Neighbours && distance < threshold;
        bool different = distance >= threshold && distance >= Prominence * _before;
        bool cut = different && !HasAlike(frames, index) && !IsEndOfFade(frames, index);

        // A cut says nothing about the motion in the new scene, and a flash little about that in the old one.
        _before = cut ? 0 : different ? distance * AfterFlash : distance;
        return cut;
    }

    /// <summary>How little of the second picture is explained by the first: 0 (all of it) to 1 (nothing).</summary>
    public static double Distance(LumaThumbnail first, LumaThumbnail second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double unexplained = 0, possible = 0;
        for (int y = 0; y < LumaThumbnail.Height; y += BlockHeight)
        {
            for (int x = 0; x < LumaThumbnail.Width; x += BlockWidth)
            {
                (float mean, float contrast) = Texture(second, x, y);
                (float otherMean, float otherContrast) = Texture(first, x, y);
                unexplained += BestMatch(first, second, x, y);
                possible += contrast + otherContrast + ((Math.Abs(mean - otherMean) + Floor) * BlockWidth * BlockHeight);
            }
        }

        return unexplained / possible;
    }

    // The distance, or where that is a cut's and the pictures look alike at one brightness and contrast: theirs there.
    private double DistanceInAnyLight(LumaThumbnail first, LumaThumbnail second)
    {
        double distance = Distance(first, second);
        return distance >= threshold && AtOneLight(first, second).Distance is var relit && relit < Likeness * threshold ? relit : distance;
    }

    // The distance once the weaker picture has the other's brightness and contrast, and how much stronger the first one's contrast is than the second's.
    private (double Distance, double Gain) AtOneLight(LumaThumbnail first, LumaThumbnail second)
    {
        (double mean, double deviation) = Light(first);
        (double otherMean, double otherDeviation) = Light(second);
        double gain = deviation / otherDeviation;
        if (!(gain is <= MostGain and >= 1 / MostGain))
        {
            return (1, gain); // also where a picture has no contrast at all
        }

        bool isFirstWeaker = gain < 1;
        (LumaThumbnail weaker, double factor, double offset) = isFirstWeaker
            ? (first, 1 / gain, otherMean - (mean / gain))
            : (second, gain, mean - (gain * otherMean));
        for (int i = 0; i < weaker.Cells.Length; i++)
        {
            _relit.Cells[i] = (float)((factor * weaker.Cells[i]) + offset);
        }

        return (isFirstWeaker ? Distance(_relit, second) : Distance(first, _relit), gain);
    }

    // Whether a flat picture is the end of a fade, or the beginning: the pair beyond the other picture is a step of it.
    private bool IsEndOfFade(IReadOnlyList<LumaThumbnail> frames, int index)
    {
        return (index >= 2 && Light(frames[index]).Deviation < Flat && Fades(frames[index - 2], frames[index - 1]))
            || (index + 1 < frames.Count && Light(frames[index - 1]).Deviation < Flat && Fades(frames[index + 1], frames[index]));

        bool Fades(LumaThumbnail stronger, LumaThumbnail weaker) =>
            AtOneLight(stronger, weaker) is { Gain: >= LeastGain } step && step.Distance < Likeness * threshold;
    }

    private static (double Mean, double Deviation) Light(LumaThumbnail picture)
    {
        double sum = 0, squares = 0;
        foreach (float cell in picture.Cells)
        {
            sum += cell;
            squares += (double)cell * cell;
        }

        double mean = sum / picture.Cells.Length;
        return (mean, Math.Sqrt(Math.Max(0, (squares / picture.Cells.Length) - (mean * mean))));
    }

    private bool HasAlike(IReadOnlyList<LumaThumbnail> frames, int index)
    {
        for (int before = Math.Max(0, index - Neighbours); before < index; before++)
        {
            for (int after = index; after < Math.Min(frames.Count, index + Neighbours); after++)
            {
                if (after - before > 1 && Distance(frames[before], frames[after]) < Likeness * threshold)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static float BestMatch(LumaThumbnail first, LumaThumbnail second, int x, int y)
    {
        float best = float.MaxValue;
        int left = Math.Max(0, x - Reach), right = Math.Min(LumaThumbnail.Width - BlockWidth, x + Reach);
        int top = Math.Max(0, y - Reach), bottom = Math.Min(LumaThumbnail.Height - BlockHeight, y + Reach);
        for (int v = top; v <= bottom; v++)
        {
            for (int u = left; u <= right; u++)
            {
                best = Math.Min(best, Difference(first, u, v, second, x, y, best));
            }
        }

        return best;
    }

    private static float Difference(LumaThumbnail first, int u, int v, LumaThumbnail second, int x, int y, float enough)
    {
        float sum = 0;
        for (int row = 0; row < BlockHeight && sum < enough; row++)
        {
            ReadOnlySpan<float> a = first.Cells.Slice(((v + row) * LumaThumbnail.Width) + u, BlockWidth);
            ReadOnlySpan<float> b = second.Cells.Slice(((y + row) * LumaThumbnail.Width) + x, BlockWidth);
            for (int i = 0; i < BlockWidth; i++)
            {
                sum += Math.Abs(a[i] - b[i]);
            }
        }

        return sum;
    }

    private static (float Mean, float Contrast) Texture(LumaThumbnail picture, int x, int y)
    {
        float sum = 0;
        for (int row = 0; row < BlockHeight; row++)
        {
            foreach (float cell in picture.Cells.Slice(((y + row) * LumaThumbnail.Width) + x, BlockWidth))
            {
                sum += cell;
            }
        }

        float mean = sum / (BlockWidth * BlockHeight);
        float contrast = 0;
        for (int row = 0; row < BlockHeight; row++)
        {
            foreach (float cell in picture.Cells.Slice(((y + row) * LumaThumbnail.Width) + x, BlockWidth))
            {
                contrast += Math.Abs(cell - mean);
            }
        }

        return (mean, contrast);
    }
}
