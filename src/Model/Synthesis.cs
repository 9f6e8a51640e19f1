namespace AdaConv.Model;

/// <summary>How the middle frame is made of what a network says.</summary>
public enum Synthesis
{
    /// <summary>Warping where there is motion, the adaptive separable convolution, the mask: what networks are trained for.</summary>
    Convolution,

    /// <summary>Warping and the mask alone, to see what the convolution brings; networks without motion have none.</summary>
    Warping,
}
