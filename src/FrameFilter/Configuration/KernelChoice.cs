namespace AdaConv.FrameFilter.Configuration;

/// <summary>The vector instructions that the convolution and the warp use.</summary>
public enum KernelChoice
{
    /// <summary>The widest that the hardware has.</summary>
    Auto,

    /// <summary>None: the readable reference, slow.</summary>
    Scalar,

    /// <summary>256 bits (AVX2).</summary>
    Vector256,

    /// <summary>512 bits (AVX-512).</summary>
    Vector512,
}
