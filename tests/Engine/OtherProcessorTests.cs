using AdaConv.Tests.Support;

namespace AdaConv.Engine.Tests;

/// <summary>The kernels where the processor has less than this one: the tests that hold all levels equal, once more in a process that may not use it.</summary>
public sealed class OtherProcessorTests
{
    private static readonly Type[] s_equality =
    [
        typeof(BilinearWarpTests), typeof(Convolution.Convolution3x3Tests), typeof(CubicWarpTests), typeof(FrameBlendTests), typeof(PlanePackingTests),
        typeof(PlaneUpsamplingTests), typeof(SeparableConvolutionTests),
    ];

    /// <remarks>Without AVX2 the 128-bit kernels run on the portable vector types, as with arm64's NEON; without any instructions the reference does.</remarks>
    [Theory]
    [InlineData("DOTNET_EnableAVX2", KernelLevel.Vector128)]
    [InlineData("DOTNET_EnableHWIntrinsic", KernelLevel.Scalar)]
    public async Task All_levels_that_are_left_agree(string switchedOff, KernelLevel best)
    {
        Dictionary<string, string?> environment =
            new() { [switchedOff] = "0", [FewerInstructionsTests.Variable] = best.ToString(), ["ADACONV_KERNELS"] = null };
        string[] classes = [.. s_equality.Append(typeof(FewerInstructionsTests)).SelectMany(type => (string[])["-class", type.FullName!])];

        var run = await ProcessRun.Of("dotnet", [typeof(OtherProcessorTests).Assembly.Location, "-noLogo", "-noColor", .. classes], environment: environment);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Matches("Total: [1-9][0-9]+, Errors: 0, Failed: 0", run.Output);
    }
}

/// <summary>In such a process: it really has no more.</summary>
public sealed class FewerInstructionsTests
{
    internal const string Variable = "ADACONV_TEST_BEST_LEVEL";

    [Fact]
    public void The_best_level_is_what_the_processor_has()
    {
        string? expected = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(expected is null, "Looked at in a process with fewer instructions.");
        Assert.Equal(expected, KernelLevels.Best.ToString());
    }
}
