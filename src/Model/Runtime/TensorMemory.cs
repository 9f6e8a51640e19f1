using System.Runtime.InteropServices;
using AdaConv.Engine;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>The memory of a tensor, for the Engine's kernels.</summary>
internal static unsafe partial class TensorMemory
{
    /// <summary>First element of a contiguous float32 tensor on the CPU.</summary>
    /// <exception cref="ArgumentException">The tensor has another type, layout or device.</exception>
    public static float* Floats(Tensor tensor)
    {
        if (tensor.dtype != ScalarType.Float32 || tensor.device_type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous())
        {
            throw new ArgumentException($"A contiguous float32 tensor on the CPU is needed, not {tensor.dtype} on {tensor.device_type}.");
        }

        return (float*)DataPointer(tensor.Handle);
    }

    /// <summary>The channels of a tensor [N, C, H, W] from <paramref name="channel"/> on, as the kernels take them.</summary>
    public static TensorView Channels(Tensor tensor, long channel)
    {
        long plane = tensor.shape[2] * tensor.shape[3];
        return new TensorView(Floats(tensor) + channel * plane, tensor.shape[1] * plane);
    }

    /// <summary>Activations [N, h, w, C] as the kernels take them.</summary>
    /// <exception cref="ArgumentException">The tensor is not contiguous, not on the CPU, or neither float32 nor bfloat16.</exception>
    public static InterleavedView Interleaved(Tensor tensor)
    {
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || tensor.device_type != TorchSharp.DeviceType.CPU
            || !tensor.is_contiguous())
        {
            throw new ArgumentException(
                $"A contiguous float32 or bfloat16 tensor on the CPU is needed, not {tensor.dtype} on {tensor.device_type}.");
        }

        return new InterleavedView((void*)DataPointer(tensor.Handle), (int)tensor.shape[3], tensor.dtype == ScalarType.BFloat16);
    }

    // An export of LibTorchSharp that TorchSharp itself uses behind Tensor.data<T>().
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint DataPointer(nint tensor);
}
