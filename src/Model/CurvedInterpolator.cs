using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>
/// Puts new frames where the motion before and after their pair says, and not halfway: <see cref="MotionCurve"/>. A frame follows the pairs that were looked at
/// before it was begun: with one neighbour alone that one, with none the straight line.
/// </summary>
/// <remarks>
/// Pairs are neighbours where the second picture of one is the first of the other (<see cref="PlanarFrame.Picture"/>). How long their intervals are is
/// told by <see cref="PlanarFrame.Time"/>; where that is not known, they are alike. Not thread-safe.
/// </remarks>
/// <param name="network">Finds motion.</param>
/// <param name="interpolator">Predicts; it becomes this one's.</param>
internal sealed class CurvedInterpolator(IMotionInterpolator network, HalvingInterpolator interpolator) : IFrameInterpolator, IDisposable
{
    private readonly MotionField _bend = new();

    // The last pairs that were looked at, the latest one last: a pair is predicted when the one after it has been looked at.
    private readonly Pair[] _pairs = [new(), new(), new()];

    /// <inheritdoc/>
    public bool LooksAhead => true;

    /// <inheritdoc/>
    public double Nearest(double time) => interpolator.Nearest(time);

    /// <inheritdoc/>
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
    {
        FrameInterpolation.Check(first, second, time, between);
        if (first.Picture == 0 || second.Picture == 0 || Nearest(time) is 0 or 1)
        {
            return interpolator.Begin(first, second, time, between, cancellation);
        }

        Look(first, second, cancellation);
        return interpolator.Begin(first, second, time, between, BendOf((first.Picture, second.Picture)), cancellation);
    }

    /// <inheritdoc/>
    public void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (Array.TrueForAll(_pairs, pair => pair.Key != (first.Picture, second.Picture)))
        {
            Pair pair = _pairs[0];
            pair.Key = default; // until its motion is found
            (_pairs[0], _pairs[1], _pairs[2]) = (_pairs[1], _pairs[2], pair);
            network.FindMotion(first, second, pair.Flows, cancellation);
            pair.Key = (first.Picture, second.Picture);
            pair.Length = second.Time - first.Time is { } length and > 0 ? length : 0;
        }
    }

    /// <inheritdoc/>
    public void Listen(Action<string> message) => interpolator.Listen(message);

    /// <inheritdoc/>
    public PredictionMemory? MemoryFor(int width, int height, int samples) => interpolator.MemoryFor(width, height, samples);

    /// <inheritdoc/>
    public void LeaveRoom(long bytes) => interpolator.LeaveRoom(bytes);

    /// <inheritdoc/>
    public void Dispose() => interpolator.Dispose();

    // Null where no neighbour is known.
    private MotionBend? BendOf((long First, long Second) key)
    {
        int index = Array.FindIndex(_pairs, each => each.Key == key);
        Pair pair = _pairs[index];
        (MotionField, double)? before = index > 0 && _pairs[index - 1].Key.Second == key.First && key.First != 0 ? Neighbour(_pairs[index - 1], pair) : null;
        (MotionField, double)? after = index < 2 && _pairs[index + 1].Key.First == key.Second ? Neighbour(_pairs[index + 1], pair) : null;
        if (before is null && after is null)
        {
            return null;
        }

        MotionCurve.Of(pair.Flows, before, after, _bend);
        return new(_bend, 1);
    }

    private static (MotionField Flows, double Length) Neighbour(Pair other, Pair pair) =>
        (other.Flows, other.Length > 0 && pair.Length > 0 ? (double)other.Length / pair.Length : 1);

    private sealed class Pair
    {
        public MotionField Flows { get; } = new();

        public (long First, long Second) Key { get; set; }

        public long Length { get; set; }
    }
}
