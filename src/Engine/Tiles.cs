namespace AdaConv.Engine;

/// <summary>
/// Runs the tiles of an operation. How work is cut into tiles never depends on the number of threads, and no two tiles write
/// the same value: so neither do the results.
/// </summary>
internal static class Tiles
{
    /// <summary>Calls <paramref name="tile"/> for 0 to <paramref name="count"/> − 1, each once, in any order, on so many threads at
    /// most. Where one throws, that is what the caller meets.</summary>
    public static void Run(int count, int threads, Action<int> tile)
    {
        threads = Math.Min(threads, count);
        if (threads <= 1)
        {
            for (int i = 0; i < count; i++)
                tile(i);
            return;
        }
        TileRun run = new(count, tile);
        TileHelpers.Offer(run, threads - 1);
        run.Work();
        run.Wait();
    }
}
