namespace AdaConv.Model;

/// <summary>Number type of the network's convolutions; flows, taps and the synthesis are float32 always.</summary>
public enum Precision
{
    /// <summary>bfloat16 on processors with instructions for it, float32 elsewhere.</summary>
    Auto,

    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>16-bit brain floats.</summary>
    BFloat16,
}
