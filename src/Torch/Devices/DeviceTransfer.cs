using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A tile's planes to the device and back, one tile after another: prepare, upload, download, wait, release.</summary>
internal abstract unsafe class DeviceTransfer : IDisposable
{
    /// <summary>Memory for what is to be uploaded.</summary>
    /// <param name="floats">How much.</param>
    public abstract float* Prepare(long floats);

    /// <summary>Uploads it.</summary>
    /// <returns>[floats] on the device, the transfer's own until <see cref="Release"/>.</returns>
    public abstract Tensor Upload();

    /// <summary>Begins to download.</summary>
    /// <param name="result">float32, contiguous, on the device; the transfer keeps it.</param>
    public abstract void Download(Tensor result);

    /// <summary>Waits for what is downloaded.</summary>
    /// <returns>Its values, until <see cref="Release"/>; null where nothing was.</returns>
    public abstract float* Wait();

    /// <summary>Releases the result; waits for nothing.</summary>
    public abstract void Release();

    /// <inheritdoc/>
    public abstract void Dispose();
}
