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

/// <summary>Decides who runs a network: the engine on the CPU, or what the build has for CUDA devices.</summary>
public static class NetworkExecutors
{
    private const string NoExecutor = "This build runs networks on the CPU only: build with -p:Torch=cuda-linux, on Windows cuda-windows, to use a GPU.";

    /// <summary>What the build has for CUDA devices; null: nothing. The program sets it when it starts.</summary>
    public static ICudaExecutor? Cuda { get; set; }

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
        if (options.Device == ComputeDevice.Cpu)
        {
            return EngineExecutor.Load(weightsPath, options);
        }

        string? problem = WhyNotCuda(out bool exists);
        if (problem is null)
        {
            return Cuda!.Load(weightsPath, options);
        }

        if (options.Device == ComputeDevice.Cuda)
        {
            throw new ModelException($"The device cuda cannot be used. {problem} The device cpu works everywhere.");
        }

        return EngineExecutor.Load(weightsPath, options, exists ? [problem + " The CPU is used."] : []);
    }
}
