namespace AdaConv.Engine.Cuda;

/// <summary>
/// Data [N, C, H, W] in a device's memory, whose items [C, H, W] are dense, but may lie apart. The memory is the caller's and must
/// stay until the stream has passed the operation.
/// </summary>
/// <param name="Address">The first value on the device; 0 only for gradients that are not wanted.</param>
/// <param name="BatchStride">Elements from one item of the batch to the next; 0: dense.</param>
public readonly record struct DeviceView(nint Address, long BatchStride = 0)
{
    /// <summary>The view with its stride made explicit.</summary>
    /// <exception cref="ArgumentNullException">No data, though they are needed.</exception>
    /// <exception cref="ArgumentException">Items would overlap.</exception>
    internal DeviceView Resolve(int batch, long itemSize, string name, bool optional = false)
    {
        if (Address == 0)
            return optional ? default : throw new ArgumentNullException(name);
        if (BatchStride != 0 && BatchStride < itemSize)
            throw new ArgumentException($"The batch stride is {BatchStride} elements, less than an item's {itemSize}.", name);
        return batch == 1 || BatchStride == 0 ? this with { BatchStride = itemSize } : this;
    }
}

/// <summary>The number type that a kernel's image, taps, output and output gradient are stored in; sums are always float32.</summary>
public enum KernelStorage
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,
}
