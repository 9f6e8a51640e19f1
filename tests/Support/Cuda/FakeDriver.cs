using System.Runtime.InteropServices;

namespace AdaConv.Tests.Support.Cuda;

/// <summary>The driver library that fake_driver.cpp makes, and what tests tell it.</summary>
public sealed unsafe class FakeDriver
{
    private static readonly Lazy<FakeDriver> Built = new(() => new FakeDriver());
    private readonly nint library;

    private FakeDriver()
    {
        // Stays until the process ends: device code of a library that threads may still be in is not unloaded.
        string folder = NativeSources.TemporaryFolder();
        LibraryPath = Path.Combine(folder, "libcuda-fake.so");
        NativeSources.Compile(NativeSources.Folder, LibraryPath, ["-shared", "-fPIC", "-I", NativeSources.Folder],
            "emulation/emulated.cpp", "emulation/fibers.cpp", "../tests/Support/Cuda/fake_driver.cpp");
        library = NativeLibrary.Load(LibraryPath);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }

    /// <summary>A driver as new: one device, nothing failing.</summary>
    public static FakeDriver Reset()
    {
        ((delegate* unmanaged<void>)Built.Value.Export("fake_reset"))();
        return Built.Value;
    }

    /// <summary>Its file.</summary>
    public string LibraryPath { get; }

    /// <summary>How many devices it finds.</summary>
    public int Devices { set => Set("fake_devices", value); }

    /// <summary>Its CUDA version.</summary>
    public int Version { set => Set("fake_version", value); }

    /// <summary>Major number of the devices' compute capability.</summary>
    public int Capability { set => Set("fake_capability", value); }

    /// <summary>The version that its kernels claim.</summary>
    public int KernelVersion { set => Set("fake_kernel_version", value); }

    /// <summary>A kernel that is not run, so that its results are what they were.</summary>
    public string Spoils
    {
        set
        {
            fixed (byte* text = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(value), 0])
                ((delegate* unmanaged<byte*, void>)Export("fake_spoil"))(text);
        }
    }

    /// <summary>Whether memory that it did not allocate counts as the device's: tensors on the processor stand for those of a device.</summary>
    public bool TakesHostMemory { set => Set("fake_host_memory", value ? 1 : 0); }

    /// <summary>Bytes of memory of a device; larger allocations fail.</summary>
    public long Memory { set => ((delegate* unmanaged<long, void>)Export("fake_memory"))(value); }

    /// <summary>Contexts, modules, streams, events and memory that nobody released.</summary>
    public int Open => ((delegate* unmanaged<int>)Export("fake_open"))();

    /// <summary>All calls since the last reset, each launch followed by its kernel.</summary>
    public string[] Calls => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)Export("fake_calls"))())!
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The next call of this name returns this error.</summary>
    public void Fail(string name, int result)
    {
        fixed (byte* text = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(name), 0])
            ((delegate* unmanaged<byte*, int, void>)Export("fake_fail"))(text, result);
    }

    /// <summary>Every call of this name returns this error from now on.</summary>
    public void FailAlways(string name, int result)
    {
        fixed (byte* text = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(name), 0])
            ((delegate* unmanaged<byte*, int, void>)Export("fake_fail_always"))(text, result);
    }

    /// <summary>The call that comes as number <paramref name="index"/> from now on, from 0, returns this error, whichever it is.</summary>
    public void FailAt(int index, int result) => ((delegate* unmanaged<int, int, void>)Export("fake_fail_at"))(index, result);

    private void Set(string name, int value) => ((delegate* unmanaged<int, void>)Export(name))(value);

    private nint Export(string name) => NativeLibrary.GetExport(library, name);
}
