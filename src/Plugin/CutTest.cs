using AdaConv.Pictures.Scenes;

namespace AdaConv.Plugin;

/// <summary>What an adaconv_cut_test stands for. Calls wait for one another.</summary>
internal sealed class CutTest : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PictureKind _kind;
    private readonly Func<CutWindow> _begin;
    private CutWindow _window;

    /// <summary>Begins a test.</summary>
    /// <exception cref="PluginException">A value is out of its range.</exception>
    public CutTest(PictureKind kind, double threshold, uint lookAhead)
    {
        if (!(threshold > 0 && threshold <= 1))
        {
            throw new PluginException(Result.Argument, "threshold must be more than 0 and not more than 1.");
        }

        if (lookAhead >= SceneCutDetector.Neighbours)
        {
            throw new PluginException(Result.Argument, $"look_ahead is {lookAhead}; it must be 0 to {SceneCutDetector.Neighbours - 1}.");
        }

        _kind = kind;
        _begin = () => new(new(threshold), (int)lookAhead);
        _window = _begin();
    }

    /// <summary>Takes the next frame, and judges the earliest one that it can.</summary>
    /// <param name="frame">Null: none follows.</param>
    /// <exception cref="PluginException">The frame does not fit the format.</exception>
    public Verdict Add(in NativeFrame? frame)
    {
        lock (_gate)
        {
            if (frame is { } next)
            {
                LumaThumbnail thumbnail = _window.Rent();
                thumbnail.Measure(_kind.Layout, _kind.MemoryOf(next, "frame"), _kind.Width, _kind.Height);
                _window.Add(thumbnail);
                return _window.IsReady ? Judge() : Verdict.Pending;
            }

            if (_window.Waiting > 0)
            {
                return Judge();
            }

            _window = _begin();
            return Verdict.Pending;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing but managed memory.
    }

    private Verdict Judge() => _window.Judge() ? Verdict.Yes : Verdict.No;
}
