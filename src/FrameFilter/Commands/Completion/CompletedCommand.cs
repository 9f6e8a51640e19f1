using System.CommandLine;
using System.CommandLine.Completions;

namespace AdaConv.FrameFilter.Commands.Completion;

/// <summary>A command as shells complete it.</summary>
/// <param name="Path">Its words without the program's name: "presets show"; empty for the program itself.</param>
/// <param name="Subcommands">Names and descriptions of the commands below it.</param>
/// <param name="Options">Its options, those of the commands above included.</param>
/// <param name="Arguments">The words that its arguments take; empty where they are files.</param>
/// <param name="TakesPreset">Whether its arguments are presets.</param>
internal sealed record CompletedCommand(
    string Path,
    IReadOnlyList<(string Name, string Description)> Subcommands,
    IReadOnlyList<CompletedOption> Options,
    IReadOnlyList<string> Arguments,
    bool TakesPreset)
{
    /// <summary>The commands of a program, itself first.</summary>
    public static IReadOnlyList<CompletedCommand> All(RootCommand root) => [.. Tree(root, [], [])];

    private static IEnumerable<CompletedCommand> Tree(Command command, string[] path, CompletedOption[] inherited)
    {
        Option[] visible = [.. command.Options.Where(option => !option.Hidden)];
        yield return new(
            string.Join(' ', path),
            [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, FirstSentence(sub.Description)))],
            [.. visible.Select(Describe), .. inherited],
            [.. command.Arguments.SelectMany(argument => Words(argument.GetCompletions(CompletionContext.Empty)))],
            command.Arguments.Any(argument => argument.Name == "PRESET"));
        CompletedOption[] passedOn = [.. visible.Where(option => option.Recursive).Select(Describe), .. inherited];
        foreach (var described in command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => Tree(sub, [.. path, sub.Name], passedOn)))
        {
            yield return described;
        }
    }

    private static CompletedOption Describe(Option option) => new(
        [.. option.Aliases.Prepend(option.Name).Where(name => name.StartsWith('-') && name != "-?")],
        FirstSentence(option.Description),
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool),
        option.ValueType == typeof(bool) ? [] : [.. Words(option.GetCompletions(CompletionContext.Empty))],
        option.Name == "--preset");

    private static IEnumerable<string> Words(IEnumerable<CompletionItem> items) => items.Select(item => item.InsertText ?? item.Label);

    private static string FirstSentence(string? description)
    {
        int end = description?.IndexOf(". ", StringComparison.Ordinal) ?? -1;
        return end < 0 ? (description ?? string.Empty).TrimEnd('.') : description![..end];
    }
}

/// <summary>An option as shells complete it.</summary>
/// <param name="Names">All its spellings, with their dashes.</param>
/// <param name="Description">Its first sentence, without the full stop.</param>
/// <param name="TakesValue">Whether the next word is its value.</param>
/// <param name="Words">The values that are words; where there are none, a value may be a file.</param>
/// <param name="TakesPreset">Whether its value is a preset.</param>
internal sealed record CompletedOption(
    IReadOnlyList<string> Names, string Description, bool TakesValue, IReadOnlyList<string> Words, bool TakesPreset);
