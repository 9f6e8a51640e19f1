namespace AdaConv.Engine;

/// <summary>
/// Float data [N, C, H, W] whose items [C, H, W] are dense, but may lie apart: a slice of channels of a wider tensor.
/// The memory is the caller's and must stay in place during the call.
/// </summary>
/// <param name="data">The first value; only gradients that are not wanted may be null.</param>
/// <param name="batchStride">Floats from one item of the batch to the next; 0: dense.</param>
public readonly unsafe struct TensorView(float* data, long batchStride = 0)
{
    /// <summary>The first value.</summary>
    public float* Data { get; } = data;

    /// <summary>Floats from one item of the batch to the next; 0: dense.</summary>
    public long BatchStride { get; } = batchStride;

    /// <summary>A dense tensor.</summary>
    public static implicit operator TensorView(float* data) => new(data);

    /// <summary>A dense tensor.</summary>
    public static TensorView FromPointer(float* data) => new(data);

    /// <summary>The view with its stride made explicit.</summary>
    /// <exception cref="ArgumentNullException">No data, though they are needed.</exception>
    /// <exception cref="ArgumentException">Items would overlap.</exception>
    internal TensorView Resolve(int batch, long itemSize, string name, bool optional = false)
    {
        if (Data is null)
            return optional ? default : throw new ArgumentNullException(name);
        if (BatchStride != 0 && BatchStride < itemSize)
            throw new ArgumentException($"The batch stride is {BatchStride} floats, less than an item's {itemSize}.", name);
        return batch == 1 || BatchStride == 0 ? new TensorView(Data, itemSize) : this;
    }

    internal float* Item(int n) => Data + n * BatchStride;
}
