using AdaConv.Engine;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Frames at half their size, each pixel the mean of 2×2.</summary>
internal static unsafe class HalvedPlanes
{
    /// <summary>Halves frames; no gradient passes, they have none.</summary>
    /// <param name="frames">[N, C, H, W] float32, contiguous; H and W even.</param>
    /// <param name="options">How the kernels run.</param>
    /// <returns>[N, C, H/2, W/2].</returns>
    public static Tensor Of(Tensor frames, EngineOptions options)
    {
        if (!TensorMemory.HasPlaneKernels(frames, options))
        {
            return Compose(frames);
        }

        long batch = frames.shape[0], channels = frames.shape[1], height = frames.shape[2], width = frames.shape[3];
        Tensor halved = empty(batch, channels, height / 2, width / 2);
        HalvingShape shape = new((int)(batch * channels), (int)height, (int)width);
        PlaneHalving.Apply(shape, TensorMemory.Floats(frames), TensorMemory.Floats(halved), options);
        return halved;
    }

    /// <summary>The same by libtorch's operations: what the kernel is tested against, and what runs on devices.</summary>
    internal static Tensor Compose(Tensor frames) => nn.functional.avg_pool2d(frames, 2L);
}
