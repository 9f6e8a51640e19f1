using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Pictures;

namespace AdaConv.Plugin;

/// <summary>What an adaconv_interpolator stands for: a network, and the planes of the pair at hand. Calls wait for one another.</summary>
internal sealed class FrameInterpolator : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IFrameInterpolator _interpolator;
    private PictureKind? _kind;
    private PicturePlanes? _planes;
    private PlanarFrame? _first;
    private PlanarFrame? _second;
    private PlanarFrame? _between;
    private bool _disposed;

    // The callers' numbers of the pictures that the planes hold, 0 where there is none.
    private ulong _inFirst;
    private ulong _inSecond;

    /// <summary>Loads a weight file.</summary>
    /// <exception cref="ModelException">It cannot be used.</exception>
    /// <exception cref="PluginException">An option is out of its range.</exception>
    public FrameInterpolator(string weights, in NativeOptions options)
    {
        if (options.Kernels is < 0 or > 4)
        {
            throw new PluginException(Result.Argument, $"adaconv_options.kernels is {options.Kernels}; it must be one of ADACONV_KERNELS_...");
        }

        if (options.Ensemble is not (0 or 1 or 2 or 4 or 8))
        {
            throw new PluginException(Result.Argument, $"adaconv_options.ensemble is {options.Ensemble}; it must be 1, 2, 4 or 8.");
        }

        if (options.Grain is not (0 or 1) || options.Reserved != 0)
        {
            throw new PluginException(Result.Argument, options.Reserved != 0
                ? $"adaconv_options.reserved is {options.Reserved}; it must be 0."
                : $"adaconv_options.grain is {options.Grain}; it must be one of ADACONV_GRAIN_...");
        }

        if (options.Threads > 1024)
        {
            throw new PluginException(Result.Argument, $"adaconv_options.threads is {options.Threads}; it must be 0 to 1024.");
        }

        KernelLevel? level = options.Kernels == 0 ? null : (KernelLevel)(options.Kernels - 1);
        new EngineOptions(level).ResolveLevel(); // refuses what the processor lacks, before the weights are read
        InterpolatorOptions chosen = new()
        {
            Device = ComputeDevice.Cpu,
            Threads = (int)options.Threads,
            MemoryLimit = options.MemoryLimit == 0 ? null : (long)Math.Min(options.MemoryLimit, long.MaxValue),
            Kernels = level,
            Ensemble = Math.Max(1, (int)options.Ensemble),
            Grain = options.Grain == 0 ? Grain.Keep : Grain.Smooth,
        };
        _interpolator = EngineExecutor.Load(weights, chosen).ForAnyTime();
    }

    /// <summary>Sets what frames look like.</summary>
    public void SetFormat(PictureKind kind)
    {
        lock (_gate)
        {
            Require();
            DropPlanes();
            _kind = kind;
            _planes = new(kind.Layout, kind.Width, kind.Height, kind.Matrix, kind.FullRange);
            _first = _planes.CreatePlanes();
            _second = _planes.CreatePlanes();
            _between = _planes.CreatePlanes();
        }
    }

    /// <summary>Makes the frame between two.</summary>
    /// <exception cref="PluginException">There is no format yet, or a frame does not fit it.</exception>
    /// <exception cref="ModelException">The frames do not fit the memory limit.</exception>
    public void Interpolate(in NativeFrame first, in NativeFrame second, double time, in NativeFrame between)
    {
        lock (_gate)
        {
            Require();
            if (_kind is null || _planes is null || _first is null || _second is null || _between is null)
            {
                throw new PluginException(Result.Argument, "adaconv_set_format was not called, or failed: what frames look like is not known.");
            }

            if (!(time > 0 && time < 1))
            {
                throw new PluginException(Result.Argument, "time must be more than 0 and less than 1.");
            }

            PictureMemory from = _kind.MemoryOf(first, "first"), to = _kind.MemoryOf(second, "second"), target = _kind.MemoryOf(between, "between");
            if (_inFirst != first.Picture && first.Picture != 0 && _inSecond == first.Picture)
            {
                // The second frame of the pair before is the first of this one.
                (_first, _second, _inFirst, _inSecond) = (_second, _first, _inSecond, _inFirst);
            }

            Hold(_planes, from, first.Picture, _first, ref _inFirst);
            Hold(_planes, to, second.Picture, _second, ref _inSecond);
            _interpolator.Interpolate(_first, _second, time, _between);
            _planes.Write(_between, target);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            DropPlanes();
            (_interpolator as IDisposable)?.Dispose();
        }
    }

    private static void Hold(PicturePlanes converter, in PictureMemory memory, ulong picture, PlanarFrame planes, ref ulong held)
    {
        if (picture == 0 || picture != held)
        {
            held = 0; // until all of it is read
            converter.Read(memory, planes);
            held = picture;
        }
    }

    private void Require()
    {
        if (_disposed)
        {
            throw new PluginException(Result.Handle, "The interpolator was given back meanwhile.");
        }
    }

    private void DropPlanes()
    {
        _planes?.Dispose();
        _first?.Dispose();
        _second?.Dispose();
        _between?.Dispose();
        (_kind, _planes, _first, _second, _between, _inFirst, _inSecond) = (null, null, null, null, null, 0, 0);
    }
}
