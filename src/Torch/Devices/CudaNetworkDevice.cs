using System.Runtime.InteropServices;
using AdaConv.Engine;
using AdaConv.Engine.Cuda;
using AdaConv.Model;
using TorchSharp;

namespace AdaConv.Torch;

/// <summary>A CUDA device: two tiles are on their way at a time, so that one's copies run beside the other's kernels.</summary>
/// <remarks>
/// Layers are libtorch's, warp and separable convolution the engine's kernels; both queue on the default stream of the device's primary
/// context, where libtorch works unless it is told otherwise, which TorchSharp cannot. Nothing on the way waits for the device but
/// <see cref="DeviceTransfer.Wait"/>.
/// </remarks>
internal sealed unsafe class CudaNetworkDevice : NetworkDevice
{
    // What libtorch, its libraries' workspaces and fragmentation may take of the memory that is free when the first frame comes.
    private const double MemoryShare = 0.8;
    private readonly CudaDevice _device;

    /// <summary>A network's place on a device.</summary>
    /// <param name="device">The device, from now on this object's.</param>
    /// <param name="tensors">libtorch's name for it; in tests the processor, whose memory a driver without a device takes for its own.</param>
    /// <param name="options">How the network runs.</param>
    public CudaNetworkDevice(CudaDevice device, torch.Device tensors, InterpolatorOptions options)
    {
        _device = device;
        Tensors = tensors;
        Engine = new EngineOptions(options.Kernels, options.Threads) { Launcher = device };
        ComputeType = options.Precision switch
        {
            Precision.Float32 => torch.ScalarType.Float32,
            Precision.Float16 => torch.ScalarType.Float16,
            Precision.BFloat16 when !device.HasBFloat16 =>
                throw new ModelException($"The precision bfloat16 needs compute capability 8.0; the GPU {device.Name} supports float16, float32 and auto."),
            _ => device.HasBFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float16,
        };

        // cuDNN would otherwise round the factors of float32 convolutions to 11 bits (TensorFloat-32). The setting is the process's.
        torch.backends.cudnn.allow_tf32 = false;
    }

    /// <inheritdoc/>
    public override torch.Device Tensors { get; }

    /// <inheritdoc/>
    public override EngineOptions Engine { get; }

    /// <inheritdoc/>
    public override torch.ScalarType ComputeType { get; }

    /// <inheritdoc/>
    public override torch.ScalarType TapType =>
        ComputeType == torch.ScalarType.Float32 ? torch.ScalarType.Float32 : torch.ScalarType.Float16;

    /// <inheritdoc/>
    public override int TilesInFlight => 2;

    /// <inheritdoc/>
    public override long? Memory() => (long)(MemoryShare * _device.FreeMemory());

    /// <inheritdoc/>
    public override DeviceTransfer OpenTransfer() => new Transfer(this);

    /// <inheritdoc/>
    /// <remarks>libtorch's own allocations fail with words, not with a number.</remarks>
    public override bool IsOutOfMemory(Exception error) => error is CudaException { IsOutOfMemory: true }
        || (error is ExternalException && (error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("ALLOC_FAILED", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override ModelException? Explain(Exception error) => error is CudaException or ExternalException
        ? new ModelException(
            $"The GPU {_device.Name} failed while computing a frame: {error.Message.Split('\n')[0].TrimEnd('.')}. Try again. If it fails again, use "
            + "--device cpu, and run framefilter doctor --gpu-selftest.", error)
        : null;

    /// <inheritdoc/>
    public override void Dispose() => _device.Dispose();

    private sealed class Transfer : DeviceTransfer
    {
        private readonly CudaNetworkDevice _owner;
        private readonly CudaCopyLane _lane;
        private DriverHandle? _upload;
        private DriverHandle? _download;
        private long _uploadRoom;
        private long _downloadRoom;
        private long _floats;
        private torch.Tensor? _input;
        private torch.Tensor? _result;

        public Transfer(CudaNetworkDevice owner)
        {
            _owner = owner;
            _lane = new CudaCopyLane(owner._device);
        }

        public override float* Prepare(long floats)
        {
            Grow(ref _upload, ref _uploadRoom, floats);
            if (_input is null || _input.numel() < floats)
            {
                _input?.Dispose();
                _input = null;
                _input = torch.empty(floats, device: _owner.Tensors).DetachFromDisposeScope();
                _lane.FollowKernels(); // they may still read what lay in this memory before
            }

            _floats = floats;
            return (float*)_upload!.Value;
        }

        public override torch.Tensor Upload()
        {
            _lane.Upload((nint)TensorMemory.Floats(_input!, _owner.Engine), _upload!, _floats * sizeof(float));
            return _input!.slice(0, 0, _floats, 1);
        }

        public override void Download(torch.Tensor result)
        {
            long floats = result.numel();
            Grow(ref _download, ref _downloadRoom, floats);
            _lane.Download(_download!, (nint)TensorMemory.Floats(result, _owner.Engine), floats * sizeof(float));
            _result = result.DetachFromDisposeScope(); // libtorch would give its memory to what is queued next
        }

        public override float* Wait()
        {
            _lane.Wait();
            return _download is null ? null : (float*)_download.Value;
        }

        public override void Release()
        {
            _result?.Dispose();
            _result = null;
        }

        public override void Dispose()
        {
            try
            {
                _lane.Wait(); // the device may still copy
            }
            catch (CudaException)
            {
                // It failed before, and that was told.
            }

            Release();
            _lane.Dispose();
            _upload?.Dispose();
            _download?.Dispose();
            _input?.Dispose();
        }

        private void Grow(ref DriverHandle? memory, ref long room, long floats)
        {
            if (memory is null || room < floats)
            {
                memory?.Dispose();
                (memory, room) = (null, 0);
                memory = _owner._device.AllocatePinned(floats * sizeof(float));
                room = floats;
            }
        }
    }
}
