using AdaConv.Engine.Cuda;
using AdaConv.Model;
using TorchSharp;

namespace AdaConv.Torch;

/// <summary>Decides where a network runs, by what was asked for, what this build holds and what the machine has.</summary>
public static class DeviceChoice
{
    /// <summary>Why this build's libtorch cannot use a CUDA device; null where it can.</summary>
    /// <exception cref="ModelException">There is no libtorch.</exception>
    public static string? BuildProblem => TorchRuntime.HasCuda ? null
        : "This build's libtorch runs on the CPU only: build with -p:Torch=cuda-linux, on Windows cuda-windows, to use a GPU.";

    /// <summary>Why a CUDA device cannot be used, in a sentence or more; null where it can, as far as that is known without loading libtorch.</summary>
    /// <param name="exists">Whether there is a device all the same.</param>
    /// <exception cref="ModelException">There is no libtorch.</exception>
    public static string? WhyNotCuda(out bool exists) => NetworkExecutors.WhyNotCuda(BuildProblem, out exists);

    /// <summary>Opens what was asked for.</summary>
    /// <param name="options">How the network runs.</param>
    /// <param name="note">Told where a device exists that cannot be used.</param>
    /// <exception cref="ModelException">A CUDA device was asked for and cannot be used, or the number type is not to be had.</exception>
    internal static NetworkDevice Open(InterpolatorOptions options, Action<string> note)
    {
        if (options.Device == ComputeDevice.Cpu)
        {
            return new ProcessorDevice(options);
        }

        string? problem = WhyNotCuda(out bool exists)
            ?? (torch.cuda.is_available() ? null : "The GPU is not used: libtorch does not find it. Update the graphics driver.");
        if (problem is null)
        {
            return OpenCuda(options);
        }

        if (options.Device == ComputeDevice.Cuda)
        {
            throw new ModelException($"The device cuda cannot be used. {problem} --device cpu works everywhere.");
        }

        if (exists)
        {
            note(problem + " The CPU is used.");
        }

        return new ProcessorDevice(options);
    }

    /// <summary>Opens the first CUDA device.</summary>
    internal static CudaNetworkDevice OpenCuda(InterpolatorOptions options)
    {
        CudaDevice device = CudaDevice.Open();
        try
        {
            return new CudaNetworkDevice(device, torch.CUDA, options);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}
