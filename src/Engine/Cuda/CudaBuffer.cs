using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>Memory of a device; its context must be current when it is released.</summary>
internal sealed class CudaBuffer : SafeHandle
{
    private readonly CudaDriver driver;

    public CudaBuffer(CudaDriver driver, nint address)
        : base(0, ownsHandle: true)
    {
        this.driver = driver;
        SetHandle(address);
    }

    public nint Address => handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        driver.Free(handle);
        return true;
    }
}
