namespace AdaConv.Conversion.Pipeline;

/// <summary>
/// What one stage makes for the next: the earlier waits while it is full, the later while it is empty. Unlike BlockingCollection, which makes a
/// cancellation source for each wait, it allocates nothing for an item.
/// </summary>
/// <param name="capacity">Items at most, above 0.</param>
internal sealed class BoundedQueue<T>(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new(capacity);
    private readonly SemaphoreSlim _room = new(capacity), _filled = new(0);

    /// <summary>Adds an item, once there is room.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Add(T item, CancellationToken cancellation)
    {
        _room.Wait(cancellation);
        lock (_gate)
        {
            _items.Enqueue(item);
        }

        _filled.Release();
    }

    /// <summary>No item follows.</summary>
    public void CompleteAdding() => _filled.Release();

    /// <summary>Takes the items as they come, to the last one; from one thread.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<T> Take(CancellationToken cancellation)
    {
        while (TryTake(out T? item, cancellation))
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _room.Dispose();
        _filled.Dispose();
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item, CancellationToken cancellation)
    {
        _filled.Wait(cancellation);
        lock (_gate)
        {
            if (!_items.TryDequeue(out item))
            {
                return false; // the end
            }
        }

        _room.Release();
        return true;
    }
}
