using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;

namespace AdaConv.CommandLine;

/// <summary>A command line that cannot be used, in two lines: what is wrong, and what to type.</summary>
public static class UsageReport
{
    /// <summary>What a process returns whose command line is wrong.</summary>
    public const int ExitCode = 2;

    /// <summary>Reports a command line that cannot be used.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="program">The program's name, as it is typed.</param>
    /// <param name="error">Receives both lines.</param>
    /// <returns>Whether there was something to report.</returns>
    public static bool Write(ParseResult result, string program, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(error);

        // Help is an answer even where arguments are missing.
        if (result.Action is { ClearsParseErrors: true } || Problem(result) is not { } problem)
        {
            return false;
        }

        Command command = result.CommandResult.Command;
        string path = string.Concat(Commands(result.CommandResult).Select(name => name + " "));
        error.WriteLine($"{program}: error: {problem}");
        error.WriteLine($"Type '{program} {path}--help' for the {(command.Subcommands.Count > 0 ? "commands" : "options")}.");
        return true;
    }

    // The first thing that is wrong: others often follow from it.
    private static string? Problem(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        if (UnknownOption(result) is { } unknown)
        {
            IEnumerable<string> names = Options(result.CommandResult).SelectMany(option => option.Aliases.Prepend(option.Name));
            // Any letter is one edit from any other.
            return Sentence($"There is no option '{unknown}'{(unknown.Length > 2 ? Suggestion.For(unknown, names) : "")}");
        }

        if (result.UnmatchedTokens is [var surplus, ..])
        {
            return command.Arguments.Count == 0 && command.Subcommands.Count > 0
                ? Sentence($"There is no command '{surplus}'{Suggestion.For(surplus, command.Subcommands.Select(known => known.Name))}")
                : $"'{surplus}' is one argument too many: {command.Name} takes {Takes(command)}.";
        }

        if (command.Arguments.FirstOrDefault(argument => result.GetResult(argument)?.Tokens.Any(token => token.Value.Length == 0) == true) is { } empty)
        {
            return $"{empty.Name} is empty.";
        }

        if (result.Errors.Count == 0)
        {
            return null;
        }

        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            string known = string.Join(", ", command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name));
            return $"No command is given; there are: {known}.";
        }

        string[] missing =
        [
            .. command.Arguments
                .Where(argument => argument.Arity.MinimumNumberOfValues > (result.GetResult(argument)?.Tokens.Count ?? 0))
                .Select(argument => argument.Name),
        ];
        return missing.Length > 0
            ? $"{string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing."
            : Words(result.Errors[0]);
    }

    // What begins with a dash is meant for an option, unless it stands behind "--" or is a file's name.
    private static string? UnknownOption(ParseResult result)
    {
        HashSet<string> values = [];
        for (SymbolResult? level = result.CommandResult; level is CommandResult at; level = at.Parent)
        {
            values.UnionWith(at.Children.OfType<OptionResult>().SelectMany(option => option.Tokens).Select(token => token.Value));
        }

        return result.Tokens
            .TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument)
            .Select(token => token.Value)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && !values.Contains(word) && !File.Exists(word));
    }

    private static string Words(ParseError error)
    {
        (string? name, Type? type, IEnumerable<CompletionItem> completions) = error.SymbolResult switch
        {
            OptionResult { Option: var option } => (option.Name, option.ValueType, option.GetCompletions(CompletionContext.Empty)),
            ArgumentResult { Argument: var argument } => (argument.Name, argument.ValueType, argument.GetCompletions(CompletionContext.Empty)),
            _ => (null, null, []),
        };
        if (name is null || error.Message.StartsWith(name, StringComparison.Ordinal))
        {
            return error.Message;
        }

        string[] given = [.. error.SymbolResult!.Tokens.Select(token => token.Value)];
        if (error.SymbolResult is OptionResult { IdentifierToken: { } identifier, Option: var asked })
        {
            if (given.Length == 0)
            {
                return $"{identifier.Value} needs a value{(asked.HelpName is { } value ? $": {value}" : "")}.";
            }

            if (asked.Arity.MaximumNumberOfValues == 1 && given.Length > 1)
            {
                return $"{name} takes one value, and is given {given.Length}.";
            }
        }

        string[] words = [.. completions.Select(completion => completion.Label)];
        return given.Select(text => Problem(text, Nullable.GetUnderlyingType(type!) ?? type!, words))
            .FirstOrDefault(problem => problem is not null) is { } found
            ? Sentence($"{name}: {found}")
            : error.Message.Split('\n')[0].TrimEnd();
    }

    private static string? Problem(string text, Type type, string[] words) =>
        (type == typeof(int) || type == typeof(long)) && !long.TryParse(text, CultureInfo.InvariantCulture, out _) ? $"'{text}' is not a whole number"
        : type == typeof(double) && !double.TryParse(text, CultureInfo.InvariantCulture, out _) ? $"'{text}' is not a number"
        : words.Length == 0 || words.Contains(text, StringComparer.OrdinalIgnoreCase) ? null
        : $"'{text}' is not one of {string.Join(", ", words)}{(words.All(word => char.IsAsciiDigit(word[0])) ? "" : Suggestion.For(text, words))}";

    private static string Takes(Command command) =>
        command.Arguments.Count == 0 ? "no arguments" : string.Join(' ', command.Arguments.Select(argument => argument.Name));

    private static IEnumerable<string> Commands(CommandResult result) =>
        result.Parent is CommandResult parent ? Commands(parent).Append(result.Command.Name) : [];

    private static IEnumerable<Option> Options(CommandResult result) =>
        result.Parent is CommandResult parent ? Options(parent).Concat(result.Command.Options) : result.Command.Options;

    private static string Sentence(string text) => text.EndsWith('?') ? text : text + ".";
}
