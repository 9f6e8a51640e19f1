namespace AdaConv.Model;

/// <summary>A way to turn a pair of frames that turns the frame between them alike: later frame first, mirrored, upside down.</summary>
/// <remarks>Networks are trained on all of them, and are wrong in each a little differently.</remarks>
/// <param name="Swapped">The frames change places in time.</param>
/// <param name="Mirrored">Left and right change places.</param>
/// <param name="Flipped">Top and bottom change places.</param>
internal readonly record struct PairSymmetry(bool Swapped, bool Mirrored, bool Flipped)
{
    // As a second one the swapped pair gains most on the validation clips, then half a turn; transposed ones gain no more than these. Each
    // size is closed: whichever of its symmetries a pair is given in, the mean is over the same.
    private static readonly PairSymmetry[] InOrder =
    [
        new(false, false, false), new(true, false, false),
        new(false, true, true), new(true, true, true),
        new(false, true, false), new(true, true, false), new(false, false, true), new(true, false, true),
    ];

    /// <summary>The symmetries that an ensemble of 1, 2, 4 or 8 takes the mean over; the first is the pair as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no ensemble of this size.</exception>
    public static IReadOnlyList<PairSymmetry> Ensemble(int size) => size is 1 or 2 or 4 or 8
        ? InOrder[..size]
        : throw new ArgumentOutOfRangeException(nameof(size), size, "An ensemble has 1, 2, 4 or 8 members.");

    /// <summary>A row [W] of a plane [H, W], turned.</summary>
    /// <param name="source">The plane's row that <see cref="SourceRow"/> names.</param>
    /// <param name="target">Its row of the turned plane.</param>
    public void Turn(ReadOnlySpan<float> source, Span<float> target)
    {
        source.CopyTo(target);
        if (Mirrored)
        {
            target[..source.Length].Reverse();
        }
    }

    /// <summary>The row that becomes row <paramref name="y"/> of the turned plane.</summary>
    public int SourceRow(int y, int height) => Flipped ? height - 1 - y : y;
}
