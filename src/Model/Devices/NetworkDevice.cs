using AdaConv.Engine;
using TorchSharp;

namespace AdaConv.Model;

/// <summary>Where a network computes: the device of its tensors, the kernels there, and the way in and out.</summary>
internal abstract class NetworkDevice : IDisposable
{
    /// <summary>Where all tensors lie.</summary>
    public abstract torch.Device Tensors { get; }

    /// <summary>How the engine's kernels run on them.</summary>
    public abstract EngineOptions Engine { get; }

    /// <summary>The type of the convolutions.</summary>
    public abstract torch.ScalarType ComputeType { get; }

    /// <summary>The type that taps, and planes of up to 8 bits, are stored in.</summary>
    public virtual torch.ScalarType TapType => torch.ScalarType.Float32;

    /// <summary>Tiles that may be on their way at a time.</summary>
    public virtual int Passages => 1;

    /// <summary>Pixels at most that a tile should look at.</summary>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="context">Pixels that a tile looks beyond its part.</param>
    /// <param name="bytesPerPixel">Bytes that a prediction takes for each pixel looked at.</param>
    /// <exception cref="ModelException">Not even the smallest tiles fit the memory.</exception>
    public abstract long TilePixels(int width, int height, int context, int bytesPerPixel);

    /// <summary>A way for tiles.</summary>
    public abstract TilePassage OpenPassage();

    /// <summary>Whether an error means that the device's memory did not suffice: smaller tiles may fit.</summary>
    public virtual bool IsOutOfMemory(Exception error) => false;

    /// <summary>An error of the device in words for the user; null where it is none.</summary>
    public virtual ModelException? Explain(Exception error) => null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
