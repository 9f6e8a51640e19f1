using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>The memory of parameters, for what works on them element by element, in whatever order they lie.</summary>
public static unsafe class ParameterMemory
{
    /// <summary>All elements in the order of memory.</summary>
    /// <param name="tensor">float32 on the CPU, without gaps: contiguous, or channels-last.</param>
    /// <exception cref="ArgumentException">The tensor has another type or device, or gaps.</exception>
    public static Span<float> Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Tensor dense = tensor;
        if (!tensor.is_contiguous() && tensor.shape.Length == 4)
        {
            dense = tensor.permute(0, 2, 3, 1);
        }

        return new Span<float>(TensorMemory.Floats(dense), checked((int)tensor.numel()));
    }
}
