using System.Globalization;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>What a scheduler grants of a machine.</summary>
/// <param name="Processors">Processors; null: all that the system lets this process use.</param>
/// <param name="Memory">Bytes; null likewise.</param>
internal sealed record Grant(int? Processors, long? Memory)
{
    /// <summary>Threads of the network and the decoder that are asked for; null: as many as there are processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the program may use; null: by the rule.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The variables that schedulers put a task's number into.</summary>
    public static readonly string[] IndexVariables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "PBS_ARRAY_INDEX"];

    /// <summary>What this process is granted: by Slurm's variables and by control groups. Processors that are bound the runtime knows.</summary>
    public static Grant OfThisProcess() => Of(Environment.GetEnvironmentVariable, ControlGroups.Read());

    /// <summary>The less of what Slurm says and what control groups allow.</summary>
    /// <param name="variable">An environment variable's value; null where it is not set.</param>
    /// <param name="groups">What control groups allow.</param>
    public static Grant Of(Func<string, string?> variable, Grant groups)
    {
        long? Number(string name) => long.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

        int? processors = Number("SLURM_CPUS_ON_NODE") is { } count ? (int)Math.Clamp(count, 1, 1024) : null;
        long? megabytes = Number("SLURM_MEM_PER_NODE") ?? (Number("SLURM_MEM_PER_CPU") is { } each ? each * (processors ?? 1) : null);
        long? memory = megabytes is > 0 ? megabytes << 20 : null;
        return new(Less(processors, groups.Processors) is { } fewer ? (int)fewer : null, Less(memory, groups.Memory));
    }

    /// <summary>A task's number; null where no scheduler says one.</summary>
    /// <exception cref="ConfigurationException">It is no number.</exception>
    public static int? IndexFromEnvironment()
    {
        foreach (string name in IndexVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } text)
            {
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                    ? index
                    : throw new ConfigurationException($"{name} is '{text}', which is no part's number; --index names one.");
            }
        }

        return null;
    }

    /// <summary>The settings with no more threads and memory than granted; what they name themselves stays, up to that.</summary>
    public FilterOptions Limit(FilterOptions options)
    {
        var network = options.Interpolation.Network;
        ConversionOptions conversion = options.Conversion;
        int granted = Math.Min(Processors ?? int.MaxValue, Environment.ProcessorCount);
        if (granted < Environment.ProcessorCount)
        {
            network = network with { Threads = AtMost(granted, network.Threads) };
            conversion = conversion with
            {
                DecoderThreads = AtMost(granted, conversion.DecoderThreads),
                EncoderThreads = AtMost(granted, conversion.EncoderThreads),
            };
        }

        if (Threads is { } threads)
        {
            network = network with { Threads = AtMost(threads, network.Threads) };
            conversion = conversion with { DecoderThreads = AtMost(threads, conversion.DecoderThreads) };
        }

        if (Memory is { } memory && !(network.MemoryLimit < memory))
        {
            network = network with { MemoryLimit = Math.Max(256L << 20, memory * 3 / 4) };
        }

        if (MemoryLimit is { } limit && !(network.MemoryLimit < limit))
        {
            network = network with { MemoryLimit = limit };
        }

        return options with { Interpolation = options.Interpolation with { Network = network }, Conversion = conversion };
    }

    private static int AtMost(int granted, int wanted) => wanted == 0 ? granted : Math.Min(wanted, granted);

    private static long? Less(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;
}
