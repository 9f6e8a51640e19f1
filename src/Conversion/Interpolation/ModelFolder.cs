namespace AdaConv.Conversion.Interpolation;

/// <summary>Where the weights that come with the application lie.</summary>
public static class ModelFolder
{
    /// <summary>The folder's name.</summary>
    public const string Name = "models";

    /// <summary>The folder beside the application, or beside the nearest folder above it that has one (a build lies inside the repository).</summary>
    public static string Find()
    {
        string folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        for (string? root = folder; root is not null; root = Path.GetDirectoryName(root))
        {
            string models = Path.Combine(root, Name);
            if (Directory.Exists(models))
            {
                return models;
            }
        }

        return Path.Combine(folder, Name);
    }
}
