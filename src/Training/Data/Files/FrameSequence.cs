namespace AdaConv.Training.Data.Files;

/// <summary>Successive frames in the cache without a cut between them.</summary>
/// <param name="Name">What they are of.</param>
/// <param name="FirstFrame">Number of the first one in its clip.</param>
/// <param name="Width">Width of the cached frames.</param>
/// <param name="Height">Height of the cached frames.</param>
/// <param name="Offset">Where the first frame begins in the cache's data.</param>
/// <param name="Differences">Mean absolute difference of each frame from the next (green, every fourth pixel each way; 0 to 255).</param>
/// <param name="Motion">Pixels that nine in ten blocks of each frame stay below on the way to the next.</param>
/// <param name="Chosen">Whether somebody chose these three frames as a triplet: no rule is applied to them.</param>
public sealed record FrameSequence(
    string Name, int FirstFrame, int Width, int Height, long Offset, IReadOnlyList<float> Differences, IReadOnlyList<float> Motion, bool Chosen)
{
    /// <summary>Number of frames.</summary>
    public int FrameCount => Differences.Count + 1;

    /// <summary>Bytes of a frame: three planes, G, B, R.</summary>
    public int FrameLength => 3 * Width * Height;

    /// <summary>The triplets of a stride that can be trained on, by their middle frames.</summary>
    public IEnumerable<int> Triplets(int stride) =>
        Chosen ? stride == 1 ? [1] : []
        : Enumerable.Range(stride, Math.Max(0, FrameCount - 2 * stride)).Where(
            middle => TripletRules.JudgeMotion(Differences, middle, stride) == TripletVerdict.Usable);

    /// <summary>The first frames of spans between whose outer frames any other may be predicted: evenly spaced, and not too far apart to be matched.</summary>
    /// <param name="intervals">Intervals from the first frame to the last.</param>
    /// <param name="mostMotion">Pixels at most that nine in ten blocks move from the first frame to the last.</param>
    public IEnumerable<int> Spans(int intervals, double mostMotion) =>
        Chosen ? [] : Enumerable.Range(0, Math.Max(0, FrameCount - intervals)).Where(first =>
            TripletRules.JudgeSpan(Differences, first, intervals) == TripletVerdict.Usable
            && Enumerable.Range(first, intervals).Sum(frame => Motion[frame]) <= mostMotion);
}
