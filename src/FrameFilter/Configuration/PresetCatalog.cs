using AdaConv.Conversion.Options;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Finds presets: the user's own, then those of the application; and any file by its path.</summary>
public sealed class PresetCatalog(ApplicationFiles files)
{
    /// <summary>What a comment begins with that tells editors the schema's file (yaml-language-server: VS Code, Neovim and others).</summary>
    internal const string EditorHint = "# yaml-language-server: $schema=";

    private const string Extension = ".yaml";

    /// <summary>Presets that may lie over one another; more are a mistake, and each is compared with all before it.</summary>
    private const int DeepestChain = 32;

    /// <summary>All presets with a name, in order of it; the user's own hides the application's of the same name.</summary>
    public IReadOnlyList<Preset> List()
    {
        HashSet<string> shipped = [.. Files(files.Presets).Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        return
        [
            .. Files(files.UserPresets).Select(path => Describe(path) is var own && shipped.Contains(own.Name) ? own with { ReplacesShipped = true } : own)
                .Concat(Files(files.Presets).Select(Describe))
                .DistinctBy(preset => preset.Name, StringComparer.Ordinal)
                .OrderBy(preset => preset.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The file of a preset.</summary>
    /// <param name="nameOrPath">A name; or a path, which has a folder separator or ends in .yaml or .yml.</param>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public Preset Find(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (IsPath(nameOrPath))
        {
            return File.Exists(nameOrPath)
                ? Describe(nameOrPath)
                : throw new ConfigurationException(NoFile(nameOrPath));
        }

        var presets = List();
        return presets.FirstOrDefault(preset => preset.Name == nameOrPath)
            ?? throw new ConfigurationException(
                $"There is no preset '{nameOrPath}'{Suggestion.For(nameOrPath, presets.Select(preset => preset.Name))}; "
                + $"there are: {string.Join(", ", presets.Select(preset => preset.Name))}. Your own presets go to {files.UserPresets}; a file's path "
                + $"works, too.");
    }

    /// <summary>A settings file with all that it extends, the weakest first.</summary>
    /// <param name="last">The file's own settings.</param>
    /// <exception cref="ConfigurationException">A file that is extended is missing or wrong, or extends one of those that extend it.</exception>
    public IReadOnlyList<SettingsLayer> Chain(SettingsLayer last)
    {
        ArgumentNullException.ThrowIfNull(last);
        List<SettingsLayer> chain = [last];
        while (chain[0] is { Extends: { } extended } layer)
        {
            string path = FindExtended(layer, extended);
            if (chain.Find(other => SameFile.Is(other.Source, path)) is { } seen)
            {
                var way = chain[..(chain.IndexOf(seen) + 1)].AsEnumerable().Reverse().Append(seen);
                throw Problem(
                    layer, extended, $"leads in a circle: {string.Join(" → ", way.Select(other => Path.GetFileNameWithoutExtension(other.Source)))}");
            }

            if (chain.Count == DeepestChain)
            {
                throw Problem(layer, extended, $"is one preset too many: at most {DeepestChain} may extend one another; put some of them into one file");
            }

            chain.Insert(0, SettingsFile.Read(path));
        }

        return chain;
    }

    private string FindExtended(SettingsLayer layer, BasePreset extended)
    {
        string file = Path.GetFullPath(layer.Source), folder = Path.GetDirectoryName(file)!;
        if (IsPath(extended.NameOrPath))
        {
            string path = Path.GetFullPath(extended.NameOrPath, folder);
            return File.Exists(path) ? path : throw Problem(layer, extended, NoFile(path));
        }

        // A shipped preset means the shipped one, and so does the user's preset that takes its place and extends it.
        bool isShipped = string.Equals(folder, Path.GetFullPath(files.Presets), RealPath.Comparison);
        bool isItself = Path.GetFileNameWithoutExtension(file) == extended.NameOrPath
            && files.UserPresets.Length > 0 && string.Equals(folder, Path.GetFullPath(files.UserPresets), RealPath.Comparison);
        if ((isShipped || isItself)
            && Files(files.Presets).FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == extended.NameOrPath) is { } shipped)
        {
            return shipped;
        }

        try
        {
            return Find(extended.NameOrPath).Path;
        }
        catch (ConfigurationException e)
        {
            throw Problem(layer, extended, e.Message);
        }
    }

    // In order, so that of one name with two endings it is always the same that is taken.
    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Where(HasExtension).Order(StringComparer.Ordinal)
        : [];

    private static string NoFile(string path) => $"The preset file {path} does not exist.";

    private static bool HasExtension(string path) => Path.GetExtension(path.AsSpan()) is var extension
        && (extension.Equals(Extension, StringComparison.OrdinalIgnoreCase) || extension.Equals(".yml", StringComparison.OrdinalIgnoreCase));

    private static ConfigurationException Problem(SettingsLayer layer, BasePreset extended, string reason) =>
        new([new ConfigurationProblem(layer.Source, extended.Line, SettingsFile.ExtendsKey, reason)]);

    private static bool IsPath(string nameOrPath) =>
        nameOrPath.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar) || HasExtension(nameOrPath);

    private static Preset Describe(string path)
    {
        string? first;
        try
        {
            // Editors take their hint from any comment line; it may stand first.
            first = RealPath.LengthOf(path) == 0 ? null : File.ReadLines(path)
                .TakeWhile(line => line.StartsWith('#'))
                .FirstOrDefault(line => !line.StartsWith(EditorHint, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Listing continues; using the preset reports why it cannot be read.
            first = null;
        }

        string purpose = first?.TrimStart('#').Trim() ?? string.Empty;
        return new(Path.GetFileNameWithoutExtension(path), path, purpose);
    }
}

/// <summary>A preset that was found.</summary>
/// <param name="Name">Its file's name without the extension.</param>
/// <param name="Path">Its file.</param>
/// <param name="Purpose">When to take it: the file's first line (an editor's hint aside), empty where that is no comment.</param>
public sealed record Preset(string Name, string Path, string Purpose)
{
    /// <summary>Whether it is the user's own, and the application has one of this name, too.</summary>
    public bool ReplacesShipped { get; init; }
}
