namespace AdaConv.Engine.Cuda;

/// <summary>The CUDA driver is missing, found no device, or refused a call; the message says what was being done, and the driver's words.</summary>
public sealed class CudaException : AdaConvException
{
    private bool _meansNoDevice;

    /// <summary>CUDA_ERROR_OUT_OF_MEMORY and CUDA_ERROR_NO_DEVICE.</summary>
    internal const int OutOfMemory = 2, NoDevice = 100;

    /// <summary>An error without a driver's number.</summary>
    public CudaException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>There is no device.</summary>
    internal static CudaException WithoutDevice(string message) => new(message) { _meansNoDevice = true };

    /// <summary>An error that the driver returned.</summary>
    public CudaException(string message, int result)
        : base(message) => Result = result;

    /// <summary>The driver's number (CUresult), 0 where it was not asked.</summary>
    public int Result { get; }

    /// <summary>Whether there is no device, as far as can be told: nothing that could be mended.</summary>
    public bool MeansNoDevice => Result == NoDevice || _meansNoDevice;

    /// <summary>Whether the device's memory did not suffice: smaller tiles may fit.</summary>
    public bool IsOutOfMemory => Result == OutOfMemory;
}
