using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The library's help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, string[]> s_examples = [];

    public override bool ClearsParseErrors => true;

    /// <summary>Notes a command's examples.</summary>
    public static void Remember(Command command, string[] lines) => s_examples.Add(command, lines);

    /// <summary>A command's examples; empty where it has none.</summary>
    public static IReadOnlyList<string> Of(Command command) => s_examples.TryGetValue(command, out string[]? lines) ? lines : [];

    public override int Invoke(ParseResult parseResult)
    {
        // The library calls the program by its assembly.
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter();
        configuration.Output = text;
        int code = help.Invoke(parseResult);
        configuration.Output = output;
        output.Write(text.ToString().Replace(RootCommand.ExecutableName, "framefilter", StringComparison.Ordinal));
        if (Of(parseResult.CommandResult.Command) is { Count: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return code;
    }
}
