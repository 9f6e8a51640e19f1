using AdaConv.Engine.Cuda;

namespace AdaConv.Engine;

/// <summary>How an operation runs; never what it computes.</summary>
/// <param name="Level">
/// Forces a kernel level. Null: the environment variable ADACONV_KERNELS (scalar, vector128, vector256, vector512), else the hardware's best.
/// </param>
/// <param name="Threads">Threads at most; 0: as many as there are processors. Results have the same bits for every number.</param>
public sealed record EngineOptions(KernelLevel? Level = null, int Threads = 0)
{
    /// <summary>The best level, all processors.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>
    /// A device whose kernels warp and convolve: all views are then of its memory, and calls only queue the work. Null: the processor.
    /// </summary>
    internal IKernelLauncher? Launcher { get; init; }

    /// <summary>The level that an operation with these options takes.</summary>
    /// <exception cref="ArgumentException">The level is misspelt.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the level asked for.</exception>
    public KernelLevel ResolveLevel() =>
        KernelLevels.Choose(Level, Environment.GetEnvironmentVariable(KernelLevels.Variable), KernelLevels.Best);

    /// <summary>The number of threads that an operation with these options takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Threads"/> is negative.</exception>
    public int ResolveThreads()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        return Threads == 0 ? Environment.ProcessorCount : Threads;
    }
}
