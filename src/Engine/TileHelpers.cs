using System.Collections.Concurrent;

namespace AdaConv.Engine;

/// <summary>Threads that help with tiles, shared by all operations of the process.</summary>
/// <remarks>
/// A network is a few hundred operations, each well below a millisecond, behind one another. A helper looks out for the next one for a moment before it
/// falls asleep, mostly stays on its core with what lies in that core's caches, and is waited for only once it has begun. The thread pool's
/// threads, of which now this and now that one helps, made conversions on two cores 2 to 6 % longer (bench/README.md).
/// </remarks>
internal static class TileHelpers
{
    /// <summary>How often a thread looks whether what it waits for is there, before it sleeps: 35 to 80 µs in all, as measured.</summary>
    public const int Spins = 300;

    /// <summary>Iterations of <see cref="Thread.SpinWait"/> between two looks.</summary>
    public const int SpinLength = 4;

    private static readonly ConcurrentQueue<TileRun> Offers = new();
    private static readonly SemaphoreSlim Offered = new(0);
    private static readonly Lock Gate = new();
    private static int helpers; // threads that were started

    /// <summary>Asks for help.</summary>
    /// <param name="run">The tiles.</param>
    /// <param name="most">Helpers at most.</param>
    public static void Offer(TileRun run, int most)
    {
        if (Volatile.Read(ref helpers) < most)
            Start(most);
        most = Math.Min(most, Volatile.Read(ref helpers));
        if (most == 0)
            return;
        for (int i = 0; i < most; i++)
            Offers.Enqueue(run);
        Offered.Release(most);
    }

    // As many as the operation with the most threads has asked for; fewer where the system gives no more.
    private static void Start(int most)
    {
        lock (Gate)
        {
            try
            {
                for (; helpers < most; helpers++)
                    new Thread(Help) { IsBackground = true, Name = "tiles" }.UnsafeStart();
            }
            catch (OutOfMemoryException)
            {
                // What .NET says of a limit of threads, too: who asked works alone, or with those that are there.
            }
        }
    }

    private static void Help()
    {
        while (true)
        {
            for (int i = 0; i < Spins && Offered.CurrentCount == 0; i++)
                Thread.SpinWait(SpinLength);
            Offered.Wait();
            if (Offers.TryDequeue(out TileRun? run))
                run.Work();
        }
    }
}
