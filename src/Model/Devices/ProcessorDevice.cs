using System.Runtime.Intrinsics.X86;
using AdaConv.Engine;
using TorchSharp;

namespace AdaConv.Model;

/// <summary>The processor: tiles go nowhere, their results are there at once.</summary>
internal sealed unsafe class ProcessorDevice : NetworkDevice
{
    private const long MemoryStep = 64L << 20;
    private readonly long _memoryLimit;
    private readonly int _heldFrames;

    /// <exception cref="ModelException">The number type is not for processors.</exception>
    public ProcessorDevice(InterpolatorOptions options)
    {
        _memoryLimit = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        _heldFrames = options.HeldFrames;
        Engine = new EngineOptions(options.Kernels, options.Threads);
        ComputeType = options.Precision switch
        {
            Precision.Float32 => torch.ScalarType.Float32,
            Precision.BFloat16 => torch.ScalarType.BFloat16,
            Precision.Float16 => throw new ModelException("The precision float16 is for CUDA devices; the processor takes bfloat16, float32 or auto."),
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
    public override long TilePixels(int width, int height, int context, int bytesPerPixel)
    {
        // The caller's frames as colour planes and samples, and what decoder and encoder hold: about 100 bytes a pixel for three frames.
        long outside = Math.Min(Environment.WorkingSet, 1L << 30) + (28L + 24L * _heldFrames) * width * height;
        long least = outside + Tile.LeastPixels(width, height, context) * bytesPerPixel;
        if (_memoryLimit < least)
        {
            // What the process takes differs from run to run.
            long enough = (least / MemoryStep + 2) * (MemoryStep >> 20);
            throw new ModelException(
                $"A frame of {width}x{height} does not fit the memory limit of {_memoryLimit >> 20} MiB even in the smallest tiles; allow {enough} MiB or more.");
        }

        // Whole frames wherever they fit: the overlap of tiles costs more than anything that a smaller one saves (docs/performance.md).
        return Math.Max(0, _memoryLimit - outside) / bytesPerPixel;
    }

    /// <inheritdoc/>
    public override TilePassage OpenPassage() => new Passage();

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private sealed class Passage : TilePassage
    {
        private torch.Tensor? _input;
        private torch.Tensor? _result;

        public override float* Prepare(long floats)
        {
            _input = torch.empty(floats).DetachFromDisposeScope();
            return TensorMemory.Floats(_input);
        }

        public override torch.Tensor Send() => _input!;

        public override void Fetch(torch.Tensor result) => _result = result.DetachFromDisposeScope();

        public override float* Wait() => TensorMemory.Floats(_result!);

        public override void Release()
        {
            _input?.Dispose();
            _result?.Dispose();
            _input = _result = null;
            base.Release();
        }

        public override void Dispose() => Release();
    }
}
