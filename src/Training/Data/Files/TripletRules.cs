namespace AdaConv.Training.Data.Files;

/// <summary>Which frames of a sequence are triplets, by the mean absolute differences of neighbours (0 to 255).</summary>
public static class TripletRules
{
    /// <summary>Largest number of frames between the middle and its neighbours.</summary>
    public const int MaximumStride = 8;

    /// <summary>A difference above this may be a cut …</summary>
    public const float CutDifference = 12;

    /// <summary>… and is one when it is so many times the differences before and after.</summary>
    public const float CutRatio = 3;

    /// <summary>A frame that differs less than this from its neighbour is taken for the same.</summary>
    public const float StillDifference = 0.25f;

    /// <summary>Largest ratio of the two halves' differences.</summary>
    public const float EvenRatio = 4;

    /// <summary>Judges the triplet of frames <paramref name="middle"/> − stride, middle and middle + stride.</summary>
    public static TripletVerdict Judge(IReadOnlyList<float> differences, int middle, int stride)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return Enumerable.Range(middle - stride, 2 * stride).Any(frame => IsCut(differences, frame))
            ? TripletVerdict.Cut
            : JudgeMotion(differences, middle, stride);
    }

    /// <summary>Judges the same triplet where it is known that there is no cut.</summary>
    public static TripletVerdict JudgeMotion(IReadOnlyList<float> differences, int middle, int stride)
    {
        ArgumentNullException.ThrowIfNull(differences);
        float before = 0, after = 0;
        for (int i = 0; i < stride; i++)
        {
            before += differences[middle - 1 - i];
            after += differences[middle + i];
        }

        return Math.Min(before, after) < StillDifference * stride ? TripletVerdict.Still
            : Math.Max(before, after) > EvenRatio * Math.Min(before, after) ? TripletVerdict.Uneven
            : TripletVerdict.Usable;
    }

    /// <summary>Judges frames of which any may be the one between the outer two: they follow one another at even intervals, as far as can be told.</summary>
    /// <param name="differences">Differences of neighbours, without a cut among them.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="intervals">Intervals to the last one.</param>
    public static TripletVerdict JudgeSpan(IReadOnlyList<float> differences, int first, int intervals)
    {
        ArgumentNullException.ThrowIfNull(differences);
        float least = float.MaxValue, most = 0;
        for (int i = first; i < first + intervals; i++)
        {
            (least, most) = (Math.Min(least, differences[i]), Math.Max(most, differences[i]));
        }

        return least < StillDifference ? TripletVerdict.Still : most > EvenRatio * least ? TripletVerdict.Uneven : TripletVerdict.Usable;
    }

    /// <summary>Whether a cut lies between a frame and the next.</summary>
    public static bool IsCut(IReadOnlyList<float> differences, int frame)
    {
        ArgumentNullException.ThrowIfNull(differences);
        float around = Math.Max(frame > 0 ? differences[frame - 1] : 0, frame + 1 < differences.Count ? differences[frame + 1] : 0);
        return differences[frame] > CutDifference && differences[frame] > CutRatio * around;
    }
}

/// <summary>Whether three frames can be trained on.</summary>
public enum TripletVerdict
{
    /// <summary>They can.</summary>
    Usable,

    /// <summary>A cut lies between them.</summary>
    Cut,

    /// <summary>Two of them are the same or nearly so.</summary>
    Still,

    /// <summary>One half moves far more than the other: a frame was dropped, repeated, or the motion is no motion.</summary>
    Uneven,
}
