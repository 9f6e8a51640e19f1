using System.Runtime.Intrinsics.X86;
using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;

namespace AdaConv.Torch;

/// <summary>The processor: planes go nowhere, results are there at once.</summary>
internal sealed unsafe class ProcessorDevice : NetworkDevice
{
    /// <exception cref="ModelException">The number type is not for processors.</exception>
    public ProcessorDevice(InterpolatorOptions options)
    {
        Engine = new EngineOptions(options.Kernels, options.Threads);
        ComputeType = options.Precision switch
        {
            Precision.Float32 => torch.ScalarType.Float32,
            Precision.BFloat16 => torch.ScalarType.BFloat16,
            Precision.Float16 => throw new ModelException("The precision float16 is for CUDA devices; the CPU supports bfloat16, float32 and auto."),
            _ => HasFastBFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32,
        };
    }

    /// <summary>Whether this processor has instructions for bfloat16 products (AVX512-BF16 or AMX-BF16).</summary>
    public static bool HasFastBFloat16 { get; } =
        Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
        && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);

    /// <inheritdoc/>
    public override torch.Device Tensors => torch.CPU;

    /// <inheritdoc/>
    public override EngineOptions Engine { get; }

    /// <inheritdoc/>
    public override torch.ScalarType ComputeType { get; }

    /// <inheritdoc/>
    public override DeviceTransfer OpenTransfer() => new Transfer();

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private sealed class Transfer : DeviceTransfer
    {
        private torch.Tensor? _input;
        private torch.Tensor? _result;

        public override float* Prepare(long floats)
        {
            _input = torch.empty(floats).DetachFromDisposeScope();
            return TensorMemory.Floats(_input);
        }

        public override torch.Tensor Upload() => _input!;

        public override void Download(torch.Tensor result) => _result = result.DetachFromDisposeScope();

        public override float* Wait() => _result is null ? null : TensorMemory.Floats(_result);

        public override void Release()
        {
            _input?.Dispose();
            _result?.Dispose();
            _input = _result = null;
        }

        public override void Dispose() => Release();
    }
}
