namespace AdaConv.Engine.Cuda;

/// <summary>The number type that a kernel's image, taps, output and output gradient are stored in; sums are always float32.</summary>
public enum KernelStorage
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,
}
