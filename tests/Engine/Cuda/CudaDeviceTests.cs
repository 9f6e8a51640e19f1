using AdaConv.Engine.Cuda;
using AdaConv.Tests.Support.Cuda;

namespace AdaConv.Engine.Tests.Cuda;

/// <summary>The host's side against a driver that notes its calls and runs the emulated kernels.</summary>
public sealed class CudaDeviceTests
{
    [Fact]
    public void A_machine_without_the_driver_says_so()
    {
        var error = Assert.Throws<CudaException>(() => CudaDevice.Open(library: "libno-such-driver.so"));
        Assert.Contains("there is no NVIDIA GPU, or its driver is not installed", error.Message);
        Assert.Equal(0, error.Result);
    }

    [Fact]
    public void A_device_is_opened_asked_and_released()
    {
        FakeDriver driver = FakeDriver.Reset();
        using (CudaDevice device = CudaDevice.Open(library: driver.LibraryPath))
        {
            Assert.Equal("Emulated Device 0", device.Name);
            Assert.Equal((8, 6), device.ComputeCapability);
            Assert.Equal(28, device.Multiprocessors);
            Assert.Equal(1L << 30, device.Memory);
            Assert.Equal(12040, device.DriverVersion);
            Assert.Equal(2, driver.Open);
        }
        Assert.Equal(0, driver.Open);
        Assert.Equal("cuInit", driver.Calls[0]);
    }

    [Fact]
    public void No_device_too_old_a_driver_too_old_a_device_and_other_kernels_are_told_apart()
    {
        FakeDriver driver = FakeDriver.Reset();
        string Message(int ordinal = 0) => Assert.Throws<CudaException>(() => CudaDevice.Open(ordinal, library: driver.LibraryPath)).Message;
        driver.Devices = 0;
        Assert.Contains("finds no CUDA device", Message());
        FakeDriver.Reset();
        Assert.Contains("no CUDA device 1; the driver finds 1", Message(1));
        driver.Version = 8000;
        Assert.Contains("supports CUDA 8.0; 9.0 or newer is needed", Message());
        FakeDriver.Reset().Capability = 6;
        Assert.Contains("compute capability 6.6; 7.0", Message());
        FakeDriver.Reset().KernelVersion = 77;
        Assert.Contains("The kernels have version 77", Message());
        Assert.Equal(0, driver.Open);
    }

    public static TheoryData<string> Calls => new(
        "cuInit", "cuDriverGetVersion", "cuDeviceGetCount", "cuDeviceGet", "cuDeviceGetName", "cuDeviceGetAttribute", "cuDeviceTotalMem_v2",
        "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent", "cuModuleLoadDataEx", "cuModuleGetGlobal_v2", "cuModuleGetFunction", "cuLaunchKernel",
        "cuMemsetD32Async", "cuMemAlloc_v2", "cuMemcpyHtoD_v2", "cuMemcpyDtoH_v2", "cuStreamSynchronize");

    [Theory]
    [MemberData(nameof(Calls))]
    public void Every_failing_call_is_an_error_by_name_and_leaves_nothing_open(string call)
    {
        FakeDriver driver = FakeDriver.Reset();
        driver.Fail(call, 719);
        var error = Assert.Throws<CudaException>(() =>
        {
            using CudaDevice device = CudaDevice.Open(library: driver.LibraryPath);
            using DriverHandle image = device.Upload<float>(new float[35]), flow = device.Upload<float>(new float[70]), gradient = device.Allocate(4 * 35),
                flowGradient = device.Allocate(4 * 70);
            CudaBilinearWarp.Backward(device, KernelStorage.Float32, new(1, 1, 5, 7), new(image.Value), new(flow.Value), new(image.Value),
                new(gradient.Value), new(flowGradient.Value));
            device.Download(flowGradient, new float[70].AsSpan());
        });
        Assert.Contains("CUDA_ERROR_LAUNCH_FAILED", error.Message);
        Assert.Equal(719, error.Result);
        Assert.Equal(0, driver.Open);
    }

    [Fact]
    public void No_device_out_of_memory_and_refused_kernels_bring_the_drivers_words()
    {
        FakeDriver driver = FakeDriver.Reset();
        CudaException Error() => Assert.Throws<CudaException>(() =>
        {
            using CudaDevice device = CudaDevice.Open(library: driver.LibraryPath);
            using DriverHandle memory = device.Allocate(1 << 20);
        });
        driver.Fail("cuInit", 100);
        Assert.Equal("CUDA failed at starting NVIDIA's driver (cuInit): CUDA_ERROR_NO_DEVICE, no CUDA-capable device is detected.", Error().Message);
        driver.Memory = 1000;
        Assert.True(Error() is
        {
            IsOutOfMemory: true,
            Message: "CUDA failed at allocating 1048576 bytes on the device: CUDA_ERROR_OUT_OF_MEMORY, out of memory."
        });
        driver.Fail("cuModuleLoadDataEx", 218);
        Assert.Contains("(its log: ptxas fatal: fake words): CUDA_ERROR_INVALID_PTX", Error().Message);
        driver.Fail("cuDeviceGetCount", 4242);
        Assert.Contains("error 4242", Error().Message);
    }

    [Fact]
    public void The_self_test_reports_every_kernel()
    {
        FakeDriver driver = FakeDriver.Reset();
        using CudaDevice device = CudaDevice.Open(library: driver.LibraryPath);
        List<string> report = [];
        Assert.True(CudaSelfTest.Run(device, report.Add, timed: false), string.Join('\n', report));
        Assert.Equal(3 + 2 * (4 * 4 + 3 + 2) + 1, report.Count);
        Assert.Equal("at best       12.7 TFLOP/s in float32, 360 GB/s, by the clocks that the driver states", report[2]);
        Assert.StartsWith("device        Emulated Device 0, compute capability 8.6, 28 multiprocessors, 1024 MiB", report[0]);
        Assert.Contains("every kernel agrees", report[^1]);
        string[] launched = [.. driver.Calls.Where(call => call.StartsWith("  ", StringComparison.Ordinal)).Select(call => call.Trim()).Distinct()];
        Assert.Equal(15, launched.Length); // seven kernels in two storages, and the folding of taps
        Assert.Equal(2, driver.Open);
    }

    [Fact]
    public void The_self_test_tells_kernels_that_differ()
    {
        FakeDriver driver = FakeDriver.Reset();
        using CudaDevice device = CudaDevice.Open(library: driver.LibraryPath);
        driver.Spoils = "adaconv_warp_forward_f16";
        List<string> report = [];
        Assert.False(CudaSelfTest.Run(device, report.Add, size: (7, 5), timedSize: (16, 8)));
        Assert.Contains("warp          float16, output: DIFFERS", Assert.Single(report, line => line.Contains("DIFFERS, ")));
        string[] times = [.. report.Where(line => line.StartsWith("time", StringComparison.Ordinal))];
        Assert.Equal(4, times.Length);
        Assert.Matches(@"^time +K = 9, 1/2, float32, 16x8: [0-9.]+ ms, [0-9]+ GFLOP/s, [0-9]+ GB/s; [0-9.]+ times the least, [0-9.]+ ms of memory$", times[0]);
        Assert.Contains("K = 51, 1/1, float16", times[3]);
        Assert.Contains("KERNELS DIFFER: do not use this device", report[^1]);
    }
}
