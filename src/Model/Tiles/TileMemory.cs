namespace AdaConv.Model;

/// <summary>What frames and tiles of a network take, and what the memory limit leaves for them.</summary>
/// <param name="network">The network.</param>
/// <param name="options">The limit, and how many frames the caller holds.</param>
internal sealed class TileMemory(ITileNetwork network, InterpolatorOptions options)
{
    private const int FewTiles = 4; // more than that look at each pixel several times

    /// <summary>Bytes that the caller holds, where it has told so; null: about 100 for each pixel.</summary>
    public long? Held { get; set; }

    /// <summary>What predicting takes; null where there is no limit, or a device has the memory.</summary>
    /// <exception cref="ModelException">The device failed.</exception>
    public PredictionMemory? Of(int width, int height, int samples)
    {
        if (options.MemoryLimit is not { } limit || network.DeviceMemory() is not null)
        {
            return null;
        }

        long few = Enumerable.Range(2, FewTiles - 1).Select(count => Tile.Looked(width, height, network.Context, count))
            .Min(looked => BytesOf(looked.Width, looked.Height, samples));
        return new(
            limit, network.ProcessBytes, network.SpareProcessBytes, network.FrameBytes(width, height, samples), few, LeastBytes(width, height, samples));
    }

    /// <summary>Bytes that a prediction may take, for what memory there is.</summary>
    /// <exception cref="ModelException">The memory limit does not let even small tiles through, or the device failed.</exception>
    public long Available(int width, int height, int samples)
    {
        if (network.DeviceMemory() is { } memory)
        {
            return memory;
        }

        // The caller's frames as colour planes and samples, and what decoder and encoder hold: about 100 bytes a pixel for three frames.
        long limit = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        long held = Held ?? ((28L + 24L * options.HeldFrames) * width * height);
        network.SettleWeights(spare: limit < network.ProcessBytes + held + network.FrameBytes(width, height, samples));
        long outside = network.ProcessBytes + held;
        long least = Math.Min(network.FrameBytes(width, height, samples), LeastBytes(width, height, samples));
        return limit >= outside + least
            ? limit - outside // Whole frames wherever they fit: the overlap of tiles costs more than anything that a smaller one saves (docs/performance.md).
            : throw new ModelException(PredictionMemory.Refusal(width, height, limit, outside + least));
    }

    /// <summary>Whether a tile that looks at so many columns and rows takes no more than that.</summary>
    public bool Fits(int width, int height, int samples, long memory)
    {
        // The program of a size is written only where the rough figure does not decide.
        long rough = (long)network.BytesPerPixel * width * height;
        return rough <= memory || (LowerBound(rough) <= memory && FrameBytes(width, height, samples) <= memory);
    }

    private static long LowerBound(long rough) => rough - (rough / 4);

    // The least memory in which a tile fits.
    private long BytesOf(int width, int height, int samples)
    {
        long rough = (long)network.BytesPerPixel * width * height;
        return Math.Min(rough, Math.Max(LowerBound(rough), FrameBytes(width, height, samples)));
    }

    private long LeastBytes(int width, int height, int samples)
    {
        (int columns, int rows) = Tile.Least(width, height, network.Context);
        return BytesOf(columns, rows, samples);
    }

    // Tiles begin on a multiple.
    private long FrameBytes(int width, int height, int samples) =>
        network.FrameBytes(width + network.SizeMultiple - 1, height + network.SizeMultiple - 1, samples);
}
