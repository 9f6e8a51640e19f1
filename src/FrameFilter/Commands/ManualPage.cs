using System.CommandLine;
using System.Globalization;
using System.Text;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The manual page framefilter(1), in man's own macros, from the definitions of commands and settings.</summary>
internal static class ManualPage
{
    // What no command's definition says.
    private const string Ending = """
        .SH EXIT STATUS
        .TP
        .B 0
        Done.
        .TP
        .B 1
        A file or the machine prevented it; the message says what and why.
        .TP
        .B 2
        The command line or a settings file is wrong; nothing was started.
        .TP
        .BR 130 ", " 143
        Stopped by Ctrl\-C or by SIGTERM.
        .TP
        .B 141
        The reader of standard output closed it; no message is printed.
        .SH ENVIRONMENT
        .TP
        .B ADACONV_FFMPEG_DIR
        The only folder that FFmpeg's libraries are loaded from.
        .TP
        .B ADACONV_TORCH_DIR
        The folder that is searched first for libtorch's libraries, in builds for CUDA.
        .TP
        .B ADACONV_KERNELS
        Forces the vector instructions: scalar, vector128, vector256 or vector512.
        .TP
        .B ADACONV_DEBUG
        If set to 1, adds stack traces to error messages.
        .SH FILES
        .TP
        .I filter.yaml
        Beside the program: the defaults of all settings.
        .TP
        .I presets/*.yaml
        Beside the program: the presets that come with it, and
        .I schema.json
        for editors.
        .TP
        .I ~/.config/adaconv/presets/*.yaml
        Your own presets; on Windows
        .IR %APPDATA%\eadaconv\epresets .
        .TP
        .I models/*.safetensors
        Beside the program: the weights.
        .SH SEE ALSO
        .BR ffmpeg (1),
        .BR ffprobe (1)

        """;

    /// <summary>The page's text.</summary>
    public static string Write(RootCommand root)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $".TH FRAMEFILTER 1 \"\" \"AdaConv {VersionText.Version}\" \"User Commands\"\n");
        text.Append(CultureInfo.InvariantCulture, $".SH NAME\nframefilter \\- {Escape(LowerFirst(root.Description!).TrimEnd('.'))}\n.SH SYNOPSIS\n");
        foreach (var (command, path) in Commands(root))
        {
            if (command.Subcommands.Count == 0 || command.Arguments.Count > 0)
            {
                text.Append(".B framefilter ").Append(Escape(path)).Append('\n').Append(Usage(command)).Append(".br\n");
            }
        }

        text.Append(".SH DESCRIPTION\n").Append(Escape(root.Description!)).Append('\n');
        text.Append("Settings come from filter.yaml, a preset and the command line; each overrides the one before.\n.SH COMMANDS\n");
        foreach (var (command, path) in Commands(root))
        {
            Describe(text, command, path);
        }

        text.Append(".SH SETTINGS\nOptions of the commands that convert; the key in settings files is in brackets.\n");
        foreach (var section in Settings.All.GroupBy(setting => setting.Section))
        {
            text.Append(".SS ").Append(Escape(section.Key)).Append('\n');
            foreach (var setting in section)
            {
                string names = setting.Alias is null ? Bold(setting.Option) : $"{Bold(setting.Option)}, {Bold(setting.Alias)}";
                text.Append(".TP\n").Append(names).Append(' ').Append(Italic(setting.Placeholder)).Append(" [").Append(Escape(setting.Path)).Append("]\n")
                    .Append(Sentences($"{setting.Description} Allowed: {setting.Allowed}. Default: {setting.Format(new FilterOptions())}."));
            }
        }

        return text.Append(Ending).ToString().ReplaceLineEndings("\n");
    }

    private static void Describe(StringBuilder text, Command command, string path)
    {
        text.Append(".SS framefilter ").Append(Escape(path)).Append('\n').Append(Sentences(command.Description!));
        foreach (var argument in command.Arguments)
        {
            text.Append(".TP\n").Append(Italic(argument.Name)).Append('\n').Append(Sentences(argument.Description!));
        }

        var own = command.Options.Where(option => !option.Hidden && !IsSetting(option)).ToList();
        foreach (var option in own)
        {
            text.Append(".TP\n").AppendJoin(", ", option.Aliases.Prepend(option.Name).Select(Bold));
            if (option.HelpName is { } value && option.ValueType != typeof(bool))
            {
                text.Append(' ').Append(Italic(value));
            }

            text.Append('\n').Append(Sentences(option.Description!));
        }

        if (own.Count < command.Options.Count)
        {
            text.Append(".PP\nAnd all settings, see\n.BR SETTINGS .\n");
        }

        if (HelpWithExamples.Of(command) is { Count: > 0 } examples)
        {
            text.Append(".PP\nExamples:\n.PP\n.nf\n");
            foreach (string example in examples)
            {
                text.Append("    ").Append(Escape(example)).Append('\n');
            }

            text.Append(".fi\n");
        }
    }

    // All commands below the program, in the order of its help, with their words.
    private static IEnumerable<(Command Command, string Path)> Commands(Command parent, string above = "") =>
        from command in parent.Subcommands
        where !command.Hidden
        let path = above + command.Name
        from found in Commands(command, path + " ").Prepend((command, path))
        select found;

    private static string Usage(Command command)
    {
        var words = command.Arguments.Select(argument => Italic(argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name));
        string line = string.Join(' ', command.Options.Count > 0 ? words.Append(Italic("[OPTION]...")) : words);
        return line.Length == 0 ? string.Empty : line + "\n";
    }

    // By its type, too: a command may have an option of its own with a setting's name.
    private static bool IsSetting(Option option) => option is Option<List<object>> && Settings.All.Any(setting => setting.Option == option.Name);

    private static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    // A sentence a line, as roff's filling likes it.
    private static string Sentences(string text) => Escape(text.Replace(". ", ".\n", StringComparison.Ordinal)) + "\n";

    private static string Bold(string text) => $"\\fB{Escape(text)}\\fR";

    private static string Italic(string text) => $"\\fI{Escape(text)}\\fR";

    // Hyphens are ASCII's (to be copied), and no line begins with what roff takes for a request.
    private static string Escape(string text) => string.Join('\n', text
        .Replace("\\", "\\e", StringComparison.Ordinal)
        .Replace("-", "\\-", StringComparison.Ordinal)
        .Split('\n')
        .Select(line => line.StartsWith('.') || line.StartsWith('\'') ? "\\&" + line : line));
}
