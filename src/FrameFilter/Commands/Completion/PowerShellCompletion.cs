using System.Text;

namespace AdaConv.FrameFilter.Commands.Completion;

/// <summary>The script for PowerShell (5.1 and later). Where it gives nothing, PowerShell completes file names.</summary>
internal static class PowerShellCompletion
{
    public static string Write(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            # PowerShell completion of framefilter, written by `framefilter completion powershell`. To take it: dot-source this file
            # from your profile ($PROFILE).
            Register-ArgumentCompleter -Native -CommandName framefilter, framefilter.cmd, framefilter.exe -ScriptBlock {
                param($current, $line, $cursor)
                $program = $line.CommandElements[0].Extent.Text
                $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.Extent.Text })
                $commands = @{

            """);
        foreach (var command in commands)
        {
            text.Append($"        {Quote(command.Path)} = @{{\n            words = @(")
                .AppendJoin(", ", command.Subcommands.Select(sub => Pair(sub.Name, sub.Description)).Concat(command.Arguments.Select(word => Pair(word, word))))
                .Append(")\n            presets = $").Append(command.TakesPreset ? "true" : "false").Append("\n            options = @(\n                ")
                .AppendJoin(",\n                ", command.Options.SelectMany(option => option.Names.Select(name => Pair(name, option.Description))))
                .Append(")\n            values = @{\n");
            foreach (var option in command.Options.Where(option => option.TakesValue))
            {
                foreach (string name in option.Names)
                {
                    text.Append($"                {Quote(name)} = @(").AppendJoin(", ", option.Words.Select(Quote)).Append(")\n");
                }
            }

            text.Append("            }\n        }\n");
        }

        return text.Append("""
                }
                $path = ''
                foreach ($word in $words) {
                    $longer = "$path $word".Trim()
                    if ($commands.ContainsKey($longer)) { $path = $longer }
                }
                $command = $commands[$path]
                $before = if ($words.Count -gt 0) { $words[-1] } else { '' }
                $presets = {
                    & $program presets list 2>$null | ForEach-Object {
                        $name, $purpose = $_ -split ' +', 2
                        , @($name, $(if ($purpose) { $purpose } else { $name }))
                    }
                }
                $found = if ($before -eq '--preset' -and $command.values.ContainsKey($before)) { & $presets }
                    elseif ($command.values.ContainsKey($before)) { $command.values[$before] | ForEach-Object { , @($_, $_) } }
                    elseif ($current -like '-*') { $command.options }
                    elseif ($command.presets) { & $presets }
                    else { $command.words }
                $found | Where-Object { $_ -and $_[0] -like "$current*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
                }
            }

            """).ToString();
    }

    private static string Pair(string name, string description) => $"@({Quote(name)}, {Quote(description)})";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
