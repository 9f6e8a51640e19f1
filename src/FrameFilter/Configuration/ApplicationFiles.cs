using AdaConv.Conversion.Interpolation;

namespace AdaConv.FrameFilter.Configuration;

/// <summary>Where the application's own files lie: filter.yaml, presets/ and models/.</summary>
/// <param name="Root">The folder that holds them.</param>
/// <param name="UserRoot">The user's own folder of settings, which need not exist.</param>
public sealed record ApplicationFiles(string Root, string UserRoot)
{
    /// <summary>
    /// The folder of the application, or the nearest one above it that holds filter.yaml (a build lies inside the repository);
    /// and the user's adaconv folder (~/.config/adaconv, %APPDATA%\adaconv).
    /// </summary>
    public static ApplicationFiles Find()
    {
        string folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string? root = folder;
        while (root is not null && !File.Exists(Path.Combine(root, "filter.yaml")))
        {
            root = Path.GetDirectoryName(root);
        }

        string settings = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
        return new(root ?? folder, settings.Length == 0 ? string.Empty : Path.Combine(settings, "adaconv"));
    }

    /// <summary>The defaults.</summary>
    public string Defaults => Path.Combine(Root, "filter.yaml");

    /// <summary>The presets that come with the application.</summary>
    public string Presets => Path.Combine(Root, "presets");

    /// <summary>The JSON schema of settings files.</summary>
    public string Schema => Path.Combine(Presets, "schema.json");

    /// <summary>The user's own presets.</summary>
    public string UserPresets => UserRoot.Length == 0 ? string.Empty : Path.Combine(UserRoot, "presets");

    /// <summary>The weights that come with the application.</summary>
    public string Models => Path.Combine(Root, ModelFolder.Name);

    /// <summary>The files in <see cref="Models"/>.</summary>
    public IReadOnlyList<string> Weights =>
        Directory.Exists(Models) ? [.. Directory.EnumerateFiles(Models, "*.safetensors").Order(StringComparer.Ordinal)] : [];
}
