using AdaConv.Engine.Cuda;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>A graphics processor, and whether conversions use it.</summary>
internal sealed class GraphicsCheck : Check
{
    public override string Topic => "GPU";

    public override IEnumerable<Finding> Look()
    {
        if (NetworkExecutors.WhyNotCuda(out _) is { } problem)
        {
            return [Note(problem + " The CPU is used.")];
        }

        using CudaDevice device = CudaDevice.Open();
        string words = $"{device.Name}, compute capability {device.ComputeCapability.Major}.{device.ComputeCapability.Minor}; it runs the kernels, "
            + "and conversions use it";
        return [Note(words, "to check its results: framefilter doctor --gpu-selftest")];
    }
}
