using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>A way of looking at a pair of frames that keeps their middle what it is: mirrored, upside down, transposed, later frame first.</summary>
/// <remarks>Networks are trained on all of them, and are wrong in each a little differently.</remarks>
/// <param name="Mirrored">Left and right change places.</param>
/// <param name="Flipped">Top and bottom change places.</param>
/// <param name="Transposed">Rows become columns, after what the first two did.</param>
/// <param name="Swapped">The frames change places in time.</param>
internal readonly record struct PairView(bool Mirrored, bool Flipped, bool Transposed, bool Swapped)
{
    // Of those tried on Middlebury's pairs, half a turn with the later frame first gains most as the second view, and the transposed two
    // as the third and fourth. Each size is closed: all its views of a pair have the same mean.
    private static readonly PairView[] InOrder =
    [
        new(false, false, false, false), new(true, true, false, true),
        new(false, false, true, false), new(true, true, true, true),
        new(false, false, false, true), new(true, true, false, false), new(false, false, true, true), new(true, true, true, false),
    ];

    /// <summary>The views that an ensemble of 1, 2, 4 or 8 takes the mean over; the first is the pair as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no ensemble of this size.</exception>
    public static IReadOnlyList<PairView> Ensemble(int size) => size is 1 or 2 or 4 or 8
        ? InOrder[..size]
        : throw new ArgumentOutOfRangeException(nameof(size), size, "An ensemble has 1, 2, 4 or 8 views.");

    /// <summary>A pair seen so: [1, 2P, H, W] → the same, or [1, 2P, W, H]; contiguous where the pair is.</summary>
    public Tensor Of(Tensor pair)
    {
        Tensor seen = Swapped ? pair.roll(pair.shape[1] / 2, 1) : pair;
        seen = Turn(seen);
        return Transposed ? seen.transpose(2, 3).contiguous() : seen;
    }

    /// <summary>A picture predicted from such a pair as the pair itself would have it: [1, P, ·, ·] → [1, P, H, W].</summary>
    public Tensor Back(Tensor picture) => Turn(Transposed ? picture.transpose(2, 3) : picture);

    private Tensor Turn(Tensor picture) => (Mirrored, Flipped) switch
    {
        (true, true) => picture.flip(2, 3),
        (true, false) => picture.flip(3),
        (false, true) => picture.flip(2),
        _ => picture,
    };
}
