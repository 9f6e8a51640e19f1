using AdaConv.Engine.Cuda;

namespace AdaConv.Engine;

/// <summary>
/// Float data [N, C, H, W] whose items [C, H, W] are dense, but may lie apart: a slice of channels of a wider tensor.
/// The memory is the caller's and must stay in place during the call.
/// </summary>
/// <param name="data">The first value; only gradients that are not wanted may be null.</param>
/// <param name="batchStride">Values from one item of the batch to the next; 0: dense.</param>
public readonly unsafe struct TensorView(float* data, long batchStride = 0)
{
    /// <summary>The first value.</summary>
    public float* Data { get; } = data;

    /// <summary>Values from one item of the batch to the next; 0: dense.</summary>
    public long BatchStride { get; } = batchStride;

    /// <summary>The type of the values: float16 on devices only.</summary>
    internal KernelStorage Storage { get; init; }

    /// <summary>The same, in a device's memory.</summary>
    internal DeviceView OnDevice => new((nint)Data, BatchStride);

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
        if (Storage != KernelStorage.Float32)
            throw new ArgumentException("The processor's kernels take float32.", name);
        if (BatchStride != 0 && BatchStride < itemSize)
            throw new ArgumentException($"The batch stride is {BatchStride} values, less than an item's {itemSize}.", name);
        return batch == 1 || BatchStride == 0 ? new TensorView(Data, itemSize) : this;
    }

    /// <summary>The one type of several views.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    internal static KernelStorage CommonStorage(params ReadOnlySpan<TensorView> views)
    {
        foreach (TensorView view in views)
        {
            if (view.Storage != views[0].Storage)
                throw new ArgumentException($"Image, taps and output need the same type, not {views[0].Storage} and {view.Storage}.");
        }
        return views[0].Storage;
    }

    internal float* Item(int n) => Data + n * BatchStride;
}
