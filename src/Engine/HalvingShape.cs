namespace AdaConv.Engine;

/// <summary>The sizes of a halving.</summary>
/// <param name="Planes">Planes that follow one another, at least 1.</param>
/// <param name="Height">Rows of the large planes, even.</param>
/// <param name="Width">Columns of the large planes, even.</param>
public readonly record struct HalvingShape(int Planes, int Height, int Width)
{
    internal int Rows => Height / 2;

    internal int Columns => Width / 2;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 2);
        if (Height % 2 != 0 || Width % 2 != 0)
            throw new ArgumentException($"{Width}x{Height} has no half: even sizes are needed.");
    }
}
