namespace AdaConv.FrameFilter.Configuration;

/// <summary>How the frame between two frames is made.</summary>
public sealed record InterpolationOptions
{
    /// <summary>A trained network, or the baseline that it is compared with.</summary>
    public InterpolationMethod Method { get; init; } = InterpolationMethod.Network;

    /// <summary>A name in the application's models folder, or the path of a .safetensors file.</summary>
    public string Model { get; init; } = "guided";

    /// <summary>Where the network runs.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>The network's number format.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Auto;

    /// <summary>Threads of the network, 1 to 1024. Null: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the network's work may take; larger frames are done in tiles. Null: no bound.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The vector instructions of the convolution and the warp.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Auto;
}
