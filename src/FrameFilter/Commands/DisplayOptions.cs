using System.CommandLine;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary>What is said on the way, as options.</summary>
/// <param name="hasVerbose">Whether more than usual can be asked for.</param>
internal sealed class DisplayOptions(bool hasVerbose = false)
{
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print errors only." };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print the settings, where they come from, and what was done." };
    private readonly Option<string> _progress = new("--progress")
    {
        Description = "The form of progress on stderr: auto is a bar on a terminal and lines elsewhere, json is one object per line for programs.",
        HelpName = "auto|json",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _progress.AcceptOnlyFromAmong("auto", "json");
        command.Add(_quiet);
        if (hasVerbose)
        {
            command.Add(_verbose);
            command.Validators.Add(result =>
            {
                if (result.GetValue(_quiet) && result.GetValue(_verbose))
                {
                    result.AddError("--quiet and --verbose exclude each other.");
                }
            });
        }

        command.Add(_progress);
    }

    /// <summary>How much is said.</summary>
    public Verbosity Verbosity(ParseResult result) =>
        result.GetValue(_quiet) ? Display.Verbosity.Quiet
        : hasVerbose && result.GetValue(_verbose) ? Display.Verbosity.Verbose
        : Display.Verbosity.Normal;

    /// <summary>How progress is told.</summary>
    public ProgressFormat Format(ParseResult result) => result.GetValue(_progress) == "json" ? ProgressFormat.Json : ProgressFormat.Auto;

    /// <summary>The display that is asked for.</summary>
    public ConversionDisplay Create(ParseResult result) => ConversionDisplay.Create(Verbosity(result), Format(result));
}
