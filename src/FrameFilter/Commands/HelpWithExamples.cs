using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using AdaConv.CommandLine;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The library's help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : NamedHelp(help, "framefilter")
{
    private static readonly ConditionalWeakTable<Command, string[]> s_examples = [];

    /// <summary>Notes a command's examples.</summary>
    public static void Remember(Command command, string[] lines) => s_examples.Add(command, lines);

    /// <summary>A command's examples; empty where it has none.</summary>
    public static IReadOnlyList<string> Of(Command command) => s_examples.TryGetValue(command, out string[]? lines) ? lines : [];

    public override int Invoke(ParseResult parseResult)
    {
        int code = base.Invoke(parseResult);
        if (Of(parseResult.CommandResult.Command) is { Count: > 0 } examples)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return code;
    }
}
