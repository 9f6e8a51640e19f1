using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

/// <summary>
/// Calls of libav's that fail: a library between the program and FFmpeg's fails each function's first call, and the end that a decoder is told.
/// </summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Every_function_of_libav_that_a_conversion_calls_may_fail_and_nothing_is_left()
    {
        FfmpegCommand.Require();
        using var folder = new ClipFolder();
        string program = ProcessRun.AssemblyOf("Fuzz");

        var run = await ProcessRun.Of("dotnet", [program, "faults", "--few", "--folder", folder["faults"]], folder.Path);

        Assert.SkipWhen(run.Output.StartsWith("skipped", StringComparison.Ordinal), run.Output);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Matches(@"\n[3-9]\d faults injected, 0 wrong\n$", run.Output);
    }
}
