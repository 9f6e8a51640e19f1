namespace AdaConv.Engine;

/// <summary>The sizes of a separable convolution.</summary>
/// <param name="Batch">N, at least 1.</param>
/// <param name="Planes">P, at least 1: planes of an image that share their taps.</param>
/// <param name="Height">Rows of image and output.</param>
/// <param name="Width">Columns of image and output.</param>
/// <param name="Taps">K: odd, 1 to 63.</param>
/// <param name="TapScale">
/// 1: tap maps are [N, K, Height, Width]. 2: they are [N, K, ⌈Height/2⌉, ⌈Width/2⌉] and bilinearly upsampled inside
/// (pixel centres aligned as in torch's upsample_bilinear2d without align_corners; edges clamped).
/// </param>
/// <param name="Normalize">Divide by (Σ vertical)(Σ horizontal), where a product below 0.01 in magnitude counts as 1.</param>
public readonly record struct SeparableConvolutionShape(int Batch, int Planes, int Height, int Width, int Taps, int TapScale,
    bool Normalize)
{
    /// <summary>The greatest number of taps.</summary>
    public const int MaximumTaps = 63;

    /// <summary>Products of sums below this magnitude do not divide; the value is that of revisiting-sepconv.</summary>
    public const float SmallestDivisor = 0.01f;

    /// <summary>Rows of the tap maps.</summary>
    public int TapHeight => (Height + TapScale - 1) / TapScale;

    /// <summary>Columns of the tap maps.</summary>
    public int TapWidth => (Width + TapScale - 1) / TapScale;

    internal long PlaneSize => (long)Height * Width;

    internal long TapPlaneSize => (long)TapHeight * TapWidth;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        if (Taps is < 1 or > MaximumTaps || Taps % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(Taps), Taps, $"Taps must be odd and from 1 to {MaximumTaps}.");
        if (TapScale is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(TapScale), TapScale, "TapScale must be 1 or 2.");
    }
}
