namespace AdaConv.Engine;

/// <summary>How wide the kernels compute; every level gives the same results within the tolerances of docs/numerics.md.</summary>
public enum KernelLevel
{
    /// <summary>The readable reference: one value at a time.</summary>
    Scalar,

    /// <summary>8 values at a time; needs AVX2 and FMA.</summary>
    Vector256,

    /// <summary>16 values at a time; needs AVX-512 F and DQ.</summary>
    Vector512,
}
