using System.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter help</c>: a command's help, and the manual page.</summary>
internal static class HelpCommand
{
    /// <summary>The command for a program that will be complete by the time it runs.</summary>
    public static Command Create(RootCommand root)
    {
        var names = new Argument<string[]>("COMMAND")
        {
            Description = "The command to explain. Default: a list of all commands.",
            Arity = ArgumentArity.ZeroOrMore
        };
        names.CompletionSources.Add(_ => root.Subcommands.Select(command => new System.CommandLine.Completions.CompletionItem(command.Name)));
        var man = new Command("man", "Prints the manual page framefilter(1).")
            .WithExamples("framefilter help man > framefilter.1 && man ./framefilter.1");
        man.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(ManualPage.Write(root));
            return ExitCode.Success;
        });
        var help = new Command("help", "Shows the help of a command, or the manual page.") { names, man };
        help.SetAction(result =>
        {
            string[] path = result.GetValue(names) ?? [];
            var shown = root.Parse([.. path, "--help"]);
            return shown.UnmatchedTokens.Count == 0 && shown.CommandResult.Command.Name == path.LastOrDefault(root.Name)
                ? shown.Invoke(result.InvocationConfiguration)
                : throw new ConfigurationException(
                    $"There is no command '{string.Join(' ', path)}'{Suggestion.For(path[0], root.Subcommands.Select(command => command.Name))}; "
                    + "`framefilter --help` lists them.");
        });
        return help.WithExamples("framefilter help convert", "framefilter help man > framefilter.1");
    }
}
