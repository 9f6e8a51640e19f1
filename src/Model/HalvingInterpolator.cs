using System.Numerics;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>
/// Frames at eighths of the way by halving: the middle of both frames comes first, then that of a frame and the middle, and so on. Frames on the way are
/// kept as long as the pair lasts. At other times, a network that knows the time predicts the frame directly; where none does, the nearest eighth is taken.
/// </summary>
/// <remarks>A quarter by halving is a little better than a direct one, as the motion of its second step is half as long (docs/training.md).</remarks>
/// <param name="middle">Predicts frames at the time ½; it becomes this one's.</param>
/// <param name="knowsTime">Whether it predicts frames at other times, too.</param>
public sealed class HalvingInterpolator(IFrameInterpolator middle, bool knowsTime = false) : IFrameInterpolator, IDisposable
{
    /// <summary>Parts that the way is divided into.</summary>
    public const int Parts = 8;

    /// <summary>Nearer to an original than that, it is shown itself; no network was trained there.</summary>
    private const double NearOriginal = 1.0 / 64;

    // Frames that others are predicted from: of each level but the finest the last one.
    private readonly (PlanarFrame? Frame, int Part)[] _kept = new (PlanarFrame? Frame, int Part)[BitOperations.Log2(Parts)];

    // The pair at hand, and the finest level seen so far: its frames are not kept, nothing comes of them.
    private (long First, long Second) _pair;
    private int _finest;

    /// <inheritdoc/>
    public double Nearest(double time) =>
        !knowsTime ? Math.Floor(Parts * time + 0.5) / Parts
        : time < NearOriginal ? 0
        : time > 1 - NearOriginal ? 1
        : time;

    /// <inheritdoc/>
    /// <remarks>A time that lies nearest to one of the frames gives that frame.</remarks>
    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
        Begin(first, second, time, between, null, cancellation);

    /// <summary>The same, where things bend on their way, for interpolators that can be told.</summary>
    internal Action? Begin(
        PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, MotionBend? bend, CancellationToken cancellation = default)
    {
        FrameInterpolation.Check(first, second, time, between);
        if (_pair != (first.Picture, second.Picture) || first.Picture == 0 || second.Picture == 0)
        {
            _pair = (first.Picture, second.Picture);
            for (int i = 0; i < _kept.Length; i++)
            {
                _kept[i].Part = 0;
            }
        }

        double way = Parts * Nearest(time);
        if (way != Math.Floor(way))
        {
            return Begin(first, second, time, between, 1);
        }

        int part = (int)way;
        if (part is 0 or Parts)
        {
            Copy(part == 0 ? first : second, between);
            return null;
        }

        int level = Level(part);
        _finest = Math.Max(_finest, level);
        if (level == _finest)
        {
            int step = Parts >> (level + 1);
            return Begin(Frame(part - step), Frame(part + step), 0.5, between, 2.0 * step / Parts);
        }

        Copy(Frame(part), between);
        return null;

        PlanarFrame Frame(int part)
        {
            if (part is 0 or Parts)
            {
                return part == 0 ? first : second;
            }

            int level = Level(part), step = Parts >> (level + 1);
            ref (PlanarFrame? Frame, int Part) kept = ref _kept[level];
            if (kept.Part != part)
            {
                PlanarFrame low = Frame(part - step), high = Frame(part + step);
                if (kept.Frame?.IsLike(between) != true)
                {
                    kept.Frame?.Dispose();
                    kept.Frame = between.CreateAlike();
                }

                kept.Part = 0; // until it holds the new frame
                Begin(low, high, 0.5, kept.Frame, 2.0 * step / Parts)?.Invoke();
                kept.Frame.FillColours();
                kept.Part = part;
            }

            return kept.Frame!;
        }

        // In part of the time, things bend by its square.
        Action? Begin(PlanarFrame low, PlanarFrame high, double at, PlanarFrame target, double way) =>
            bend is { } whole && middle is IMotionInterpolator bending
            ? bending.Begin(low, high, at, target, whole.Scaled(way * way), cancellation)
            : middle.Begin(low, high, at, target, cancellation);
    }

    /// <inheritdoc/>
    public void Listen(Action<string> message) => middle.Listen(message);

    /// <inheritdoc/>
    public PredictionMemory? MemoryFor(int width, int height, int samples) => middle.MemoryFor(width, height, samples);

    /// <inheritdoc/>
    public void LeaveRoom(long bytes) => middle.LeaveRoom(bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (frame, _) in _kept)
        {
            frame?.Dispose();
        }

        (middle as IDisposable)?.Dispose();
    }

    // 0: the middle, 1: quarters, 2: eighths.
    private static int Level(int part) => BitOperations.Log2(Parts) - 1 - BitOperations.TrailingZeroCount(part);

    private static void Copy(PlanarFrame source, PlanarFrame target)
    {
        for (int plane = 0; plane < source.SampleCount; plane++)
        {
            source.SamplePlane(plane).CopyTo(target.SamplePlane(plane));
        }
    }
}
