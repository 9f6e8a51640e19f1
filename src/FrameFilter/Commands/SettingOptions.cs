using System.CommandLine;
using System.CommandLine.Parsing;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;

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
