using System.Runtime.InteropServices;

namespace AdaConv.Engine.Tests.Cuda;

/// <summary>The driver library that fake_driver.cpp makes, and what tests tell it.</summary>
internal sealed unsafe class FakeDriver
{
    private static readonly Lazy<FakeDriver> Built = new(() => new FakeDriver());
    private readonly nint library;

    private FakeDriver()
    {
        // Stays until the process ends: device code of a library that threads may still be in is not unloaded.
        string folder = NativeSources.TemporaryFolder();
        LibraryPath = Path.Combine(folder, "libcuda-fake.so");
        NativeSources.Compile(NativeSources.Folder, LibraryPath, ["-shared", "-fPIC", "-I", NativeSources.Folder],
            "emulation/emulated.cpp", "emulation/fibers.cpp", "../tests/Engine/Cuda/fake_driver.cpp");
        library = NativeLibrary.Load(LibraryPath);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }

    /// <summary>A driver as new: one device, nothing failing.</summary>
    public static FakeDriver Reset()
    {
        ((delegate* unmanaged<void>)Built.Value.Export("fake_reset"))();
        return Built.Value;
    }

    public string LibraryPath { get; }

    public int Devices { set => Set("fake_devices", value); }

    public int Version { set => Set("fake_version", value); }

    public int Capability { set => Set("fake_capability", value); }

    public int KernelVersion { set => Set("fake_kernel_version", value); }

    public long Memory { set => ((delegate* unmanaged<long, void>)Export("fake_memory"))(value); }

    /// <summary>Contexts, modules and memory that nobody released.</summary>
    public int Open => ((delegate* unmanaged<int>)Export("fake_open"))();

    public string[] Calls => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)Export("fake_calls"))())!
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The next call of this name returns this error.</summary>
    public void Fail(string name, int result)
    {
        fixed (byte* text = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(name), 0])
            ((delegate* unmanaged<byte*, int, void>)Export("fake_fail"))(text, result);
    }

    private void Set(string name, int value) => ((delegate* unmanaged<int, void>)Export(name))(value);

    private nint Export(string name) => NativeLibrary.GetExport(library, name);
}
