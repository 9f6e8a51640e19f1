using System.CommandLine;
using System.CommandLine.Parsing;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;

namespace AdaConv.FrameFilter.Commands;

/// <summary>The settings as options of a command: names, values and help come from <see cref="Settings"/>.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option<List<object>> Option)> _options = [.. Settings.All.Select(setting => (setting, Create(setting)))];

    /// <summary>Adds an option for every setting.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _options)
        {
            command.Add(option);
        }
    }

    /// <summary>What the command line says.</summary>
    public SettingsLayer Read(ParseResult result) => new("the command line",
    [
        .. from pair in _options
           where result.GetResult(pair.Option) is { Implicit: false }
           from value in result.GetValue(pair.Option)!
           select KeyValuePair.Create(pair.Setting, value),
    ]);

    /// <summary>The settings as the command line, a preset and filter.yaml make them; what of them is dropped is told on standard error.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="preset">A preset's name or path, or null.</param>
    /// <param name="files">Where presets and filter.yaml are.</param>
    /// <exception cref="ConfigurationException">They cannot be used.</exception>
    public FilterOptions Resolve(ParseResult result, string? preset, ApplicationFiles files)
    {
        var layers = new OptionsResolver(files).Layers(preset, Read(result));
        var options = OptionsResolver.Resolve(layers);
        foreach (string dropped in layers.SelectMany(layer => layer.Dropped))
        {
            Tell(dropped);
        }

        return options;
    }

    /// <summary>Tells on standard error what is dropped.</summary>
    public static void Tell(string dropped) => Console.Error.WriteLine($"framefilter: {Printable.Of(dropped)}");

    private static Option<List<object>> Create(Setting setting)
    {
        var option = new Option<List<object>>(setting.Option, setting.Alias is null ? [] : [setting.Alias])
        {
            Description = $"{setting.Description} Default: {setting.Format(new FilterOptions())}.",
            HelpName = setting.Placeholder,
            Arity = setting.IsMap ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result => Parse(setting, result),
        };
        option.CompletionSources.Add([.. setting.Words]);
        return option;
    }

    private static List<object> Parse(Setting setting, ArgumentResult result)
    {
        var values = new List<object>();
        foreach (var token in result.Tokens)
        {
            try
            {
                values.Add(setting.Parse(token.Value, Environment.CurrentDirectory));
            }
            catch (FormatException e)
            {
                result.AddError($"{setting.Option}: {e.Message}; allowed: {setting.Allowed}");
            }
        }

        return values;
    }
}
