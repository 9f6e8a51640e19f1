namespace AdaConv.Engine.Cuda;

/// <summary>The CUDA driver is missing, found no device, or refused a call; the message says what was being done, and the driver's words.</summary>
public sealed class CudaException : Exception
{
    /// <summary>CUDA_ERROR_OUT_OF_MEMORY.</summary>
    internal const int OutOfMemory = 2;

    /// <summary>An error without a driver's number.</summary>
    public CudaException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>An error that the driver returned.</summary>
    public CudaException(string message, int result)
        : base(message) => Result = result;

    /// <summary>The driver's number (CUresult), 0 where it was not asked.</summary>
    public int Result { get; }

    /// <summary>Whether the device's memory did not suffice: smaller tiles may fit.</summary>
    public bool IsOutOfMemory => Result == OutOfMemory;
}
