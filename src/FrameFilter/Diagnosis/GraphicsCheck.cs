using AdaConv.Engine.Cuda;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>A graphics processor that could compute; conversions go without.</summary>
internal sealed class GraphicsCheck : Check
{
    public override string Topic => "GPU";

    public override IEnumerable<Finding> Look()
    {
        string words;
        try
        {
            using CudaDevice device = CudaDevice.Open();
            words = $"{device.Name}, compute capability {device.ComputeCapability.Major}.{device.ComputeCapability.Minor}; it takes the kernels, "
                + "but conversions compute on the processor";
        }
        catch (CudaException e)
        {
            return [Note(e.Message + " The processor computes.")];
        }

        return [Note(words, "to try the kernels on it: framefilter doctor --gpu-selftest")];
    }
}
