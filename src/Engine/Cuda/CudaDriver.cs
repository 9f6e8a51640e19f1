using System.Globalization;
using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>The part of the CUDA driver API that the engine calls, under the driver's names; every failure is a <see cref="CudaException"/>.</summary>
/// <remarks>
/// The library comes with NVIDIA's display driver (libcuda.so.1, nvcuda.dll), not with a toolkit. It is resolved by hand, not by
/// LibraryImport, because its absence is an answer and not a fault.
/// </remarks>
internal sealed unsafe class CudaDriver
{
    /// <summary>The oldest driver that translates the kernels' PTX (ISA 6.0): that of CUDA 9.0.</summary>
    public const int OldestVersion = 9000;

    private readonly nint library;
    private readonly delegate* unmanaged<int, nint*, int> getErrorName, getErrorString;

    private CudaDriver(nint library)
    {
        this.library = library;
        getErrorName = (delegate* unmanaged<int, nint*, int>)Export("cuGetErrorName");
        getErrorString = (delegate* unmanaged<int, nint*, int>)Export("cuGetErrorString");
    }

    /// <summary>The library's name on this system.</summary>
    public static string LibraryName => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Loads and initialises the driver.</summary>
    /// <param name="path">Another library than the system's.</param>
    /// <exception cref="CudaException">There is none, it is too old, or it finds no device.</exception>
    public static CudaDriver Load(string? path = null)
    {
        if (!NativeLibrary.TryLoad(path ?? LibraryName, out nint library))
        {
            throw CudaException.WithoutDevice($"NVIDIA's driver library {path ?? LibraryName} is not on this machine: there is no NVIDIA GPU, or its driver "
                + "is not installed.");
        }
        var driver = new CudaDriver(library);
        driver.Check(((delegate* unmanaged<uint, int>)driver.Export("cuInit"))(0), "starting NVIDIA's driver (cuInit)");
        if (driver.Version < OldestVersion)
        {
            throw new CudaException($"NVIDIA's driver supports CUDA {Text(driver.Version)}; {Text(OldestVersion)} or newer is needed. Update the "
                + "graphics driver.");
        }
        return driver;
    }

    /// <summary>The CUDA version of the driver: 12040 is 12.4.</summary>
    public int Version
    {
        get
        {
            int version;
            Check(((delegate* unmanaged<int*, int>)Export("cuDriverGetVersion"))(&version), "asking the driver's version");
            return version;
        }
    }

    public int DeviceCount
    {
        get
        {
            int count;
            Check(((delegate* unmanaged<int*, int>)Export("cuDeviceGetCount"))(&count), "counting CUDA devices");
            return count;
        }
    }

    public int DeviceHandle(int ordinal)
    {
        int device;
        Check(((delegate* unmanaged<int*, int, int>)Export("cuDeviceGet"))(&device, ordinal), $"opening CUDA device {ordinal}");
        return device;
    }

