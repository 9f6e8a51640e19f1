namespace AdaConv.FrameFilter.Configuration;

/// <summary>Finds presets: those of the application, then the user's own, then any file by its path.</summary>
public sealed class PresetCatalog(ApplicationFiles files)
{
    private const string Extension = ".yaml";

    /// <summary>All presets with a name, in order of it; an application's preset hides the user's of the same name.</summary>
    public IReadOnlyList<Preset> List() =>
    [
        .. new[] { files.Presets, files.UserPresets }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + Extension))
            .Select(Describe)
            .DistinctBy(preset => preset.Name, StringComparer.Ordinal)
            .OrderBy(preset => preset.Name, StringComparer.Ordinal),
    ];

    /// <summary>The file of a preset.</summary>
    /// <param name="nameOrPath">A name; or a path, which has a folder separator or ends in .yaml or .yml.</param>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public Preset Find(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        string extension = Path.GetExtension(nameOrPath);
        if (nameOrPath.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar) || extension is Extension or ".yml")
        {
            return File.Exists(nameOrPath)
                ? Describe(nameOrPath)
                : throw new ConfigurationException($"The preset file {nameOrPath} does not exist.");
        }

        var presets = List();
        return presets.FirstOrDefault(preset => preset.Name == nameOrPath)
            ?? throw new ConfigurationException(
                $"There is no preset '{nameOrPath}'{Suggestion.For(nameOrPath, presets.Select(preset => preset.Name))}; "
                + $"there are: {string.Join(", ", presets.Select(preset => preset.Name))}. Own presets go to {files.UserPresets}, or give a file's path.");
    }

    private static Preset Describe(string path)
    {
        string first;
        try
        {
            first = File.ReadLines(path).FirstOrDefault() ?? string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Listing goes on; using the preset will say why it cannot be read.
            first = string.Empty;
        }

        string purpose = first.StartsWith('#') ? first.TrimStart('#').Trim() : string.Empty;
        return new(Path.GetFileNameWithoutExtension(path), path, purpose);
    }
}
