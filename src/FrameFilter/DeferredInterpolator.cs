using AdaConv.Model;

namespace AdaConv.FrameFilter;

/// <summary>An interpolator that is made in the background; the first frame waits for it.</summary>
internal sealed class DeferredInterpolator : IFrameInterpolator, IDisposable
{
    private readonly Task<IFrameInterpolator> _loading;

    public DeferredInterpolator(Func<IFrameInterpolator> load) =>
        _loading = Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Interpolate(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default)
    {
        // GetResult throws the loader's own exception, not a wrapper.
        _loading.WaitAsync(cancellation).GetAwaiter().GetResult().Interpolate(first, second, between, cancellation);
    }

    public void Dispose()
    {
        // Loading cannot be broken off; when nobody waited for it, its failure is of no interest.
        _loading.ContinueWith(
            task =>
            {
                if (task.IsCompletedSuccessfully)
                {
                    (task.Result as IDisposable)?.Dispose();
                }
                else
                {
                    _ = task.Exception;
                }
            },
            TaskScheduler.Default);
    }
}
