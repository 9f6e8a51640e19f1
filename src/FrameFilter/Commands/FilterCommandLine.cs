using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using AdaConv.CommandLine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The program's command line: parses, runs, and turns every failure into plain words and an exit code.</summary>
public static class FilterCommandLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The arguments without the program's name.</param>
    /// <returns>The process's exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is ["convert" or "batch" or "inspect" or "verify" or "compare", _, ..])
        {
            FFmpegLibraries.LoadAhead();
        }

        var root = Build();
        // No response files: an input may be named @home.mp4. No bundling: -yv is no option.
        var result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (UsageReport.Write(result, "framefilter", Console.Error))
        {
            return ExitCode.Usage;
        }

        try
        {
            // Signals are the commands' own business, and no exception goes past ErrorReport.
            return result.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
#pragma warning disable CA1031 // The last handler of the process: a stack trace must not reach the user.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ErrorReport.Failure(e);
        }
    }

    /// <summary>All commands with their options.</summary>
    internal static RootCommand Build()
    {
        var files = ApplicationFiles.Find();
        var root = new RootCommand("Doubles the frame rate of a video: predicts the frame between every two frames.");
        root.Add(ConvertCommand.Create(files));
        root.Add(InspectCommand.Create(files));
        root.Add(CompareCommand.Create(files));
        root.Add(VerifyCommand.Create(files));
        root.Add(BenchCommand.Create(files));
        root.Add(DoctorCommand.Create(files));
        root.Add(BatchCommand.Create(files));
        root.Add(WatchCommand.Create(files));
        root.Add(JobCommand.Create(files));
        root.Add(PresetsCommand.Create(files));
        root.Add(CompletionCommand.Create(root));
        root.Add(HelpCommand.Create(root));
        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Action = new VersionText();
        }

        NamedHelp.Use(root, help => new HelpWithExamples(help));

        return root.WithExamples(
            "framefilter convert talk.mp4 talk-30.mp4 --preset 15to30",
            "framefilter convert --help",
            "framefilter presets list");
    }
}
