using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary>Prints the program's version.</summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    /// <summary>The version without the commit.</summary>
    public static string Version { get; } =
        typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"framefilter {Version}");
        return ExitCode.Success;
    }
}
