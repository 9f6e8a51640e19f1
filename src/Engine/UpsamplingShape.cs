namespace AdaConv.Engine;

/// <summary>The sizes of an upsampling.</summary>
/// <param name="Batch">N, at least 1.</param>
/// <param name="Planes">P, at least 1.</param>
/// <param name="Rows">Rows of the small planes.</param>
/// <param name="Columns">Columns of the small planes.</param>
/// <param name="Factor">How many times larger the result is in each direction, 2 to 64.</param>
public readonly record struct UpsamplingShape(int Batch, int Planes, int Rows, int Columns, int Factor)
{
    internal int Height => Rows * Factor;

    internal int Width => Columns * Factor;

    internal long SmallSize => (long)Rows * Columns;

    internal long LargeSize => (long)Height * Width;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Factor, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Factor, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LargeSize, int.MaxValue, nameof(Rows));
    }

    /// <summary>Where a large row or column lies among the small: the one before, the one after, and the latter's share.</summary>
    internal static (int Before, int After, float Share) Locate(int position, int factor, int count)
    {
        // (position + ½) / factor − ½, exact: twice the numerator over twice the factor.
        int twice = 2 * position + 1 - factor, before = Math.Max(0, twice) / (2 * factor);
        float share = twice <= 0 ? 0 : (twice - 2 * factor * before) / (2f * factor);
        return (before, Math.Min(before + 1, count - 1), share);
    }
}
