using System.Runtime.InteropServices;
using AdaConv.Model;
using TorchSharp;

namespace AdaConv.Torch;

/// <summary>Loads libtorch from the one folder that the build keeps it in, and sets the process up for it.</summary>
/// <remarks>
/// Call <see cref="Initialize"/> before the first use of TorchSharp. Libraries are looked for in the folder named by the
/// environment variable <c>ADACONV_TORCH_DIR</c>, beside the application, and in the build's folder
/// (<c>AdaConv.TorchDirectory</c> of the runtime configuration). Once loaded by path, TorchSharp finds them by name.
/// </remarks>
public static partial class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static bool _initialized;

    /// <summary>The folder that libtorch's libraries are taken from.</summary>
    /// <exception cref="ModelException">They are nowhere.</exception>
    public static string Directory => FindDirectory();

    /// <summary>libtorch's version; call <see cref="Initialize"/> first.</summary>
    public static string Version => torch.__version__;

    /// <summary>Loads the libraries; a second call only sets the threads, when they are given.</summary>
    /// <param name="threads">
    /// Threads inside an operation; 0 = one per processor at first, then as before. One is best for training on a busy machine: the
    /// gradients of bfloat16 convolutions wait for each other in a loop that spins.
    /// </param>
    /// <exception cref="ModelException">libtorch is missing or does not load; the message says where it was looked for.</exception>
    public static void Initialize(int threads = 0)
    {
        lock (Gate)
        {
            if (!_initialized)
            {
                if (OperatingSystem.IsLinux())
                {
                    KeepFreedMemory();
                }

                // libtorch's idle threads would otherwise spin against decoder, encoder and kernels. Read when libgomp loads.
                SetDefault("OMP_WAIT_POLICY", "passive");

                LoadLibraries(FindDirectory());
                _initialized = true;
                torch.set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
            }
            else if (threads > 0)
            {
                torch.set_num_threads(threads);
            }
        }
    }

    /// <summary>Whether libtorch's CUDA libraries lie beside the others: those of a build with the CUDA packages.</summary>
    /// <exception cref="ModelException">There are no libraries at all.</exception>
    public static bool HasCuda => File.Exists(Path.Combine(FindDirectory(), CudaLibrary));

    private static string CudaLibrary => OperatingSystem.IsWindows() ? "torch_cuda.dll" : "libtorch_cuda.so";

    private static string[] LibraryNames => OperatingSystem.IsWindows()
        ? ["c10.dll", "torch_cpu.dll", "torch.dll", "LibTorchSharp.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib", "libLibTorchSharp.dylib"]
            : ["libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"];

    // Behind torch_cpu: what CUDA builds have more. On Windows, as TorchSharp does, first the parts that cuDNN and NVRTC load by their bare
    // names; on Linux the libraries find their neighbours by themselves.
    internal static IEnumerable<string> LoadOrder(string directory)
    {
        string[] names = LibraryNames;
        if (!File.Exists(Path.Combine(directory, CudaLibrary)))
        {
            return names;
        }

        IEnumerable<string> neighbours = OperatingSystem.IsWindows()
            ? ((string[])["cudnn*.dll", "nvrtc*.dll", "caffe2_nvrtc.dll"])
                .SelectMany(pattern => System.IO.Directory.EnumerateFiles(directory, pattern).Order(StringComparer.Ordinal))
                    .Select(path => Path.GetFileName(path))
            : [];
        string[] cuda = OperatingSystem.IsWindows() ? ["c10_cuda.dll", CudaLibrary] : ["libc10_cuda.so", CudaLibrary];
        return [.. names[..2], .. neighbours, .. cuda, .. names[2..]];
    }

    private static string FindDirectory()
    {
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("ADACONV_TORCH_DIR"),
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            AppContext.GetData("AdaConv.TorchDirectory") as string,
        ];
        return candidates.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, LibraryNames[^1])))
            ?? throw new ModelException(
                $"The neural network library libtorch ({LibraryNames[^1]}) was not found; looked in "
                + string.Join(", ", candidates.Where(folder => !string.IsNullOrEmpty(folder)))
                + ". Build the project once (dotnet build), or set ADACONV_TORCH_DIR to the folder that holds it.");
    }

    private static void LoadLibraries(string directory)
    {
        foreach (string name in LoadOrder(directory))
        {
            string path = Path.Combine(directory, name);
            try
            {
                if (OperatingSystem.IsLinux() && name == LibraryNames[^1])
                {
                    LoadTorchSharpOnLinux(path);
                }
                else
                {
                    QuietWarnings(NativeLibrary.Load(path));
                }
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                throw new ModelException($"Loading {path} failed: {exception.Message}", exception);
            }
        }
    }

    // Its float32 convolutions would otherwise warn at every call that NNPACK does not know the processor. c10::initLogging reads
    // the level from the environment; nothing in TorchSharp calls it.
    private static unsafe void QuietWarnings(nint library)
    {
        if (NativeLibrary.TryGetExport(library, "_ZN3c1011initLoggingEv", out nint initialize))
        {
            SetDefault("TORCH_CPP_LOG_LEVEL", "ERROR");
            ((delegate* unmanaged<void>)initialize)();
        }
    }

    // libLibTorchSharp.so asks for GLIBCXX_3.4.32, whose symbols it never calls; Debian 12's libstdc++ ends at 3.4.30. With
    // that one need marked weak the loader is content. The patched copy lives in memory only.
    private static void LoadTorchSharpOnLinux(string path)
    {
        if (NativeLibrary.TryLoad(path, out _))
        {
            return;
        }

        byte[] image = File.ReadAllBytes(path);
        if (!ElfVersionNeed.TryWeaken(image, "GLIBCXX_3.4.32"))
        {
            NativeLibrary.Load(path); // fails again, with the loader's own words
        }

        int file = MemoryFileCreate("libLibTorchSharp.so", 0);
        if (file < 0)
        {
            throw new DllNotFoundException($"memfd_create failed with error {Marshal.GetLastPInvokeError()}.");
        }

        using (var stream = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(file, ownsHandle: false), FileAccess.Write))
        {
            stream.Write(image);
        }

        NativeLibrary.Load($"/proc/self/fd/{file}");
    }

    // libtorch's temporaries cost more in page faults than in arithmetic unless malloc keeps what is freed
    // (a convolution 32→32 at 128², batch 16: 232 ms before, 16 ms after).
    private static void KeepFreedMemory()
    {
        const int TrimThreshold = -1, TopPad = -2, MapMaximum = -4, ArenaMaximum = -8;
        _ = MallocOption(MapMaximum, 0);
        _ = MallocOption(TrimThreshold, int.MaxValue);
        _ = MallocOption(TopPad, 1 << 28);
        _ = MallocOption(ArenaMaximum, 1);
    }

    private static void SetDefault(string name, string value)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(name, Environment.GetEnvironmentVariable(name) ?? value);
        }
        else
        {
            _ = SetEnvironment(name, value, overwrite: 0); // .NET's own environment is a copy that libgomp does not see
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemoryFileCreate(string name, uint flags);
}
