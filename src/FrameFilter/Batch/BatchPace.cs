using AdaConv.Conversion.Options;


namespace AdaConv.FrameFilter.Batch;

/// <summary>How many videos are converted at a time, and how much of the machine each may use.</summary>
internal static class BatchPace
{
    /// <summary>Memory that one conversion without a network is counted with; a 4K one of it takes 0.9 GB.</summary>
    private const long MemoryOfOne = 1L << 30;

    /// <summary>
    /// The rule: the network uses every core for one frame, so one video at a time; without it as many as half the cores, and as the memory
    /// holds at 1 GiB each.
    /// </summary>
    public static int Jobs(FilterOptions options, int asked, int cores, long memory) =>
        asked > 0 ? asked
        : options.Interpolation.Method == InterpolationMethod.Network ? 1
        : (int)Math.Clamp(Math.Min(cores / 2, memory / MemoryOfOne), 1, 16);

    /// <summary>The settings for each of several at a time: threads and memory are shared out.</summary>
    public static FilterOptions Share(FilterOptions options, int jobs, int cores, long memory)
    {
        var network = options.Interpolation.Network;
        return jobs == 1 ? options : options with
        {
            Interpolation = options.Interpolation with
            {
                Network = network with
                {
                    Threads = network.Threads > 0 ? network.Threads : Math.Max(1, cores / jobs),
                    MemoryLimit = Math.Max(256L << 20, (network.MemoryLimit ?? (memory / 2)) / jobs),
                },
            },
        };
    }
}
