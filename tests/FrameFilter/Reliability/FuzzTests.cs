using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

/// <summary>Damaged inputs of every kind, always the same ones: the short form of eng/fuzz.sh, by the same program.</summary>
public sealed class FuzzTests
{
    [Fact]
    public async Task Sixty_damaged_inputs_end_in_a_right_output_or_in_plain_words()
    {
        FfmpegCommand.Require();
        using var folder = new ClipFolder();
        string program = ProcessRun.AssemblyOf("Fuzz");

        // On a slow machine twice as many took more than two minutes beside other tests.
        var run = await ProcessRun.Of("dotnet", [program, "--few", "--seed", "1", "--mutants", "60", "--folder", folder["fuzz"]], folder.Path, minutes: 8);

        TestContext.Current.TestOutputHelper!.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Matches(@"\n(5\d|60) mutants, 0 faults\n$", run.Output);
    }
}
