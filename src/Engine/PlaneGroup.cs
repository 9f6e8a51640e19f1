namespace AdaConv.Engine;

/// <summary>Planes that stand next to each other in a tensor and become, or come from, as many channels.</summary>
/// <param name="planes">[N, count, H, W]; null data when unpacking: these channels are passed over.</param>
/// <param name="count">Planes, at least 1.</param>
/// <param name="scale">Factor on every value.</param>
/// <param name="offsets">Added after scaling: [N, count], dense; null: none.</param>
public readonly unsafe struct PlaneGroup(TensorView planes, int count, float scale = 1, float* offsets = null)
{
    /// <summary>[N, count, H, W].</summary>
    public TensorView Planes { get; } = planes;

    /// <summary>Planes, at least 1.</summary>
    public int Count { get; } = count;

    /// <summary>Factor on every value.</summary>
    public float Scale { get; } = scale;

    /// <summary>Added after scaling: [N, count], dense; null: none.</summary>
    public float* Offsets { get; } = offsets;

    internal float Offset(int n, int plane) => Offsets is null ? 0 : Offsets[n * Count + plane];
}
