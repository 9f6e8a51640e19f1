namespace AdaConv.Engine;

/// <summary>The sizes of a packing.</summary>
/// <param name="Batch">N, at least 1.</param>
/// <param name="Height">Rows of the planes, a multiple of the factor.</param>
/// <param name="Width">Columns of the planes, a multiple of the factor.</param>
/// <param name="Factor">How many times smaller the interleaved picture is in each direction: 1, 2, 4, 8, 16 or 32.</param>
public readonly record struct PackingShape(int Batch, int Height, int Width, int Factor = 1)
{
    internal int Rows => Height / Factor;

    internal int Columns => Width / Factor;

    internal long PlaneSize => (long)Height * Width;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        if (Factor is < 1 or > 32 || (Factor & (Factor - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(Factor), Factor, "1, 2, 4, 8, 16 or 32 is needed.");
        if (Height % Factor != 0 || Width % Factor != 0)
            throw new ArgumentException($"{Width}x{Height} is no multiple of the factor {Factor}.");
    }
}
