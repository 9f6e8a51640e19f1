namespace AdaConv.Engine;

/// <summary>Rows of a picture, from one on and up to another.</summary>
/// <param name="First">The first row.</param>
/// <param name="End">The row behind the last.</param>
public readonly record struct RowRange(int First, int End)
{
    /// <summary>How many they are.</summary>
    public int Count => End - First;

    /// <summary>All rows of a picture.</summary>
    public static RowRange All(int height) => new(0, height);

    /// <summary>Checks that a picture has them, and that they are whole units of it.</summary>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="unit">Rows that are made together; the last ones of a picture may be fewer.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal void Check(int height, int unit)
    {
        if (First < 0 || End <= First || End > height || First % unit != 0 || (End % unit != 0 && End != height))
            throw new ArgumentException($"Rows {First} to {End - 1} are no whole units of {unit} rows of a picture of {height}.");
    }
}
