using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>A way of looking at a pair of frames that keeps their middle what it is: later frame first, mirrored, upside down.</summary>
/// <remarks>Networks are trained on all of them, and are wrong in each a little differently.</remarks>
/// <param name="Swapped">The frames change places in time.</param>
/// <param name="Mirrored">Left and right change places.</param>
/// <param name="Flipped">Top and bottom change places.</param>
internal readonly record struct PairView(bool Swapped, bool Mirrored, bool Flipped)
{
    // As a second view the swapped one gains most on the validation clips, then half a turn; transposed ones gain no more than these. Each
    // size is closed: whichever of its views a pair is given in, the mean is over the same.
    private static readonly PairView[] InOrder =
    [
        new(false, false, false), new(true, false, false),
        new(false, true, true), new(true, true, true),
        new(false, true, false), new(true, true, false), new(false, false, true), new(true, false, true),
    ];

    /// <summary>The views that an ensemble of 1, 2, 4 or 8 takes the mean over; the first is the pair as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no ensemble of this size.</exception>
    public static IReadOnlyList<PairView> Ensemble(int size) => size is 1 or 2 or 4 or 8
        ? InOrder[..size]
        : throw new ArgumentOutOfRangeException(nameof(size), size, "An ensemble has 1, 2, 4 or 8 views.");

    /// <summary>A pair [1, 2P, H, W] seen so; contiguous where the pair is.</summary>
    public Tensor Of(Tensor pair) => Turn(Swapped ? pair.roll(pair.shape[1] / 2, 1) : pair);

    /// <summary>A picture [1, P, H, W] predicted from such a pair, as the pair itself would have it.</summary>
    public Tensor Back(Tensor picture) => Turn(picture);

    private Tensor Turn(Tensor picture) => (Mirrored, Flipped) switch
    {
        (true, true) => picture.flip(2, 3),
        (true, false) => picture.flip(3),
        (false, true) => picture.flip(2),
        _ => picture,
    };
}
