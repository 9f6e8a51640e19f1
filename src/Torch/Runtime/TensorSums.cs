using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Sums of tensors that survive the garbage collector.</summary>
/// <remarks>
/// TorchSharp's a + b and a.add_(b) make a Scalar of one in passing, which may be finalised while libtorch reads it (see
/// <c>Runtime/Scalars.cs</c>): seen after 440 to 1,200 training steps.
/// </remarks>
public static class TensorSums
{
    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a.add(b, Scalars.One);
    }

    /// <summary>Adds b to a in place.</summary>
    public static Tensor PlusInPlace(this Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a.add_(b, Scalars.One);
    }
}
