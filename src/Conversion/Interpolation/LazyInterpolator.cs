using AdaConv.Engine;
using AdaConv.Model;


namespace AdaConv.Conversion.Interpolation;

/// <summary>An interpolator that is made when the first frame needs it.</summary>
/// <remarks>
/// Still pictures need no network at all. (Where libtorch runs it, loading holds the system loader's lock, which every first call into FFmpeg's
/// libraries needs, too: begun at once, it would keep the input from being opened.)
/// </remarks>
internal sealed class LazyInterpolator(Func<IFrameInterpolator> load) : IFrameInterpolator, IDisposable
{
    private IFrameInterpolator? _interpolator;
    private Action<string>? _listener;

    public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default) =>
        Loaded().Begin(first, second, time, between, cancellation);

    public double Nearest(double time) => Loaded().Nearest(time);

    public void Listen(Action<string> message)
    {
        _listener = message;
        _interpolator?.Listen(message);
    }

    private IFrameInterpolator Loaded()
    {
        if (_interpolator is null)
        {
            _interpolator = load();
            if (_listener is not null)
            {
                _interpolator.Listen(_listener);
            }
        }

        return _interpolator;
    }

    public void Dispose() => (_interpolator as IDisposable)?.Dispose();
}
