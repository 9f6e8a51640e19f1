using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>A setting with one value.</summary>
/// <typeparam name="T">The value's type in the options.</typeparam>
public sealed class ScalarSetting<T> : Setting
{
    private readonly ValueSyntax<T> _syntax;
    private readonly Func<FilterOptions, T> _get;
    private readonly Func<FilterOptions, T, FilterOptions> _set;

    internal ScalarSetting(
        string path,
        string option,
        ValueSyntax<T> syntax,
        Func<FilterOptions, T> get,
        Func<FilterOptions, T, FilterOptions> set,
        string description)
        : base(path, option, description) => (_syntax, _get, _set) = (syntax, get, set);

    /// <inheritdoc/>
    public override string Allowed => _syntax.Allowed;

    /// <inheritdoc/>
    public override string Placeholder => _syntax.Placeholder;

    /// <inheritdoc/>
    public override bool IsText => _syntax.IsText;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => _syntax.Words;

    /// <inheritdoc/>
    public override JsonObject Schema() => _syntax.Schema();

    /// <inheritdoc/>
    public override object Parse(string text, string folder) => new Box(_syntax.Parse(text, folder));

    /// <inheritdoc/>
    public override FilterOptions Apply(FilterOptions options, object value) => _set(options, ((Box)value).Value);

    /// <inheritdoc/>
    public override string Format(FilterOptions options) => _syntax.Format(_get(options));

    // A value that may itself be null ("auto").
    private sealed record Box(T Value);
}
