namespace AdaConv.FrameFilter.Configuration;

/// <summary>The network's number format. Colours are float32 in every case.</summary>
public enum ComputePrecision
{
    /// <summary>bfloat16 where the hardware multiplies it natively, else float32.</summary>
    Auto,

    /// <summary>32 bits: the same result on every machine to rounding, up to twice as slow.</summary>
#pragma warning disable CA1720 // The format's own name.
    Float32,
#pragma warning restore CA1720

    /// <summary>16 bits with float32's range.</summary>
    BFloat16,
}
