using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using AdaConv.FrameFilter.Commands;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

public sealed partial class HelpTests
{
    public static TheoryData<string> CommandLines => [.. Paths(FilterCommandLine.Build(), "")];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "docs"), "*.md")
        .Select(path => $"docs/{Path.GetFileName(path)}").Append("README.md")];

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

    [Fact]
    public void The_shipped_manual_explains_every_option_and_every_word_and_names_no_other()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "framefilter.1")).Replace("\\-", "-", StringComparison.Ordinal);
        RootCommand root = FilterCommandLine.Build();
        string[] options = [.. Paths(root, "").SelectMany(path => Find(path).Options).Concat(root.Options)
            .Where(option => !option.Hidden && option is not (HelpOption or VersionOption))
            .SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal)).Distinct()];

        Assert.Equal(options.Order(StringComparer.Ordinal), LongOption().Matches(page).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Settings.All.SelectMany(setting => setting.Words), word => Assert.Contains(word, page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_line_that_a_page_shows_is_one_that_the_program_takes(string page)
    {
        bool code = false;
        foreach (string line in File.ReadLines(Path.Combine(RepositoryFiles.Root, page)).Select(line => line.Trim()))
        {
            code ^= line.StartsWith("```", StringComparison.Ordinal);
            foreach (Match shown in Shown().Matches(line))
            {
                Assert.True(!code || FilterCommandLine.Build().Parse(shown.Groups[1].Value).Errors is [], $"{page}: {line}");
            }
        }
    }

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

    [GeneratedRegex("--[a-z][a-z0-9-]*[a-z0-9]")]
    private static partial Regex LongOption();

    // Up to a pipe, a redirection, a remark or the end.
    [GeneratedRegex(@"(?:^|[|&$;] |\()(?:\./)?framefilter (.*?)(?= [|>#&] | 2>|[;)]|$)")]
    private static partial Regex Shown();
}
