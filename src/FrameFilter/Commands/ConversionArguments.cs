using System.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The options that all commands share that convert: a preset, all settings, and what is said on the way.</summary>
internal sealed class ConversionArguments(ApplicationFiles files)
{
    private readonly Option<string?> _preset =
        new("--preset") { Description = "Settings by name (see: framefilter presets list) or from a .yaml file.", HelpName = "NAME|FILE" };
    private readonly Option<bool> _overwrite = new("--overwrite", "-y") { Description = "Replace existing outputs." };
    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Decode each output and compare it with its input before it gets its name; one that is not as promised gets none.",
    };
    private readonly DisplayOptions _shown = new(hasVerbose: true);
    private readonly SettingOptions _settings = new();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_preset);
        command.Add(_overwrite);
        command.Add(_verify);
        _shown.AddTo(command);
        _settings.AddTo(command);
    }

    /// <summary>The settings as the command line, the preset and filter.yaml make them; printed when verbose.</summary>
    /// <exception cref="ConfigurationException">They cannot be used.</exception>
    public FilterOptions Read(ParseResult result)
    {
        var layers = new OptionsResolver(files).Layers(result.GetValue(_preset), _settings.Read(result));
        var options = OptionsResolver.Resolve(layers);
        options = options with { Conversion = options.Conversion with { Overwrite = result.GetValue(_overwrite), Verify = result.GetValue(_verify) } };
        if (Verbosity(result) == Display.Verbosity.Verbose && _shown.Format(result) != ProgressFormat.Json)
        {
            Console.Error.Write(SettingsText.Explain(options, layers));
        }

        foreach (string dropped in layers.SelectMany(layer => layer.Dropped))
        {
            if (_shown.Format(result) == ProgressFormat.Json)
            {
                using JsonDisplay display = new(Verbosity(result));
                display.Write(new { Event = "message", Text = dropped });
            }
            else if (Verbosity(result) != Display.Verbosity.Quiet)
            {
                SettingOptions.Tell(dropped);
            }
        }

        return options;
    }

    /// <summary>How much is said.</summary>
    public Verbosity Verbosity(ParseResult result) => _shown.Verbosity(result);

    /// <summary>The display that is asked for.</summary>
    public ConversionDisplay CreateDisplay(ParseResult result) => _shown.Create(result);
}
