using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>A setting that maps names to texts; layers add to one another, name by name.</summary>
public sealed class MapSetting : Setting
{
    private readonly Func<FilterOptions, ImmutableDictionary<string, string>> _get;
    private readonly Func<FilterOptions, ImmutableDictionary<string, string>, FilterOptions> _set;

    internal MapSetting(
        string path,
        string option,
        Func<FilterOptions, ImmutableDictionary<string, string>> get,
        Func<FilterOptions, ImmutableDictionary<string, string>, FilterOptions> set,
        string description)
        : base(path, option, description) => (_get, _set) = (get, set);

    /// <inheritdoc/>
    public override string Allowed => "names of letters, digits, '-' and '_', each with a value that is not empty";

    /// <inheritdoc/>
    public override string Placeholder => "NAME=TEXT";

    /// <inheritdoc/>
    public override bool IsText => true;

    /// <inheritdoc/>
    public override bool IsMap => true;

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z0-9_-]+$" },
        ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
    };

    /// <inheritdoc/>
    public override object Parse(string text, string folder)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new FormatException($"'{text}' is not NAME=TEXT");
        }

        string name = text[..equals];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new FormatException($"'{name}' is not a name");
        }

        if (equals + 1 == text.Length)
        {
            throw new FormatException($"'{name}' has no value");
        }

        return KeyValuePair.Create(name, text[(equals + 1)..]);
    }

    /// <inheritdoc/>
    public override FilterOptions Apply(FilterOptions options, object value)
    {
        var (name, text) = (KeyValuePair<string, string>)value;
        return _set(options, _get(options).SetItem(name, text));
    }

    /// <inheritdoc/>
    public override string Format(FilterOptions options)
    {
        var entries = _get(options).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}: {YamlText.Quote(entry.Value)}");
        return _get(options).IsEmpty ? "{}" : $"{{ {string.Join(", ", entries)} }}";
    }
}
