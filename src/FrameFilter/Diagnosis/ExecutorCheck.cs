using AdaConv.Model;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>Who runs the networks, and why.</summary>
internal sealed class ExecutorCheck : Check
{
    public override string Topic => "networks";

    public override IEnumerable<Finding> Look() =>
    [
        NetworkExecutors.WhyNotCuda(out _) is null
            ? Fine($"run on the GPU, by {NetworkExecutors.Cuda!.Description}; with --device cpu by AdaConv's engine")
            : Fine("run on the CPU, by AdaConv's engine in float32: this build and this machine have no GPU for them"),
    ];
}
