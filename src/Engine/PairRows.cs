namespace AdaConv.Engine;

/// <summary>Both frames of a pair, of which single rows are asked for.</summary>
internal unsafe interface IPairRow
{
    /// <summary>Copies a row of all planes.</summary>
    /// <param name="row">Which row, inside the picture.</param>
    /// <param name="target">Where that of the first frame's first plane goes.</param>
    /// <param name="stride">Floats from a plane's row to the next plane's.</param>
    void Copy(int row, float* target, nint stride);
}

/// <summary>A pair whose planes lie in memory as a whole.</summary>
/// <param name="planes">P of each frame.</param>
/// <param name="height">H.</param>
/// <param name="width">W.</param>
/// <param name="pair">[2P, H, W].</param>
internal readonly unsafe struct WholePair(int planes, int height, int width, float* pair) : IPairRow
{
    public void Copy(int row, float* target, nint stride)
    {
        for (int plane = 0; plane < 2 * planes; plane++, target += stride)
            new ReadOnlySpan<float>(pair + ((long)plane * height + row) * width, width).CopyTo(new(target, width));
    }
}
