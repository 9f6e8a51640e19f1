using AdaConv.Model;
using Microsoft.ML.OnnxRuntime;

namespace AdaConv.OnnxRuntime;

/// <summary>What ONNX Runtime computes by.</summary>
/// <param name="Name">ONNX Runtime's name of it.</param>
/// <param name="Remedy">How to get it, for those whose build has not.</param>
/// <param name="Use">Has a session use it.</param>
internal sealed record OnnxProvider(string Name, string Remedy, Action<SessionOptions> Use)
{
    private static readonly Dictionary<ComputeDevice, OnnxProvider> s_all = new()
    {
        [ComputeDevice.Onnx] = new("CPUExecutionProvider", "Every build has it.", _ => { }),
        [ComputeDevice.OnnxCuda] = new("CUDAExecutionProvider", "Build with -p:Onnx=cuda, and install CUDA and cuDNN.", options =>
        {
            using OrtCUDAProviderOptions cuda = new();
            cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = "0", ["use_tf32"] = "0", ["arena_extend_strategy"] = "kSameAsRequested" });
            options.AppendExecutionProvider_CUDA(cuda);
        }),
        [ComputeDevice.OnnxDirectMl] = new("DmlExecutionProvider", "Build on Windows with -p:Onnx=directml.", options =>
        {
            options.EnableMemoryPattern = false; // as the provider asks for
            options.AppendExecutionProvider_DML(0);
        }),
        [ComputeDevice.OnnxCoreMl] = new("CoreMLExecutionProvider", "Build on macOS with -p:Onnx=cpu.",
            options => options.AppendExecutionProvider("CoreML", new() { ["ModelFormat"] = "MLProgram" })),
        [ComputeDevice.OnnxOpenVino] = new("OpenVINOExecutionProvider", "Build with -p:Onnx=openvino.",
            options => options.AppendExecutionProvider("OpenVINO", new() { ["device_type"] = "AUTO:GPU,CPU" })),
    };

    /// <summary>That of a device; null where ONNX Runtime is not asked for.</summary>
    public static OnnxProvider? Of(ComputeDevice device) => s_all.GetValueOrDefault(device);
}
