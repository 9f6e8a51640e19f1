using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Lays the sources of settings over one another: the command line beats the preset, the preset beats filter.yaml.</summary>
/// <remarks>So does a choice among settings that exclude one another: <see cref="ExclusiveSettings"/>.</remarks>
public sealed class OptionsResolver(ApplicationFiles files)
{
    /// <summary>The presets that can be named.</summary>
    public PresetCatalog Presets { get; } = new(files);

    /// <summary>The layers of a conversion, the weakest first.</summary>
    /// <param name="preset">A preset's name or path, or null.</param>
    /// <param name="commandLine">What the command line says, or null.</param>
    /// <exception cref="ConfigurationException">A file is missing or wrong.</exception>
    public IReadOnlyList<SettingsLayer> Layers(string? preset, SettingsLayer? commandLine)
    {
        SettingsLayer defaults = File.Exists(files.Defaults) ? SettingsFile.Read(files.Defaults) : new("the built-in defaults", []);
        if (defaults.Extends is { } extended)
        {
            const string Reason = "only presets extend one another; this file is the base of all of them";
            throw new ConfigurationException([new ConfigurationProblem(files.Defaults, extended.Line, SettingsFile.ExtendsKey, Reason)]);
        }

        List<SettingsLayer> layers = [defaults];
        if (preset is not null)
        {
            layers.AddRange(Presets.Chain(SettingsFile.Read(Presets.Find(preset).Path)));
        }

        if (commandLine is not null)
        {
            layers.Add(commandLine);
        }

        return ExclusiveSettings.Settle(layers);
    }

    /// <summary>What a settings file amounts to with all that it extends; what lies beneath is left out.</summary>
    /// <param name="layer">The file's own settings.</param>
    /// <exception cref="ConfigurationException">A file that is extended is missing or wrong, or settings exclude each other.</exception>
    public FilterOptions Check(SettingsLayer layer) => Resolve(ExclusiveSettings.Settle(Presets.Chain(layer)));

    /// <summary>The options that the layers amount to.</summary>
    /// <exception cref="ConfigurationException">Settings exclude each other.</exception>
    public static FilterOptions Resolve(IEnumerable<SettingsLayer> layers)
    {
        var resolved = layers.Aggregate(new FilterOptions(), (options, layer) => layer.ApplyTo(options));
        return resolved.Conversion.Timing.Conflict is { } conflict
            ? throw new ConfigurationException($"Section timing: {conflict}.")
            : resolved;
    }
}
