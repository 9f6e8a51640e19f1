using AdaConv.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace AdaConv.Torch;

/// <summary>Where a network is trained: on the processor itself, or by a copy on a CUDA device that computes losses and gradients.</summary>
/// <remarks>
/// The network that learns, its optimizer and its checkpoints stay in the processor's memory, so that a run may go on on the other kind of device. Each step
/// sends the weights to the device and brings the gradients back: twice 12 MB for three million parameters.
/// </remarks>
public sealed class TrainingDevice : IDisposable
{
    private readonly NetworkDevice _device;
    private TorchNetwork? _copy;
    private (Parameter Master, Parameter Copy)[] _parameters = [];

    /// <summary>A device for training, which becomes this object's.</summary>
    internal TrainingDevice(NetworkDevice device) => _device = device;

    /// <summary>Opens what was asked for.</summary>
    /// <param name="device">The processor, a CUDA device, or that where the build and the machine have one.</param>
    /// <param name="threads">Threads of the processor; 0 = one for each.</param>
    /// <param name="bfloat16">Whether convolutions may be in bfloat16; taps, flows and sums are float32.</param>
    /// <param name="note">Told where a device exists that cannot be used.</param>
    /// <exception cref="ModelException">A CUDA device was asked for and cannot be used.</exception>
    public static TrainingDevice Open(ComputeDevice device, int threads, bool bfloat16, Action<string> note) => new(DeviceChoice.Open(
        new InterpolatorOptions { Device = device, Threads = threads, Precision = bfloat16 ? Precision.Auto : Precision.Float32 }, note));

    /// <summary>Whether it is the processor.</summary>
    public bool IsProcessor => _device is ProcessorDevice;

    /// <summary>The type of a CUDA device's convolutions: float16, which older ones have, is too narrow for gradients.</summary>
    public ScalarType ComputeType => _device.ComputeType == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>The network that computes for a network that learns: its copy on the device; on the processor itself.</summary>
    public TorchNetwork Place(TorchNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (IsProcessor)
        {
            return network;
        }

        _copy?.Dispose();
        _copy = network.Configuration.CreateNetwork();
        (_copy.Engine, _copy.ComputeType) = (_device.Engine, ComputeType);
        _copy.to(_device.Tensors);
        _parameters = [.. network.parameters().Zip(_copy.parameters())];
        foreach (var (master, copy) in _parameters)
        {
            copy.requires_grad = master.requires_grad;
        }

        return _copy;
    }

    /// <summary>A tensor of the processor's where the network computes.</summary>
    public Tensor Move(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.to(_device.Tensors);
    }

    /// <summary>Gives the copy the weights that were learnt so far, and gradients of zero.</summary>
    public void SendWeights()
    {
        using IDisposable noGradient = no_grad();
        foreach (var (master, copy) in _parameters)
        {
            copy.copy_(master);
            copy.grad?.zero_();
        }
    }

    /// <summary>Gives the network that learns the copy's gradients; waits for the device.</summary>
    public void BringGradients()
    {
        using IDisposable noGradient = no_grad();
        foreach (var (master, copy) in _parameters)
        {
            if (copy.grad is { } gradient)
            {
                master.grad = empty_like(master).copy_(gradient);
            }
        }
    }

    /// <summary>An error of the device in words for the user; null where it is none.</summary>
    public string? Explain(Exception error) => _device.IsOutOfMemory(error)
        ? "The GPU's memory does not suffice for a step; take a smaller --batch or --patch, or --device cpu."
        : _device.Explain(error) is not null ? $"The GPU failed: {error.Message.Split('\n')[0].TrimEnd('.')}." : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _copy?.Dispose();
        _device.Dispose();
    }
}
