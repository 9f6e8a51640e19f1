using AdaConv.Conversion.Options;
using AdaConv.Media.Encoding;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>
/// Settings of which one alone can hold: factor, fps and slow; the quality or an encoder's option for it; the encoder's preset, alike. The stronger
/// layer's choice takes the place of a weaker one's. An encoder's options belong to the encoder that their layer or one beneath it names: they go where a
/// stronger layer chooses another. Options beside no encoder's name are for any encoder.
/// </summary>
internal static class ExclusiveSettings
{
    private static readonly FilterOptions s_none = new();
    private static readonly Setting s_encoder = Settings.All.Single(setting => setting.Path == "output.encoder");
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
        foreach (SettingsLayer layer in WithOptionsOfOneEncoder(layers))
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

    // Before anything else is settled: what is dropped here excludes nothing.
    private static IEnumerable<SettingsLayer> WithOptionsOfOneEncoder(IReadOnlyList<SettingsLayer> layers)
    {
        SettingsLayer? choosing = layers.LastOrDefault(layer => layer.Sets(s_encoder));
        string? chosen = choosing?.ApplyTo(s_none).Conversion.Encoder, owner = null; // null: any encoder's
        foreach (SettingsLayer layer in layers)
        {
            owner = layer.Sets(s_encoder) ? layer.ApplyTo(s_none).Conversion.Encoder : owner;
            yield return owner is null || owner == chosen ? layer : WithoutEncoderOptions(layer, owner, choosing!.Source, chosen ?? "auto");
        }
    }

    private static SettingsLayer WithoutEncoderOptions(SettingsLayer layer, string owner, string source, string chosen)
    {
        string[] names = [.. layer.Values.Where(IsEncoderOption).Select(value => ((KeyValuePair<string, string>)value.Value).Key).Distinct()];
        (string words, string verb, string they) = names is [_] ? ("option", "is", "it is") : ("options", "are", "they are");
        return names.Length == 0 ? layer : layer with
        {
            Values = [.. layer.Values.Where(value => !IsEncoderOption(value))],
            Dropped =
            [
                .. layer.Dropped,
                $"Of {layer.Source}, the encoder's {words} {string.Join(", ", names)} {verb} dropped: {they} for the encoder {owner}, and {source} chooses "
                + $"{chosen}. --encoder-option sets options for that one.",
            ],
        };
    }

    private static bool IsEncoderOption(KeyValuePair<Setting, object> value) => value.Key.Path == "output.encoder-options";

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
