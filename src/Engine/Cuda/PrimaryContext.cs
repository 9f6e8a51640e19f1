using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>A device's primary context, held open.</summary>
internal sealed class PrimaryContext : SafeHandle
{
    private readonly CudaDriver driver;
    private readonly int device;

    public PrimaryContext(CudaDriver driver, int device)
        : base(0, ownsHandle: true)
    {
        (this.driver, this.device) = (driver, device);
        SetHandle(driver.RetainPrimaryContext(device));
    }

    public nint Value => handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        driver.ReleasePrimaryContext(device);
        return true;
    }
}
