namespace AdaConv.Model;

/// <summary>The two network architectures; both end in the adaptive separable convolution.</summary>
public enum NetworkKind
{
    /// <summary>Coarse-to-fine flows and a mask first, then small kernels: the default.</summary>
    Guided,

    /// <summary>The reference work's encoder-decoder with four heads of long kernels.</summary>
    Paper,
}
