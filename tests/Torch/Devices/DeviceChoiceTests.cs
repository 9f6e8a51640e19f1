using AdaConv.Model;
using System.Runtime.InteropServices;
using Xunit;

namespace AdaConv.Torch.Tests.Devices;

public sealed class DeviceChoiceTests
{
    [Fact]
    public void Without_a_card_auto_is_the_processor_in_silence_and_cuda_an_error_that_says_what_to_do()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _), "NVIDIA's driver is here.");
        List<string> notes = [];
        using (NetworkDevice device = DeviceChoice.Open(new() { Device = ComputeDevice.Auto }, notes.Add))
        {
            Assert.IsType<ProcessorDevice>(device);
        }

        Assert.Empty(notes);
        string message = Assert.Throws<ModelException>(() => DeviceChoice.Open(new() { Device = ComputeDevice.Cuda }, notes.Add)).Message;
        Assert.StartsWith("The device cuda cannot be used. NVIDIA's driver library ", message, StringComparison.Ordinal);
        Assert.Contains("build with -p:Torch=cuda-linux", message, StringComparison.Ordinal);
        Assert.NotNull(DeviceChoice.WhyNotCuda(out bool exists));
        Assert.False(exists);
    }

    [Fact]
    public void Cuda_libraries_are_loaded_behind_those_they_need_and_before_those_that_need_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These are the names of Linux.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("adaconv-torch-");
        try
        {
            Assert.Equal(["libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"], TorchRuntime.LoadOrder(folder.FullName));
            File.WriteAllBytes(Path.Combine(folder.FullName, "libtorch_cuda.so"), []);
            Assert.Equal(
                ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so", "libLibTorchSharp.so"],
                TorchRuntime.LoadOrder(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
