using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AdaConv.Engine.Search;

/// <summary>The displacements that a search tries, row by row, and what each frame moves by.</summary>
public sealed class SearchMoves
{
    /// <summary>Lists them.</summary>
    /// <param name="radius">R: pixels each way.</param>
    /// <param name="time">The time t of the frame between, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius or the time is out of range.</exception>
    public SearchMoves(int radius, float time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(radius, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 16);
        if (!(time is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(time), time, "A frame between lies at a time from 0 to 1.");
        (Radius, Time) = (radius, time);
        int side = 2 * radius + 1;
        float late = 2 * time, early = 2 - late;
        Move[] all = new Move[side * side];
        for (int i = 0; i < all.Length; i++)
        {
            int x = i % side - radius, y = i / side - radius;
            all[i] = new(
                x, y, Whole(late * x), Whole(late * y), Whole(early * x), Whole(early * y), MotionSearch.LengthCost * MathF.Sqrt(x * x + y * y));
        }

        All = ImmutableCollectionsMarshal.AsImmutableArray(all);
    }

    /// <summary>R.</summary>
    public int Radius { get; }

    /// <summary>The time that they are for.</summary>
    public float Time { get; }

    /// <summary>All of them.</summary>
    public ImmutableArray<Move> All { get; }

    // A half goes to the even number, so that a displacement and its opposite stay opposite.
    private static int Whole(float pixels) => (int)MathF.Round(pixels);

    /// <summary>A displacement.</summary>
    /// <param name="X">Along x, as in the middle.</param>
    /// <param name="Y">Along y.</param>
    /// <param name="FirstX">Where the first frame is looked at, beside the pixel.</param>
    /// <param name="FirstY">The same along y.</param>
    /// <param name="SecondX">Where the second frame is looked at, against this.</param>
    /// <param name="SecondY">The same along y.</param>
    /// <param name="Cost">What its length costs.</param>
    public readonly record struct Move(int X, int Y, int FirstX, int FirstY, int SecondX, int SecondY, float Cost);
}

/// <summary>The displacements of the times that a conversion's frames lie at, which come again: they are listed once.</summary>
/// <param name="radius">R: pixels each way.</param>
internal sealed class KnownMoves(int radius)
{
    private const int Most = 64; // a variable rate never ends with new ones
    private readonly Dictionary<float, SearchMoves> _moves = [];

    /// <summary>Those of a time.</summary>
    public SearchMoves Of(float time)
    {
        if (!_moves.TryGetValue(time, out SearchMoves? moves))
        {
            if (_moves.Count == Most)
                _moves.Clear();
            _moves[time] = moves = new(radius, time);
        }

        return moves;
    }
}
