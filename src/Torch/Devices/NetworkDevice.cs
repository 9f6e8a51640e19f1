using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;

namespace AdaConv.Torch;

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
    public virtual int TilesInFlight => 1;

    /// <summary>Bytes of the device's memory that predictions may take; null where they work in the process's own.</summary>
    public virtual long? Memory() => null;

    /// <summary>A way for planes, in and out.</summary>
    public abstract DeviceTransfer OpenTransfer();

    /// <summary>Whether an error means that the device's memory did not suffice: smaller tiles may fit.</summary>
    public virtual bool IsOutOfMemory(Exception error) => false;

    /// <summary>An error of the device in words for the user; null where it is none.</summary>
    public virtual ModelException? Explain(Exception error) => null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
