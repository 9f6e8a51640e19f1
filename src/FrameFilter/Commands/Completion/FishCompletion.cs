using System.Text;

namespace AdaConv.FrameFilter.Commands.Completion;

/// <summary>The script for fish (3.0 and later).</summary>
internal static class FishCompletion
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            # fish completion of framefilter, written by `framefilter completion fish`. To take it: put it into ~/.config/fish/completions
            # under the name framefilter.fish.
            function __framefilter_at
                set -l path
                for word in (commandline -opc)[2..-1]
                    set -l longer (string join -- ' ' $path $word)
                    if contains -- $longer

            """);
        text.Length--;
        text.AppendJoin(string.Empty, commands.Skip(1).Select(command => $" {Quote(command.Path)}")).Append("""

                        set path $longer
                    end
                end
                test "$path" = "$argv[1]"
            end

            function __framefilter_presets
                framefilter presets list 2>/dev/null | string replace -r '  +' \t
            end


            """);
        foreach (var command in commands)
        {
            string at = $"complete -c framefilter -n \"__framefilter_at '{command.Path}'\"";
            foreach (var (name, description) in command.Subcommands)
            {
                text.Append($"{at} -f -a {name} -d {Quote(description)}\n");
            }

            if (command.Arguments.Count > 0)
            {
                text.Append($"{at} -f -a {Quote(string.Join(' ', command.Arguments))}\n");
            }

            if (command.TakesPreset)
            {
                text.Append($"{at} -a '(__framefilter_presets)'\n");
            }

            foreach (var option in command.Options)
            {
                text.Append(at);
                foreach (string name in option.Names)
                {
                    text.Append(
                        name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}"
                        : name.Length == 2 ? $" -s {name[1..]}"
                        : $" -o {name[1..]}");
                }

                string values = option.TakesPreset ? " -a '(__framefilter_presets)'"
                    : option.Words.Count > 0 ? $" -a {Quote(string.Join(' ', option.Words))}"
                    : string.Empty;
                text.Append(option.TakesValue ? " -r" : string.Empty).Append(values).Append($" -d {Quote(option.Description)}\n");
            }
        }

        return text.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
