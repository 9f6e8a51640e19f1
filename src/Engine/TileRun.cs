using System.Runtime.ExceptionServices;

namespace AdaConv.Engine;

/// <summary>An operation's tiles, which whoever has time takes one after another.</summary>
/// <param name="count">How many there are.</param>
/// <param name="tile">Does one.</param>
internal sealed class TileRun(int count, Action<int> tile)
{
    private readonly object gate = new();
    private readonly int all = count;
    private ExceptionDispatchInfo? error; // the first one; tiles that are begun later are passed over
    private int next = -1;                // the last tile that was begun
    private int open = count;             // tiles that are not finished

    /// <summary>Takes tiles until all are begun.</summary>
    public void Work()
    {
        for (int i = Interlocked.Increment(ref next); i < all; i = Interlocked.Increment(ref next))
        {
            try
            {
                if (error is null)
                    tile(i);
            }
            catch (Exception exception) // whatever it is, it belongs to who waits
            {
                Interlocked.CompareExchange(ref error, ExceptionDispatchInfo.Capture(exception), null);
            }
            if (Interlocked.Decrement(ref open) == 0)
            {
                lock (gate)
                    Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Waits until all tiles are finished. Helpers that have not begun by then find nothing to do, and nobody waits for them.</summary>
    public void Wait()
    {
        for (int i = 0; i < TileHelpers.Spins && Volatile.Read(ref open) > 0; i++)
            Thread.SpinWait(TileHelpers.SpinLength);
        lock (gate)
        {
            while (Volatile.Read(ref open) > 0)
                Monitor.Wait(gate);
        }
        error?.Throw();
    }
}
