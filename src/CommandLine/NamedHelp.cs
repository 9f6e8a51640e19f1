using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AdaConv.CommandLine;

/// <summary>The library's help; it would call the program by its assembly.</summary>
/// <param name="help">The library's.</param>
/// <param name="program">The program's name, as it is typed.</param>
public class NamedHelp(HelpAction help, string program) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Gives a command and all below it this help.</summary>
    public static void Use(RootCommand root, Func<HelpAction, NamedHelp> named)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(named);
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Action = named((HelpAction)option.Action!);
        }
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        InvocationConfiguration configuration = parseResult.InvocationConfiguration;
        TextWriter output = configuration.Output;
        using StringWriter text = new();
        configuration.Output = text;
        int code = help.Invoke(parseResult);
        configuration.Output = output;
        output.Write(text.ToString().Replace(RootCommand.ExecutableName, program, StringComparison.Ordinal));
        return code;
    }
}
