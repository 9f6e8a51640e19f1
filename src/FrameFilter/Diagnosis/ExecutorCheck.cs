using AdaConv.FrameFilter.Configuration;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>Who runs the networks, and why.</summary>
/// <param name="files">Where the weights lie.</param>
internal sealed class ExecutorCheck(ApplicationFiles files) : Check
{
    public override string Topic => "networks";

    public override IEnumerable<Finding> Look()
    {
        yield return NetworkExecutors.WhyNotCuda(out _) is null
            ? Fine($"run on the GPU, by {NetworkExecutors.Cuda!.Description}; with --device cpu by AdaConv's engine")
            : Fine("run on the CPU, by AdaConv's engine in float32: this build and this machine have no GPU for them");
        if (NetworkExecutors.Onnx is { } onnx)
        {
            string[] faster = [.. files.Weights.Where(file => NetworkExecutors.Measured?.Invoke(file) is not null)
                .Select(file => $"{Path.GetFileNameWithoutExtension(file)} with {NetworkExecutors.WordOf(NetworkExecutors.Measured!(file)!.Value)}")];
            yield return onnx.Devices.Count == 0
                ? Note(onnx.Description)
                : Note($"with --device onnx by {onnx.Description}; auto runs "
                    + (faster.Length == 0 ? "none with it, as bench has not found it faster" : string.Join(", ", faster) + ", as bench found it faster"));
        }
    }
}
