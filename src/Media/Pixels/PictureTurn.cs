using System.Runtime.InteropServices;

namespace AdaConv.Media.Pixels;

/// <summary>How a picture is turned to be upright, as cameras say with a display matrix: mirrored left to right where so, then turned clockwise.</summary>
/// <param name="Degrees">0, 90, 180 or 270.</param>
/// <param name="IsMirrored">Whether left and right change places before.</param>
public readonly record struct PictureTurn(int Degrees, bool IsMirrored)
{
    /// <summary>Whether width and height change places.</summary>
    public bool SwapsSides => Degrees is 90 or 270;

    /// <summary>Whether nothing changes.</summary>
    public bool IsNone => this == default;

    // Where a step to the right, and one down, lead in the turned picture: as a display matrix says it.
    internal (int RightX, int RightY, int DownX, int DownY) Steps
    {
        get
        {
            (int cosine, int sine) = Degrees switch { 90 => (0, 1), 180 => (-1, 0), 270 => (0, -1), _ => (1, 0) };
            return IsMirrored ? (-cosine, -sine, -sine, cosine) : (cosine, sine, -sine, cosine);
        }
    }

    /// <summary>What a display matrix says.</summary>
    /// <param name="matrix">libav's: nine numbers of 16.16 and 2.30 bits; empty for none.</param>
    /// <returns>Null where it does more than turn by right angles and mirror.</returns>
    public static PictureTurn? Of(ReadOnlySpan<byte> matrix)
    {
        if (matrix.Length < 9 * sizeof(int))
        {
            return default(PictureTurn);
        }

        ReadOnlySpan<int> numbers = MemoryMarshal.Cast<byte, int>(matrix);
        (int a, int b, int c, int d) = (numbers[0], numbers[1], numbers[3], numbers[4]);
        bool isUpright = b == 0 && c == 0 && a != 0 && Math.Abs((long)a) == Math.Abs((long)d);
        bool isSideways = a == 0 && d == 0 && b != 0 && Math.Abs((long)b) == Math.Abs((long)c);
        if (!isUpright && !isSideways)
        {
            return null;
        }

        (int Right, int Down) first = (Math.Sign(a), Math.Sign(b));
        bool isMirrored = isUpright ? Math.Sign(a) != Math.Sign(d) : Math.Sign(b) == Math.Sign(c);
        (int cosine, int sine) = isMirrored ? (-first.Right, -first.Down) : first;
        return new PictureTurn((cosine, sine) switch { (0, 1) => 90, (-1, 0) => 180, (0, -1) => 270, _ => 0 }, isMirrored);
    }

    /// <inheritdoc/>
    public override string ToString() => (Degrees, IsMirrored) switch
    {
        (0, true) => "mirrored",
        (_, true) => $"mirrored and turned by {Degrees}°",
        _ => $"turned by {Degrees}°",
    };
}
