namespace AdaConv.Model;

/// <summary>Number type of the network's convolutions; flows are float32 always, and on the processor taps and the synthesis, too.</summary>
public enum Precision
{
    /// <summary>
    /// bfloat16 on processors with instructions for it, else float32; bfloat16 on CUDA devices from compute capability 8.0 on, else float16.
    /// </summary>
    Auto,

    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>16-bit brain floats.</summary>
    BFloat16,

    /// <summary>IEEE 754 16-bit floats; CUDA devices only.</summary>
    Float16,
}
