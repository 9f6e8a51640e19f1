using System.Runtime.InteropServices;
using AdaConv.Engine.Cuda;
using AdaConv.Tests.Support.Cuda;

namespace AdaConv.Engine.Tests.Cuda;

/// <summary>The kernels of native/, run by its emulation; a build of their sources as they are, or of changed ones.</summary>
internal sealed unsafe class EmulatedKernels : IKernelLauncher, IDisposable
{
    private static readonly Lazy<EmulatedKernels> Unchanged = new(() => new EmulatedKernels(NativeSources.Folder));
    private readonly nint library;
    private readonly string temporary = NativeSources.TemporaryFolder();
    private readonly delegate* unmanaged<byte*, NativeLaunch*, void*, int> emulate, contract;
    private readonly delegate* unmanaged<byte*> error;

    public EmulatedKernels(string folder)
    {
        string path = Path.Combine(temporary, "libemulated.so");
        NativeSources.Compile(folder, path, ["-shared", "-fPIC"], "emulation/emulated.cpp", "emulation/fibers.cpp");
        library = NativeLibrary.Load(path);
        emulate = (delegate* unmanaged<byte*, NativeLaunch*, void*, int>)Export("adaconv_emulate");
        contract = (delegate* unmanaged<byte*, NativeLaunch*, void*, int>)Export("adaconv_contract_launch");
        error = (delegate* unmanaged<byte*>)Export("adaconv_emulation_error");
    }

    /// <summary>The kernels as they are.</summary>
    public static EmulatedKernels Shared => Unchanged.Value;

    /// <summary>The launches since the last call.</summary>
    public List<KernelLaunch> Launches { get; } = [];

    public bool DescendingOrder { set => ((delegate* unmanaged<int, void>)Export("adaconv_emulation_order"))(value ? 1 : 0); }

    /// <summary>Barriers met so far, by their place in the source.</summary>
    public int BarrierCount => ((delegate* unmanaged<int>)Export("adaconv_emulation_barriers"))();

    /// <summary>The barrier that threads run through, from 1 on; 0: none.</summary>
    public int SkippedBarrier { set => ((delegate* unmanaged<int, void>)Export("adaconv_emulation_skip_barrier"))(value); }

    public string BarrierName(int number)
    {
        int line;
        byte* file = ((delegate* unmanaged<int, int*, byte*>)Export("adaconv_emulation_barrier"))(number, &line);
        return $"{Path.GetFileName(Marshal.PtrToStringUTF8((nint)file))}:{line}";
    }

    /// <summary>The launch that the header lays down for these arguments.</summary>
    public KernelLaunch Contract<TArguments>(string kernel, TArguments arguments)
        where TArguments : unmanaged
    {
        NativeLaunch launch;
        fixed (byte* name = NullTerminated(kernel))
            Assert.Equal(0, ((delegate* unmanaged<byte*, void*, NativeLaunch*, int>)contract)(name, &arguments, &launch));
        return new(kernel, (launch.GridX, launch.GridY, launch.GridZ), (launch.BlockX, launch.BlockY, launch.BlockZ), launch.SharedBytes);
    }

    public void Launch<TArguments>(in KernelLaunch launch, in TArguments arguments)
        where TArguments : unmanaged
    {
        Launches.Add(launch);
        NativeLaunch native;
        (native.GridX, native.GridY, native.GridZ) = launch.Grid;
        (native.BlockX, native.BlockY, native.BlockZ) = launch.Block;
        native.SharedBytes = launch.SharedBytes;
        TArguments copy = arguments;
        fixed (byte* name = NullTerminated(launch.Kernel))
        {
            if (emulate(name, &native, &copy) != 0)
                throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error()));
        }
    }

    public void Clear(nint address, long floats) => new Span<float>((void*)address, checked((int)floats)).Clear();

    public void Dispose()
    {
        NativeLibrary.Free(library);
        Directory.Delete(temporary, recursive: true);
    }

    private nint Export(string name) => NativeLibrary.GetExport(library, name);

    private static byte[] NullTerminated(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text), 0];

    [StructLayout(LayoutKind.Sequential)]
    private struct NativeLaunch
    {
        public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
    }
}
