using AdaConv.Engine.Cuda;

namespace AdaConv.Model;

/// <summary>Networks run on CUDA devices: what some builds have beside the engine.</summary>
public interface ICudaExecutor
{
    /// <summary>What it is: "libtorch 2.10.0, from FOLDER".</summary>
    /// <exception cref="ModelException">It cannot be loaded.</exception>
    string Description { get; }

    /// <summary>Why it cannot use a CUDA device, in a sentence or more; null where it can, as far as that is known without loading it.</summary>
    string? Problem { get; }

    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <exception cref="ModelException">The weights or the device cannot be used.</exception>
    TiledInterpolator Load(string weightsPath, InterpolatorOptions options);

    /// <summary>Compares a network on the device with the CPU, measures its speed, and writes a report line by line.</summary>
    /// <returns>Whether the device's frames are those of the CPU.</returns>
    /// <exception cref="ModelException">The weights or the device cannot be used, or it failed; the message says which.</exception>
    bool Test(string weightsPath, Action<string> write);
}

/// <summary>Networks run by ONNX Runtime: what some builds have beside the engine.</summary>
public interface IOnnxExecutor
{
    /// <summary>What it is: "ONNX Runtime 1.31.1 for onnx (CPUExecutionProvider)"; where it cannot be loaded, why.</summary>
    string Description { get; }

    /// <summary>The devices that this build of it knows.</summary>
    IReadOnlyList<ComputeDevice> Devices { get; }

    /// <summary>Why it cannot use a device, in a sentence or more; null where it can, as far as that is known without using it.</summary>
    string? WhyNot(ComputeDevice device);

    /// <summary>Loads a weight file and makes an interpolator of it.</summary>
    /// <exception cref="ModelException">The weights or the device cannot be used.</exception>
    TiledInterpolator Load(string weightsPath, InterpolatorOptions options);
}

/// <summary>Decides who runs a network: the engine on the CPU, or what the build has for CUDA devices, or ONNX Runtime.</summary>
public static class NetworkExecutors
{
    private const string NoExecutor = "This build runs networks on the CPU only: build with -p:Torch=cuda-linux, on Windows cuda-windows, to use a GPU.";

    private const string NoOnnx = "This build has no ONNX Runtime: build with -p:Onnx=cpu, cuda, directml or openvino.";

    /// <summary>What the build has for CUDA devices; null: nothing. The program sets it when it starts.</summary>
    public static ICudaExecutor? Cuda { get; set; }

    /// <summary>What the build has of ONNX Runtime; null: nothing. The program sets it when it starts.</summary>
    public static IOnnxExecutor? Onnx { get; set; }

    /// <summary>The device that was measured to run a weight file fastest on this machine; null: none was. The program sets it when it starts.</summary>
    public static Func<string, ComputeDevice?>? Measured { get; set; }

    /// <summary>A device as settings name it: "onnx:cuda".</summary>
    public static string WordOf(ComputeDevice device) => device switch
    {
        ComputeDevice.Auto => "auto",
        ComputeDevice.Cpu => "cpu",
        ComputeDevice.Cuda => "cuda",
        ComputeDevice.Onnx => "onnx",
        ComputeDevice.OnnxCuda => "onnx:cuda",
        ComputeDevice.OnnxDirectMl => "onnx:directml",
        ComputeDevice.OnnxCoreMl => "onnx:coreml",
        ComputeDevice.OnnxOpenVino => "onnx:openvino",
        _ => throw new ArgumentOutOfRangeException(nameof(device), device, null),
    };

    /// <summary>Why a device that was named cannot be used, in a sentence or more; null where it can, as far as that is known without using it.</summary>
    public static string? WhyNot(ComputeDevice device) => device switch
    {
        ComputeDevice.Auto or ComputeDevice.Cpu => null,
        ComputeDevice.Cuda => WhyNotCuda(out _),
        _ => Onnx is null ? NoOnnx : Onnx.WhyNot(device),
    };

    /// <summary>Why a CUDA device cannot be used, in a sentence or more; null where it can, as far as that is known without loading more.</summary>
    /// <param name="exists">Whether there is a device all the same.</param>
    public static string? WhyNotCuda(out bool exists) => WhyNotCuda(Cuda is null ? NoExecutor : Cuda.Problem, out exists);

    /// <summary>The same, given the problem of the build.</summary>
    internal static string? WhyNotCuda(string? problem, out bool exists)
    {
        try
        {
            using CudaDevice device = CudaDevice.Open();
            exists = true;
            return problem is null ? null : $"The GPU {device.Name} is not used. {problem}";
        }
        catch (CudaException error)
        {
            exists = !error.MeansNoDevice;
            return problem is null ? error.Message : $"{error.Message} {problem}";
        }
    }

    /// <summary>Loads a weight file and makes an interpolator of it that runs where the options say.</summary>
    /// <exception cref="ModelException">The weights cannot be used, or a device or number type was asked for that cannot be had.</exception>
    public static TiledInterpolator Load(string weightsPath, InterpolatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Device == ComputeDevice.Auto)
        {
            if (Measured?.Invoke(weightsPath) is { } fastest && WhyNot(fastest) is null)
            {
                return Load(weightsPath, options with { Device = fastest });
            }

            return WhyNotCuda(out bool exists) is not { } reason
                ? Cuda!.Load(weightsPath, options)
                : EngineExecutor.Load(weightsPath, options, exists ? [reason + " The CPU is used."] : []);
        }

        return WhyNot(options.Device) is { } problem
            ? throw new ModelException($"The device {WordOf(options.Device)} cannot be used. {problem} The device cpu works everywhere.")
            : options.Device switch
            {
                ComputeDevice.Cpu => EngineExecutor.Load(weightsPath, options),
                ComputeDevice.Cuda => Cuda!.Load(weightsPath, options),
                _ => Onnx!.Load(weightsPath, options),
            };
    }
}
