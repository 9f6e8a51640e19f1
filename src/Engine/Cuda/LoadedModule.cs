using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>The kernels, translated for a device.</summary>
internal sealed class LoadedModule : SafeHandle
{
    private readonly CudaDriver driver;

    public LoadedModule(CudaDriver driver, nint module)
        : base(0, ownsHandle: true)
    {
        this.driver = driver;
        SetHandle(module);
    }

    public nint Value => handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        driver.UnloadModule(handle);
        return true;
    }
}
