using System.CommandLine;
using System.CommandLine.Invocation;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Jobs;

namespace AdaConv.FrameFilter.Commands;

/// <summary>Prints the program's version.</summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    /// <summary>The version without the commit.</summary>
    public static string Version => OwnProgram.Version;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"framefilter {Version}");
        return ExitCode.Success;
    }
}
