using System.Text;

namespace AdaConv.FrameFilter.Commands.Completion;

/// <summary>The script for zsh.</summary>
internal static class ZshCompletion
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            #compdef framefilter
            # zsh completion of framefilter, written by `framefilter completion zsh`. To take it: put it under the name _framefilter into a
            # folder of $fpath, before compinit; or, in ~/.zshrc after compinit, source this file.
            _framefilter_presets() {
                compadd -- ${(f)"$($words[1] presets list 2>/dev/null | cut -d ' ' -f 1)"}
                _files
            }

            _framefilter() {
                local path_ word
                local -a described
                for word in $words[2,CURRENT-1]; do
                    case "$path_ $word" in

            """);
        text.Append("            ").AppendJoin(" | ", commands.Skip(1).Select(command => Quote(" " + command.Path)))
            .Append(") path_=\"$path_ $word\" ;;\n        esac\n    done\n    case \"$path_\" in\n");
        foreach (var command in commands)
        {
            text.Append("        ").Append(command.Path.Length == 0 ? "''" : Quote(" " + command.Path)).Append(")\n");
            text.Append("            case $words[CURRENT-1] in\n");
            foreach (var option in command.Options.Where(option => option.TakesValue))
            {
                string values = option.TakesPreset ? "_framefilter_presets"
                    : option.Words.Count > 0 ? $"compadd -- {string.Join(' ', option.Words)}; _files"
                    : "_files";
                text.Append("                ").AppendJoin(" | ", option.Names).Append(") ").Append(values).Append("; return ;;\n");
            }

            text.Append("            esac\n            if [[ $PREFIX == -* ]]; then\n                described=(");
            foreach (var option in command.Options)
            {
                text.AppendJoin(string.Empty, option.Names.Select(name => "\n                    " + Described(name, option.Description)));
            }

            text.Append(")\n                _describe option described\n            else\n                ");
            if (command.Subcommands.Count > 0)
            {
                text.Append("described=(").AppendJoin(
                    string.Empty, command.Subcommands.Select(sub => "\n                    " + Described(sub.Name, sub.Description)))
                    .Append(")\n                _describe command described");
            }
            else
            {
                text.Append(
                    command.Arguments.Count > 0 ? $"compadd -- {string.Join(' ', command.Arguments)}"
                    : command.TakesPreset ? "_framefilter_presets"
                    : "_files");
            }

            text.Append("\n            fi ;;\n");
        }

        return text.Append("""
                esac
            }

            # Run by the completion system the file's text is the function; sourced, it is made known.
            if [[ $funcstack[1] == _framefilter ]]; then _framefilter "$@"; else compdef _framefilter framefilter; fi

            """).ToString();
    }

    private static string Described(string name, string description) => Quote($"{name}:{description.Replace(":", "\\:", StringComparison.Ordinal)}");

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
