using System.Reflection;

namespace AdaConv.Engine.Cuda;

/// <summary>A CUDA device with the kernels loaded into the context that libtorch shares.</summary>
/// <remarks>
/// Work is queued on the stream given, by default the one that libtorch begins with (0). Not thread-safe. Kernels are translated from
/// the PTX inside this assembly, which drivers accept for every device from compute capability 7.0 on.
/// </remarks>
public sealed class CudaDevice : IKernelLauncher, IDisposable
{
    private const int Version = 3; // ADACONV_VERSION

    private readonly CudaDriver driver;
    private readonly int device;
    private readonly PrimaryContext context;
    private readonly DriverHandle module;
    private readonly Dictionary<string, nint> functions = [];

    private CudaDevice(CudaDriver driver, int ordinal, nint stream)
    {
        (this.driver, Stream, device) = (driver, stream, driver.DeviceHandle(ordinal));
        Name = driver.DeviceName(device);
        ComputeCapability = (driver.DeviceAttribute(device, CudaAttribute.ComputeCapabilityMajor),
            driver.DeviceAttribute(device, CudaAttribute.ComputeCapabilityMinor));
        Multiprocessors = driver.DeviceAttribute(device, CudaAttribute.MultiprocessorCount);
        Memory = driver.DeviceMemory(device);
        OperationsPerSecond = 2e3 * Multiprocessors * CoresPerMultiprocessor(ComputeCapability) * driver.DeviceAttribute(device, CudaAttribute.ClockRate);
        BytesPerSecond = 2e3 * driver.DeviceAttribute(device, CudaAttribute.MemoryClockRate) * driver.DeviceAttribute(device, CudaAttribute.MemoryBusWidth) / 8;
        if (ComputeCapability.Major < 7)
        {
            throw new CudaException($"The GPU {Name} has compute capability {ComputeCapability.Major}.{ComputeCapability.Minor}; 7.0 (Volta, 2017) "
                + "or newer is needed.");
        }
        context = new PrimaryContext(driver, device);
        try
        {
            driver.SetCurrent(context.Value);
            module = new DriverHandle(driver.LoadModule(Ptx()), driver.UnloadModule);
            CheckVersion();
        }
        catch
        {
            module?.Dispose();
            context.Dispose();
            throw;
        }
    }

    /// <summary>The device's name, as its maker calls it.</summary>
    public string Name { get; }

    /// <summary>What its generation can do: 8.6 is Ampere for desktops.</summary>
    public (int Major, int Minor) ComputeCapability { get; }

    /// <summary>Whether it has instructions for bfloat16 products.</summary>
    public bool HasBFloat16 => ComputeCapability.Major >= 8;

    /// <summary>Streaming multiprocessors.</summary>
    public int Multiprocessors { get; }

    /// <summary>Bytes of memory in all.</summary>
    public long Memory { get; }

    /// <summary>float32 operations at its own clock, a multiply-add being two; what the driver says of multiprocessors and clock.</summary>
    public double OperationsPerSecond { get; }

    /// <summary>Bytes to and from its memory; what the driver says of clock and bus.</summary>
    public double BytesPerSecond { get; }

    /// <summary>The stream (CUstream) that work is queued on.</summary>
    internal nint Stream { get; }

    /// <summary>The CUDA version of the driver: 12040 is 12.4.</summary>
    public int DriverVersion => driver.Version;

    /// <summary>Opens a device.</summary>
    /// <param name="ordinal">Its number, from 0 on.</param>
    /// <param name="stream">The stream (CUstream) to queue on; 0: the default one, which libtorch uses unless told otherwise.</param>
    /// <param name="library">Another driver library than the system's.</param>
    /// <exception cref="CudaException">There is no driver or device, it is too old, or the kernels do not load; the message says which.</exception>
    public static CudaDevice Open(int ordinal = 0, nint stream = 0, string? library = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        CudaDriver driver = CudaDriver.Load(library);
        int count = driver.DeviceCount;
        return ordinal < count
            ? new CudaDevice(driver, ordinal, stream)
            : throw (count == 0 ? CudaException.WithoutDevice("NVIDIA's driver finds no CUDA device.")
                : new CudaException($"There is no CUDA device {ordinal}; the driver finds {count}, counted from 0."));
    }

    /// <summary>Waits until all queued work is done.</summary>
    /// <exception cref="CudaException">Work failed on the device.</exception>
    public void Synchronize()
    {
        EnterContext().Synchronize(Stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        module.Dispose();
        context.Dispose();
    }

    /// <summary>Memory of the device with the given values.</summary>
    internal unsafe DriverHandle Upload<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        DriverHandle buffer = Allocate((long)values.Length * sizeof(T));
        try
        {
            fixed (T* source = values)
                driver.CopyToDevice(buffer.Value, source, (long)values.Length * sizeof(T));
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of memory that nobody holds at present.</summary>
    /// <exception cref="CudaException">The driver does not say.</exception>
    internal long FreeMemory() => EnterContext().FreeMemory();

    /// <summary>Memory of the host that the device copies from and to by itself.</summary>
    internal DriverHandle AllocatePinned(long bytes) => new(EnterContext().AllocatePinned(bytes), driver.FreePinned);

    /// <summary>The driver, with the device's context current for this thread.</summary>
    internal CudaDriver EnterContext()
    {
        driver.SetCurrent(context.Value);
        return driver;
    }

    /// <summary>Memory of the device, not initialised.</summary>
    internal DriverHandle Allocate(long bytes)
    {
        return new DriverHandle(EnterContext().Allocate(bytes), driver.Free);
    }

    /// <summary>Waits for queued work and copies values from the device.</summary>
    internal unsafe void Download<T>(DriverHandle buffer, Span<T> values)
        where T : unmanaged
    {
        Synchronize();
        fixed (T* target = values)
            driver.CopyFromDevice(target, buffer.Value, (long)values.Length * sizeof(T));
    }

    unsafe void IKernelLauncher.Launch<TArguments>(in KernelLaunch launch, in TArguments arguments)
    {
        driver.SetCurrent(context.Value);
        if (!functions.TryGetValue(launch.Kernel, out nint function))
            functions.Add(launch.Kernel, function = driver.Function(module.Value, launch.Kernel));
        fixed (TArguments* pointer = &arguments)
            driver.Launch(function, launch, pointer, Stream);
    }

    void IKernelLauncher.Clear(nint address, long floats)
    {
        EnterContext().Clear(address, floats, Stream);
    }

    // float32 lanes; NVIDIA, "CUDA C++ Programming Guide", arithmetic instructions (throughput of 32-bit multiply-add), quoted from memory.
    private static int CoresPerMultiprocessor((int Major, int Minor) capability) => capability is { Major: 7 } or (8, 0) ? 64 : 128;

    private static byte[] Ptx()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("kernels.ptx")!;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    private unsafe void CheckVersion()
    {
        int version;
        driver.CopyFromDevice(&version, driver.Global(module.Value, "adaconv_version"), sizeof(int));
        if (version != Version)
            throw new CudaException($"The kernels have version {version}, but this program needs version {Version}: build it again.");
    }
}
