using System.CommandLine;
using AdaConv.FrameFilter.Commands.Completion;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter completion</c>: prints a script with which a shell completes commands, options and values.</summary>
internal static class CompletionCommand
{
    private static readonly (string Shell, Func<IReadOnlyList<CompletedCommand>, string> Write)[] s_shells =
    [
        ("bash", BashCompletion.Write),
        ("zsh", ZshCompletion.Write),
        ("fish", FishCompletion.Write),
        ("powershell", PowerShellCompletion.Write),
    ];

    /// <summary>The command for a program that will be complete by the time it runs.</summary>
    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell: bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. s_shells.Select(known => known.Shell)]);
        var command = new Command("completion", "Prints a script that makes a shell complete commands, options and values.") { shell };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(Script(root, result.GetRequiredValue(shell)));
            return ExitCode.Success;
        });
        return command.WithExamples(
            "source <(framefilter completion bash)",
            "framefilter completion zsh > ~/.zfunc/_framefilter",
            "framefilter completion fish > ~/.config/fish/completions/framefilter.fish",
            "framefilter completion powershell | Out-String | Invoke-Expression");
    }

    /// <summary>The script of a shell that is among those known; with line feeds, on Windows too.</summary>
    internal static string Script(RootCommand root, string shell) =>
        s_shells.First(known => known.Shell == shell).Write(CompletedCommand.All(root)).ReplaceLineEndings("\n");
}
