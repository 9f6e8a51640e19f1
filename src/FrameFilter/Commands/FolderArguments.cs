using System.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Batch;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Commands;

/// <summary>What batch and watch have in common: two folders, and which files are taken.</summary>
internal sealed class FolderArguments
{
    private readonly Argument<string> _input = new("DIR") { Description = "The input folder, with its subfolders." };
    private readonly Argument<string> _output =
        new("OUTDIR") { Description = "The output folder, with the same subfolders; it is created if it does not exist. framefilter.jsonl in it is the log." };
    private readonly Option<string[]> _include = new("--include")
    {
        Description =
            "Converts files that match a pattern (*.mp4, 2024/**) instead of all with a video's extension: * is any part of a name, ** any folders. "
            + "May be repeated.",
        HelpName = "PATTERN"
    };
    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Skips files that match such a pattern. May be repeated.",
        HelpName = "PATTERN"
    };
    private readonly Option<string?> _extension =
        new("--extension")
        {
            Description = "The outputs' extension (mp4, mkv and so on), which decides their container. Without it, the input's own if FFmpeg can write that "
            + "format, else mkv.",
            HelpName = "EXT"
        };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_input);
        command.Add(_output);
        command.Add(_include);
        command.Add(_exclude);
        command.Add(_extension);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_extension) is { } extension
                && (Bare(extension) is not { Length: > 0 and <= 10 } bare || !bare.All(char.IsAsciiLetterOrDigit)))
            {
                result.AddError("--extension: letters and digits are allowed, as in mp4.");
            }
        });
    }

    /// <summary>What the command line says.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="isComplete">Whether the input folder holds all files by now; false where they are still to come.</param>
    /// <exception cref="ConfigurationException">The folders cannot be used as these two, or a pattern cannot be meant.</exception>
    public BatchOptions Read(ParseResult result, bool isComplete = true)
    {
        return Of(
            result.GetRequiredValue(_input), result.GetRequiredValue(_output), result.GetValue(_include) ?? [], result.GetValue(_exclude) ?? [],
            result.GetValue(_extension), isComplete);
    }

    /// <summary>The same of two folders that are named in another way.</summary>
    /// <exception cref="ConfigurationException">The folders cannot be used as these two, or a pattern cannot be meant.</exception>
    public static BatchOptions Of(
        string from, string to, IReadOnlyList<string> include, IReadOnlyList<string> exclude, string? extension, bool isComplete = true)
    {
        string input = Path.GetFullPath(from), output = Path.GetFullPath(to);
        if (!Directory.Exists(input))
        {
            throw new ConfigurationException($"There is no folder {input}.");
        }

        if (File.Exists(output))
        {
            throw new ConfigurationException($"{output} is a file; name a folder to write to.");
        }

        string realInput = RealPath.OfFolder(new(input)), realOutput = RealPath.OfFolder(new(output));
        if (Inside(realInput).StartsWith(Inside(realOutput), RealPath.Comparison))
        {
            throw new ConfigurationException(
                $"The output folder {output} is or contains the input folder, so outputs could overwrite inputs. Name another folder; it may lie "
                + $"inside the input folder.");
        }

        BatchOptions options = new()
        {
            Input = input,
            Output = output,
            Include = include,
            Exclude = exclude,
            Extension = extension is null ? null : Bare(extension),
        };
        BatchPatterns.Check(options, isComplete);
        return options;

        static string Inside(string folder) => Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
    }

    // It may be written with its dot.
    private static string Bare(string extension) => extension.StartsWith('.') ? extension[1..] : extension;
}
