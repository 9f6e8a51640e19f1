using AdaConv.Conversion.Options;
using AdaConv.Media.Encoding;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>
/// Settings of which one alone can hold: factor, fps and slow; the quality or an encoder's option for it; the encoder's preset, alike. The stronger
/// layer's choice takes the place of a weaker one's.
/// </summary>
internal static class ExclusiveSettings
{
    private static readonly FilterOptions s_none = new();
    private static readonly Setting[] s_all = [.. Settings.All.Where(setting => setting.Path is "timing.factor" or "timing.fps" or "timing.slow")];

    /// <summary>Whether a value chooses one of them; auto and off do not.</summary>
    public static bool IsChoice(Setting setting, object value) =>
        s_all.Contains(setting) && setting.Apply(s_none, value).Conversion.Timing is not { Factor: null, TargetRate: null, SlowMotion: null };

    /// <summary>Why the choices of one source cannot go together, null where they can.</summary>
    public static string? Conflict(IEnumerable<KeyValuePair<Setting, object>> values) =>
        values.Aggregate(s_none, (options, value) => value.Key.Apply(options, value.Value)).Conversion.Timing.Conflict;

    /// <summary>The layers without the choices that a stronger layer's choice excludes.</summary>
    /// <param name="layers">The layers, the weakest first.</param>
    /// <exception cref="ConfigurationException">One layer chooses two at once.</exception>
    public static List<SettingsLayer> Settle(IReadOnlyList<SettingsLayer> layers)
    {
        List<SettingsLayer> settled = [];
        foreach (SettingsLayer layer in layers)
        {
            Setting[] chosen = [.. layer.Values.Where(value => IsChoice(value.Key, value.Value)).Select(value => value.Key).Distinct()];
            if (chosen.Length > 1 && Conflict(layer.Values) is { } conflict)
            {
                throw new ConfigurationException(
                    $"{string.Join(" and ", chosen.Select(setting => setting.Option))} are set by {layer.Source}: {conflict}.");
            }

            foreach (var (topic, way) in layer.Values.Select(WayOf).OfType<(string, string)>().Distinct())
            {
                for (int i = 0; i < settled.Count; i++)
                {
                    settled[i] = Without(settled[i], topic, way);
                }
            }

            settled.Add(layer);
        }

        return settled;
    }

    private static SettingsLayer Without(SettingsLayer layer, string topic, string way) =>
        layer with { Values = [.. layer.Values.Where(value => WayOf(value) is not { } own || own.Topic != topic || own.Way == way)] };

    // What a value decides, and by which of several ways; null where there is but one, or it decides nothing (auto, off).
    private static (string Topic, string Way)? WayOf(KeyValuePair<Setting, object> value) => (value.Key.Path, value.Value) switch
    {
        _ when IsChoice(value.Key, value.Value) => ("rate", value.Key.Path),
        ("output.quality", _) when value.Key.Apply(s_none, value.Value).Conversion.Quality is not null => ("quality", value.Key.Path),
        ("output.encoder-preset", _) when value.Key.Apply(s_none, value.Value).Conversion.EncoderPreset is not null => ("preset", value.Key.Path),
        ("output.encoder-options", KeyValuePair<string, string> option) when EncoderSettings.SetsQuality(option.Key) => ("quality", "option"),
        ("output.encoder-options", KeyValuePair<string, string> option) when EncoderSettings.SetsPreset(option.Key) => ("preset", "option"),
        _ => null,
    };
}
