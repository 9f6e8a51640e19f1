using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;


namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>filter.yaml and all presets, the user's own too.</summary>
internal sealed class SettingsCheck(ApplicationFiles files) : Check
{
    public override string Topic => "settings";

    public override IEnumerable<Finding> Look()
    {
        var resolver = new OptionsResolver(files);
        if (!File.Exists(files.Defaults))
        {
            yield return Note($"{files.Defaults} does not exist; the built-in defaults are used", "framefilter presets template > filter.yaml");
        }

        int valid = 0;
        foreach (var (name, preset) in resolver.Presets.List().Select(preset => (preset.Path, (string?)preset.Path)).Prepend((files.Defaults, null)))
        {
            if (Problem(resolver, preset) is { } problem)
            {
                yield return Missing(problem, $"framefilter presets validate \"{name}\"");
                if (preset is null)
                {
                    yield break; // every preset stands on it
                }
            }
            else
            {
                valid++;
            }
        }

        yield return Fine($"{files.Defaults} and {valid - 1} presets are valid; your own go to {files.UserPresets}");
    }

    private static string? Problem(OptionsResolver resolver, string? preset)
    {
        try
        {
            _ = OptionsResolver.Resolve(resolver.Layers(preset, commandLine: null));
            return null;
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }
}
