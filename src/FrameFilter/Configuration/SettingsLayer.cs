using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Settings from one source; laid over others, its values win.</summary>
/// <param name="Source">Where they come from, for the user: a file or "the command line".</param>
/// <param name="Values">Settings and their values from <see cref="Setting.Parse"/>, in the order given; a map's entries one by one.</param>
public sealed record SettingsLayer(string Source, IReadOnlyList<KeyValuePair<Setting, object>> Values)
{
    /// <summary>The preset that these settings are laid over (<c>extends</c>); null for none.</summary>
    public BasePreset? Extends { get; init; }

    /// <summary>What of these settings does not hold any more because of stronger ones, and why, in sentences.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>The options with this layer's values over them.</summary>
    public FilterOptions ApplyTo(FilterOptions options) =>
        Values.Aggregate(options, (current, value) => value.Key.Apply(current, value.Value));

    /// <summary>Whether the layer says anything about a setting.</summary>
    public bool Sets(Setting setting) => Values.Any(value => value.Key == setting);
}
