using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>Who runs the networks, and why.</summary>
internal sealed class ExecutorCheck : Check
{
    public override string Topic => "networks";

    public override IEnumerable<Finding> Look()
    {
        if (NetworkExecutors.WhyNotCuda(out _) is null)
        {
            return [Fine($"run on the GPU, by {NetworkExecutors.Cuda!.Description}; --device cpu takes AdaConv's engine")];
        }

        KernelLevel level = EngineOptions.Default.ResolveLevel();
        int bits = level switch
        {
            KernelLevel.Vector512 => 512,
            KernelLevel.Vector256 => 256,
            KernelLevel.Vector128 => 128,
            _ => 32,
        };
        return [Fine($"run on the CPU, by AdaConv's engine in float32, {bits} bits at a time: there is no GPU that this build can use")];
    }
}
