namespace AdaConv.Engine;

/// <summary>The sizes of a warp.</summary>
/// <param name="Batch">N, at least 1.</param>
/// <param name="Planes">P, at least 1.</param>
/// <param name="Height">Rows of image, flow and output, at most 2²⁴.</param>
/// <param name="Width">Columns of image, flow and output, at most 2²⁴.</param>
public readonly record struct WarpShape(int Batch, int Planes, int Height, int Width)
{
    /// <summary>Beyond it single precision no longer counts pixels.</summary>
    public const int MaximumSize = 1 << 24;

    internal long PlaneSize => (long)Height * Width;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Height, MaximumSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Width, MaximumSize);
        // Offsets inside a plane are 32 bits wide in the gathers.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PlaneSize, int.MaxValue, nameof(Height));
    }
}
