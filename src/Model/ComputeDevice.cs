namespace AdaConv.Model;

/// <summary>Where the network runs.</summary>
public enum ComputeDevice
{
    /// <summary>A CUDA device where the build and the machine have one, else the processor.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>A CUDA device; without one the conversion is refused.</summary>
    Cuda,
}
