using System.Text.Json.Nodes;
using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>The one definition of a setting: its key in files, its option on the command line, its values and its meaning.</summary>
public abstract class Setting
{
    private protected Setting(string path, string option, string description)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        Path = path;
        Section = path[..dot];
        Key = path[(dot + 1)..];
        Option = option;
        Description = description;
    }

    /// <summary>Section and key, as in <c>output.quality</c>.</summary>
    public string Path { get; }

    /// <summary>The top-level key in files.</summary>
    public string Section { get; }

    /// <summary>The key inside its section.</summary>
    public string Key { get; }

    /// <summary>The option on the command line, with its dashes.</summary>
    public string Option { get; }

    /// <summary>Another spelling of the option.</summary>
    public string? Alias { get; init; }

    /// <summary>Unit and meaning, as sentences.</summary>
    public string Description { get; }

    /// <summary>The values that are allowed, in words.</summary>
    public abstract string Allowed { get; }

    /// <summary>The placeholder of the value in the help, as in <c>SIZE</c>.</summary>
    public abstract string Placeholder { get; }

    /// <summary>Whether the value is text, so that quotes around it in a file are right.</summary>
    public abstract bool IsText { get; }

    /// <summary>Whether the value is a map of names to texts: <c>name=text</c> on the command line, a mapping in files.</summary>
    public virtual bool IsMap => false;

    /// <summary>The values that are words, for completion; empty where there are too many to list.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>The allowed values as a JSON schema, for editors.</summary>
    public abstract JsonObject Schema();

    /// <summary>Reads a value.</summary>
    /// <param name="text">The value's text; of a map, one <c>name=text</c>.</param>
    /// <param name="folder">What a relative path in the value starts from.</param>
    /// <exception cref="FormatException">The text is not allowed; the message says why, without naming the setting.</exception>
    public abstract object Parse(string text, string folder);

    /// <summary>Puts a value from <see cref="Parse"/> into the options; a map's entries are added to those it has.</summary>
    public abstract FilterOptions Apply(FilterOptions options, object value);

    /// <summary>The value in the options, as files write it.</summary>
    public abstract string Format(FilterOptions options);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
