using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>An object of the driver's that must be given back; its context must be current then.</summary>
internal sealed class DriverHandle : SafeHandle
{
    private readonly Action<nint> release;

    public DriverHandle(nint value, Action<nint> release)
        : base(0, ownsHandle: true)
    {
        this.release = release;
        SetHandle(value);
    }

    public nint Value => handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        release(handle);
        return true;
    }
}
