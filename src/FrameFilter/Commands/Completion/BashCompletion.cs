using System.Text;

namespace AdaConv.FrameFilter.Commands.Completion;

/// <summary>The script for bash (3.2 and later, as macOS has it). Where a function gives nothing, bash completes file names.</summary>
internal static class BashCompletion
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            # bash completion of framefilter, written by `framefilter completion bash`. To take it: source this file from ~/.bashrc,
            # or put it into ~/.local/share/bash-completion/completions under the name framefilter.
            _framefilter_presets() {
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" presets list 2>/dev/null | cut -d ' ' -f 1)" -- "$1"))
            }

            _framefilter() {
                local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} path= i words=
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "$path ${COMP_WORDS[i]}" in

            """);
        text.Append("            ").AppendJoin(" | ", commands.Skip(1).Select(command => $"' {command.Path}'"))
            .Append(") path=\"$path ${COMP_WORDS[i]}\" ;;\n        esac\n    done\n    case \"$path\" in\n");
        foreach (var command in commands)
        {
            string path = command.Path.Length == 0 ? "''" : $"' {command.Path}'";
            text.Append("        ").Append(path).Append(")\n");
            if (command.Options.Any(option => option.TakesValue))
            {
                text.Append("            case \"$before\" in\n");
                foreach (var option in command.Options.Where(option => option.TakesValue))
                {
                    text.Append("                ").AppendJoin(" | ", option.Names).Append(") ").Append(Values(option)).Append("return ;;\n");
                }

                text.Append("            esac\n");
            }

            text.Append("            case \"$current\" in\n                -*) words='")
                .AppendJoin(' ', command.Options.SelectMany(option => option.Names)).Append("' ;;\n                *) ")
                .Append(
                    command.Subcommands.Count > 0 ? $"words='{string.Join(' ', command.Subcommands.Select(sub => sub.Name))}'"
                    : command.Arguments.Count > 0 ? $"words='{string.Join(' ', command.Arguments)}'"
                    : command.TakesPreset ? "_framefilter_presets \"$current\"; return"
                    : "return")
                .Append(" ;;\n            esac ;;\n");
        }

        return text.Append("""
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }

            complete -o bashdefault -o default -F _framefilter framefilter

            """).ToString();
    }

    private static string Values(CompletedOption option) =>
        option.TakesPreset ? "_framefilter_presets \"$current\"; "
        : option.Words.Count > 0 ? $"COMPREPLY=($(compgen -W '{string.Join(' ', option.Words)}' -- \"$current\")); "
        : string.Empty;
}
