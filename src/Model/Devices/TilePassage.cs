using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>A tile's way to the device and back, used by one tile after another: prepare, send, fetch, wait, release.</summary>
internal abstract unsafe class TilePassage : IDisposable
{
    /// <summary>The tile on its way; null: none.</summary>
    public TileInFlight? Load { get; set; }

    /// <summary>Memory for what is to be sent.</summary>
    /// <param name="floats">How much.</param>
    public abstract float* Prepare(long floats);

    /// <summary>Sends it.</summary>
    /// <returns>[floats] on the device, the passage's own until <see cref="Release"/>.</returns>
    public abstract Tensor Send();

    /// <summary>Begins the way back.</summary>
    /// <param name="result">float32, contiguous, on the device; the passage keeps it.</param>
    public abstract void Fetch(Tensor result);

    /// <summary>Waits for the result.</summary>
    /// <returns>Its values, until <see cref="Release"/>.</returns>
    public abstract float* Wait();

    /// <summary>Lets go of tile and result; waits for nothing.</summary>
    public virtual void Release() => Load = null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
