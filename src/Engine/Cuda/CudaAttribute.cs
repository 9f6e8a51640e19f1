namespace AdaConv.Engine.Cuda;

/// <summary>CUdevice_attribute: what a device is asked for.</summary>
internal enum CudaAttribute
{
    /// <summary>Streaming multiprocessors.</summary>
    MultiprocessorCount = 16,

    /// <summary>Kilohertz.</summary>
    ClockRate = 13,

    /// <summary>Kilohertz; two transfers a period.</summary>
    MemoryClockRate = 36,

    /// <summary>Bits.</summary>
    MemoryBusWidth = 37,

    /// <summary>Major number of the compute capability.</summary>
    ComputeCapabilityMajor = 75,

    /// <summary>Minor number of the compute capability.</summary>
    ComputeCapabilityMinor = 76,
}
