namespace AdaConv.Engine;

/// <summary>The sizes of a packing.</summary>
/// <param name="Batch">N, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct PackingShape(int Batch, int Height, int Width)
{
    internal long PlaneSize => (long)Height * Width;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
    }
}
