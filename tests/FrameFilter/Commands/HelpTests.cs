using System.CommandLine;
using AdaConv.FrameFilter.Commands;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> CommandLines => [.. Paths(FilterCommandLine.Build(), "")];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void Every_command_has_a_description_and_an_example_that_names_it(string path)
    {
        Command command = Find(path);

        Assert.Matches("^[A-Z].+[.]$", command.Description!);
        Assert.NotEmpty(HelpWithExamples.Of(command));
        Assert.All(HelpWithExamples.Of(command), example => Assert.Contains($"framefilter {path}", example, StringComparison.Ordinal));
        Assert.All(command.Options, option => Assert.EndsWith(".", option.Description, StringComparison.Ordinal));
        Assert.All(command.Arguments, argument => Assert.EndsWith(".", argument.Description, StringComparison.Ordinal));
    }

    /// <remarks>Another text is committed by: framefilter help man > docs/framefilter.1.</remarks>
    [Fact]
    public void The_committed_manual_page_is_that_of_the_commands() => Assert.Equal(
        ManualPage.Write(FilterCommandLine.Build()),
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "framefilter.1")).ReplaceLineEndings("\n"));

    [Fact]
    public async Task The_manual_page_is_set_without_a_warning()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/groff"), "groff, which sets manual pages, is not installed.");
        using var folder = new ClipFolder();
        string page = folder.Write("framefilter.1", (await ProcessRun.OfFilter(["help", "man"])).Output);

        var run = await ProcessRun.Of("/usr/bin/groff", ["-man", "-ww", "-Tascii", "-P-cbou", page]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("framefilter convert INPUT OUTPUT [OPTION]...", run.Output, StringComparison.Ordinal);
        Assert.Contains("--encoder-option NAME=TEXT [output.encoder-options]", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "Usage:\n  framefilter [command]")]
    [InlineData("help convert", "framefilter convert <INPUT> <OUTPUT>")]
    [InlineData("help presets show", "framefilter presets show <PRESET>")]
    public async Task Help_shows_a_commands_own(string arguments, string usage)
    {
        var run = await ProcessRun.OfFilter(arguments.Split(' '));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(usage, run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_no_command_names_the_nearest()
    {
        var run = await ProcessRun.OfFilter(["help", "convrt"]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("framefilter: error: There is no command 'convrt'; did you mean 'convert'?", run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(Command parent, string above) => parent.Subcommands
        .SelectMany(command => Paths(command, $"{above}{command.Name} ").Prepend(above + command.Name));

    private static Command Find(string path) =>
        path.Split(' ').Aggregate((Command)FilterCommandLine.Build(), (command, name) => command.Subcommands.First(sub => sub.Name == name));
}
