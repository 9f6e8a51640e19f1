namespace AdaConv.Engine.Tests;

/// <summary>Alone, because the environment belongs to the whole process.</summary>
[CollectionDefinition(nameof(Environment_variables), DisableParallelization = true)]
public sealed class Environment_variables;

[Collection(nameof(Environment_variables))]
public sealed unsafe class KernelLevelTests : IDisposable
{
    private readonly string? before = Environment.GetEnvironmentVariable("ADACONV_KERNELS");

    public void Dispose() => Environment.SetEnvironmentVariable("ADACONV_KERNELS", before);

    [Fact]
    public void The_environment_forces_a_level()
    {
        foreach (var level in Levels.All)
        {
            Environment.SetEnvironmentVariable("ADACONV_KERNELS", level.ToString().ToUpperInvariant());
            Assert.Equal(level, EngineOptions.Default.ResolveLevel());
        }
        Environment.SetEnvironmentVariable("ADACONV_KERNELS", null);
        Assert.Equal(KernelLevels.Best, EngineOptions.Default.ResolveLevel());
    }

    [Fact]
    public void The_environment_changes_what_an_operation_runs()
    {
        Assert.SkipWhen(KernelLevels.Best == KernelLevel.Scalar, "This processor has only the scalar level.");
        // 63 taps of random values: the levels' roundings cannot all coincide.
        using var inputs = new SeparableCase(new(1, 3, 8, 40, 63, 1, true), seed: 1);
        Environment.SetEnvironmentVariable("ADACONV_KERNELS", "scalar");
        float[] forced = inputs.Forward(EngineOptions.Default);
        Assert.Equal(inputs.Forward(new EngineOptions(KernelLevel.Scalar)), forced);
        Assert.NotEqual(inputs.Forward(new EngineOptions(KernelLevels.Best)), forced);
    }

    [Fact]
    public void A_misspelt_level_is_refused_with_the_known_ones()
    {
        Environment.SetEnvironmentVariable("ADACONV_KERNELS", "avx9");
        using var inputs = new SeparableCase(new(1, 1, 2, 2, 1, 1, false), seed: 1);
        var error = Assert.Throws<ArgumentException>(() => inputs.Forward(EngineOptions.Default));
        Assert.Contains("ADACONV_KERNELS=avx9", error.Message, StringComparison.Ordinal);
        Assert.Contains("scalar, vector128, vector256, vector512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_option_beats_the_environment()
    {
        Assert.Equal(KernelLevel.Scalar, KernelLevels.Choose(KernelLevel.Scalar, "vector256", KernelLevel.Vector512));
        Assert.Equal(KernelLevel.Vector256, KernelLevels.Choose(null, " Vector256 ", KernelLevel.Vector512));
        Assert.Equal(KernelLevel.Vector512, KernelLevels.Choose(null, "", KernelLevel.Vector512));
        Assert.Equal(KernelLevel.Scalar, KernelLevels.Choose(null, null, KernelLevel.Scalar));
    }

    [Fact]
    public void A_level_beyond_the_processor_is_refused_with_the_reason()
    {
        var byOption = Assert.Throws<PlatformNotSupportedException>(() => KernelLevels.Choose(KernelLevel.Vector512, null,
            KernelLevel.Vector256));
        Assert.Contains("Vector512", byOption.Message, StringComparison.Ordinal);
        Assert.Contains("at most Vector256", byOption.Message, StringComparison.Ordinal);
        var byVariable = Assert.Throws<PlatformNotSupportedException>(() => KernelLevels.Choose(null, "vector256", KernelLevel.Scalar));
        Assert.Contains("ADACONV_KERNELS=vector256", byVariable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_is_no_level_is_refused() =>
        Assert.Throws<ArgumentException>(() => KernelLevels.Choose((KernelLevel)9, null, KernelLevel.Vector512));
}
