using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Conversion.Interpolation;

/// <summary>An interpolator that is made beside other work, or when the first frame needs it; what goes wrong is told by that frame.</summary>
/// <remarks>
/// The engine loads weights while the input is opened. Where libtorch may run the network, loading waits for the first frame: it holds the system
/// loader's lock, which every first call into FFmpeg's libraries needs, too.
/// </remarks>
/// <param name="load">Makes it.</param>
/// <param name="atOnce">Whether that begins now, on another thread.</param>
internal sealed class LazyInterpolator(Func<IFrameInterpolator> load, bool atOnce) : IFrameInterpolator, IDisposable
{
    private readonly Task<IFrameInterpolator>? _loading = atOnce ? Task.Run(load) : null;
    private IFrameInterpolator? _interpolator;
    private Action<string>? _listener;

    public bool LooksAhead => Loaded().LooksAhead;

    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
        Loaded().Begin(first, second, time, between, cancellation);

    public void Look(PlanarFrame first, PlanarFrame second, CancellationToken cancellation = default) => Loaded().Look(first, second, cancellation);

    public double Nearest(double time) => Loaded().Nearest(time);

    public void Listen(Action<string> message)
    {
        _listener = message;
        _interpolator?.Listen(message);
    }

    public PredictionMemory? MemoryFor(int width, int height, int samples) => Loaded().MemoryFor(width, height, samples);

    public void LeaveRoom(long bytes) => Loaded().LeaveRoom(bytes);

    /// <summary>Waits for it, or makes it now.</summary>
    public void Load() => Loaded();

    private IFrameInterpolator Loaded()
    {
        if (_interpolator is null)
        {
            _interpolator = _loading is null ? load() : _loading.GetAwaiter().GetResult();
            if (_listener is not null)
            {
                _interpolator.Listen(_listener);
            }
        }

        return _interpolator;
    }

    public void Dispose()
    {
        if (_interpolator is null && _loading is not null)
        {
            // No frame has asked for it, nor for what went wrong.
            _loading.ContinueWith(
                loaded => (loaded.Result as IDisposable)?.Dispose(),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            return;
        }

        (_interpolator as IDisposable)?.Dispose();
    }
}
