using TorchSharp;

namespace AdaConv.Torch;

/// <summary>Numbers that operations take, made once.</summary>
/// <remarks>
/// TorchSharp 0.107 does not keep a Scalar alive during the native call that reads it: one converted in passing from a number may be
/// finalised in the middle (seen after some 1,200 training steps as "Expected false to be true … toFloat"). So none is.
/// </remarks>
internal static class Scalars
{
    /// <summary>0.01.</summary>
    public static readonly Scalar Hundredth = 0.01f.ToScalar();

    /// <summary>One half.</summary>
    public static readonly Scalar Half = 0.5f.ToScalar();

    /// <summary>One.</summary>
    public static readonly Scalar One = 1f.ToScalar();

    /// <summary>Two.</summary>
    public static readonly Scalar Two = 2f.ToScalar();
}
