using System.Runtime.InteropServices;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>A graphics processor that could compute; conversions go without.</summary>
internal sealed class GraphicsCheck : Check
{
    public override string Topic => "GPU";

    public override IEnumerable<Finding> Look()
    {
        string driver = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(driver, out nint handle))
        {
            yield return Note($"none found: NVIDIA's driver ({driver}) is not installed; the processor computes");
            yield break;
        }

        NativeLibrary.Free(handle);
        yield return Note("NVIDIA's driver is there, but this build computes on the processor");
    }
}