    public string DeviceName(int device)
    {
        byte* name = stackalloc byte[256];
        Check(((delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName"))(name, 256, device), "asking a device's name");
        return Marshal.PtrToStringUTF8((nint)name)!;
    }

    public int DeviceAttribute(int device, CudaAttribute attribute)
    {
        int value;
        Check(((delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute"))(&value, (int)attribute, device),
            $"asking a device's {attribute}");
        return value;
    }

    public long DeviceMemory(int device)
    {
        nuint bytes;
        Check(((delegate* unmanaged<nuint*, int, int>)Export("cuDeviceTotalMem_v2"))(&bytes, device), "asking a device's memory");
        return (long)bytes;
    }

    /// <summary>The context that libtorch and every other user of the runtime API share.</summary>
    public nint RetainPrimaryContext(int device)
    {
        nint context;
        Check(((delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain"))(&context, device), "opening the device's context");
        return context;
    }

    public void ReleasePrimaryContext(int device) => _ = ((delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2"))(device);

    public void SetCurrent(nint context) =>
        Check(((delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent"))(context), "choosing the device's context");

    /// <summary>Translates PTX for the current device.</summary>
    /// <exception cref="CudaException">The driver refused it; the message ends with its log.</exception>
    public nint LoadModule(ReadOnlySpan<byte> ptx)
    {
        const int InfoLog = 3, InfoLogSize = 4, ErrorLog = 5, ErrorLogSize = 6, Size = 4096; // CUjit_option
        byte* info = stackalloc byte[Size], error = stackalloc byte[Size];
        (info[0], error[0]) = (0, 0);
        int* options = stackalloc int[] { InfoLog, InfoLogSize, ErrorLog, ErrorLogSize };
        void** values = stackalloc void*[] { info, (void*)Size, error, (void*)Size };
        byte[] text = [.. ptx, 0];
        nint module;
        int result;
        fixed (byte* data = text)
            result = ((delegate* unmanaged<nint*, void*, uint, int*, void**, int>)Export("cuModuleLoadDataEx"))(&module, data, 4, options, values);
        string log = Marshal.PtrToStringUTF8((nint)error)?.Trim() ?? "";
        Check(result, "translating the kernels for the device" + (log.Length == 0 ? "" : $" (its log: {log})"));
        return module;
    }

    public void UnloadModule(nint module) => _ = ((delegate* unmanaged<nint, int>)Export("cuModuleUnload"))(module);

    public nint Function(nint module, string name)
    {
        nint function;
        fixed (byte* text = NullTerminated(name))
            Check(((delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction"))(&function, module, text), $"finding the kernel {name}");
        return function;
    }

    /// <summary>The device address of a variable of the module.</summary>
    public nint Global(nint module, string name)
    {
        nint address;
        nuint bytes;
        fixed (byte* text = NullTerminated(name))
            Check(((delegate* unmanaged<nint*, nuint*, nint, byte*, int>)Export("cuModuleGetGlobal_v2"))(&address, &bytes, module, text),
                $"finding the variable {name}");
        return address;
    }

    public void Launch(nint function, in KernelLaunch launch, void* arguments, nint stream)
    {
        void** parameters = stackalloc void*[] { arguments };
        var ((gridX, gridY, gridZ), (blockX, blockY, blockZ)) = (launch.Grid, launch.Block);
        Check(((delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel"))(
            function, gridX, gridY, gridZ, blockX, blockY, blockZ, launch.SharedBytes, stream, parameters, null), $"launching {launch.Kernel}");
    }

    public void Clear(nint address, long floats, nint stream) =>
        Check(((delegate* unmanaged<nint, uint, nuint, nint, int>)Export("cuMemsetD32Async"))(address, 0, (nuint)floats, stream),
            "clearing memory of the device");

    public nint Allocate(long bytes)
    {
        nint address;
        Check(((delegate* unmanaged<nint*, nuint, int>)Export("cuMemAlloc_v2"))(&address, (nuint)bytes), $"allocating {bytes} bytes on the device");
        return address;
    }

    public void Free(nint address) => _ = ((delegate* unmanaged<nint, int>)Export("cuMemFree_v2"))(address);

    /// <summary>Bytes of the current device that nobody holds at present.</summary>
    public long FreeMemory()
    {
        nuint free, total;
        Check(((delegate* unmanaged<nuint*, nuint*, int>)Export("cuMemGetInfo_v2"))(&free, &total), "asking the device's free memory");
        return (long)free;
    }

    /// <summary>Memory of the host that the device copies from and to by itself.</summary>
    public nint AllocatePinned(long bytes)
    {
        nint address;
        Check(((delegate* unmanaged<nint*, nuint, uint, int>)Export("cuMemHostAlloc"))(&address, (nuint)bytes, 0),
            $"allocating {bytes} bytes that the device can copy from");
        return address;
    }

    public void FreePinned(nint address) => _ = ((delegate* unmanaged<nint, int>)Export("cuMemFreeHost"))(address);

    /// <summary>A stream that does not wait for the default one.</summary>
    public nint CreateStream()
    {
        const uint NonBlocking = 1;
        nint stream;
        Check(((delegate* unmanaged<nint*, uint, int>)Export("cuStreamCreate"))(&stream, NonBlocking), "opening a stream");
        return stream;
    }

    public void DestroyStream(nint stream) => _ = ((delegate* unmanaged<nint, int>)Export("cuStreamDestroy_v2"))(stream);

    public nint CreateEvent()
    {
        const uint DisableTiming = 2;
        nint point;
        Check(((delegate* unmanaged<nint*, uint, int>)Export("cuEventCreate"))(&point, DisableTiming), "creating an event");
        return point;
    }

    public void DestroyEvent(nint point) => _ = ((delegate* unmanaged<nint, int>)Export("cuEventDestroy_v2"))(point);

    /// <summary>What is queued on <paramref name="later"/> from now on waits for what is queued on <paramref name="earlier"/> so far.</summary>
    public void Order(nint earlier, nint later, nint point)
    {
        Check(((delegate* unmanaged<nint, nint, int>)Export("cuEventRecord"))(point, earlier), "marking a stream");
        Check(((delegate* unmanaged<nint, nint, uint, int>)Export("cuStreamWaitEvent"))(later, point, 0), "ordering two streams");
    }

    public void CopyToDevice(nint target, void* source, long bytes, nint stream) =>
        Check(((delegate* unmanaged<nint, void*, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2"))(target, source, (nuint)bytes, stream),
            "copying to the device");

    public void CopyFromDevice(void* target, nint source, long bytes, nint stream) =>
        Check(((delegate* unmanaged<void*, nint, nuint, nint, int>)Export("cuMemcpyDtoHAsync_v2"))(target, source, (nuint)bytes, stream),
            "copying from the device");

    public void CopyToDevice(nint target, void* source, long bytes) =>
        Check(((delegate* unmanaged<nint, void*, nuint, int>)Export("cuMemcpyHtoD_v2"))(target, source, (nuint)bytes), "copying to the device");

    public void CopyFromDevice(void* target, nint source, long bytes) =>
        Check(((delegate* unmanaged<void*, nint, nuint, int>)Export("cuMemcpyDtoH_v2"))(target, source, (nuint)bytes), "copying from the device");

    public void Synchronize(nint stream) =>
        Check(((delegate* unmanaged<nint, int>)Export("cuStreamSynchronize"))(stream), "waiting for the device");

    private static string Text(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");

    private static byte[] NullTerminated(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text), 0];

    private nint Export(string name) => NativeLibrary.TryGetExport(library, name, out nint address)
        ? address
        : throw new CudaException($"NVIDIA's driver library lacks {name}: it is too old. Update the graphics driver.");

    private void Check(int result, string doing)
    {
        if (result == 0)
            return;
        nint name = 0, words = 0;
        _ = getErrorName(result, &name);
        _ = getErrorString(result, &words);
        throw new CudaException($"CUDA failed at {doing}: {Marshal.PtrToStringUTF8(name) ?? $"error {result}"}"
            + (words == 0 ? "." : $", {Marshal.PtrToStringUTF8(words)}."), result);
    }
}
