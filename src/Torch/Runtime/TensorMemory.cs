using System.Runtime.InteropServices;
using AdaConv.Engine;
using AdaConv.Engine.Convolution;
using AdaConv.Engine.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>The memory of a tensor, for the Engine's kernels.</summary>
internal static unsafe partial class TensorMemory
{
    /// <summary>First element of a contiguous float32 tensor on the CPU.</summary>
    /// <exception cref="ArgumentException">The tensor has another type, layout or device.</exception>
    public static float* Floats(Tensor tensor)
    {
        if (tensor.dtype != ScalarType.Float32 || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous())
        {
            throw new ArgumentException($"A contiguous float32 tensor on the CPU is needed, not {tensor.dtype} on {tensor.device_type}.");
        }

        return (float*)DataPointer(tensor.Handle);
    }

    /// <summary>First element of a contiguous float32 or float16 tensor where the kernels of <paramref name="options"/> run.</summary>
    /// <exception cref="ArgumentException">The tensor has another type, layout or device.</exception>
    public static float* Floats(Tensor tensor, EngineOptions options)
    {
        if (options.Launcher is null)
        {
            return Floats(tensor);
        }

        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float16) || !tensor.is_contiguous())
        {
            throw new ArgumentException($"A contiguous float32 or float16 tensor is needed, not {tensor.dtype}.");
        }

        return (float*)DataPointer(tensor.Handle);
    }

    /// <summary>Whether the kernels that work on planes of float32 take a tensor; else the same is made of libtorch's operations.</summary>
    public static bool HasPlaneKernels(Tensor tensor, EngineOptions options) =>
        tensor.device_type == DeviceType.CPU && options.Launcher is null;

    /// <summary>The channels of a tensor [N, C, H, W] from <paramref name="channel"/> on, where the kernels of <paramref name="options"/> run.</summary>
    /// <exception cref="ArgumentException">The tensor has another type, layout or device.</exception>
    public static TensorView Channels(Tensor tensor, long channel, EngineOptions options)
    {
        long plane = tensor.shape[2] * tensor.shape[3];
        float* first = Floats(tensor, options);
        bool half = tensor.dtype == ScalarType.Float16;
        first = half ? (float*)((Half*)first + channel * plane) : first + channel * plane;
        return new TensorView(first, tensor.shape[1] * plane) { Storage = half ? KernelStorage.Float16 : KernelStorage.Float32 };
    }

    /// <summary>The channels of a float32 tensor [N, C, H, W] on the CPU from <paramref name="channel"/> on, as the kernels take them.</summary>
    public static TensorView Channels(Tensor tensor, long channel)
    {
        long plane = tensor.shape[2] * tensor.shape[3];
        return new TensorView(Floats(tensor) + channel * plane, tensor.shape[1] * plane);
    }

    /// <summary>Activations [N, h, w, C] as the kernels take them.</summary>
    /// <exception cref="ArgumentException">The tensor is not contiguous, not on the CPU, or neither float32 nor bfloat16.</exception>
    public static InterleavedView Interleaved(Tensor tensor)
    {
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || tensor.device_type != DeviceType.CPU
            || !tensor.is_contiguous())
        {
            throw new ArgumentException(
                $"A contiguous float32 or bfloat16 tensor on the CPU is needed, not {tensor.dtype} on {tensor.device_type}.");
        }

        return new InterleavedView((void*)DataPointer(tensor.Handle), (int)tensor.shape[3], tensor.dtype == ScalarType.BFloat16);
    }

    /// <summary>Activations [N, h, w, ≥channels] as the convolutions take them.</summary>
    /// <exception cref="ArgumentException">The tensor is not contiguous, not float32, or not on the CPU.</exception>
    public static ActivationView Activations(Tensor tensor, int channels) =>
        new(Floats(tensor), (int)tensor.shape[1], (int)tensor.shape[2], channels, (int)tensor.shape[3], (int)tensor.shape[0]);

    /// <summary>Weights [O, I, 3, 3], or their gradients, in whatever order they lie.</summary>
    /// <exception cref="ArgumentException">The tensor is not float32, or not on the CPU.</exception>
    public static WeightView Weights(Tensor tensor)
    {
        if (tensor.dtype != ScalarType.Float32 || tensor.device_type != DeviceType.CPU)
        {
            throw new ArgumentException($"Float32 weights on the CPU are needed, not {tensor.dtype} on {tensor.device_type}.");
        }

        long[] strides = tensor.stride();
        return new WeightView(DataPointer(tensor.Handle), (nint)strides[0], (nint)strides[1], (nint)strides[2], (nint)strides[3]);
    }

    // An export of LibTorchSharp that TorchSharp itself uses behind Tensor.data<T>().
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint DataPointer(nint tensor);
}
