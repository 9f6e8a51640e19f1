using System.CommandLine;

namespace AdaConv.FrameFilter.Commands;

/// <summary>Examples for a command's help.</summary>
internal static class CommandExtensions
{
    /// <summary>Adds lines that <see cref="HelpWithExamples"/> prints.</summary>
    public static T WithExamples<T>(this T command, params string[] lines)
        where T : Command
    {
        HelpWithExamples.Remember(command, lines);
        return command;
    }
}
