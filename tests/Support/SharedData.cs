namespace AdaConv.Tests.Support;

/// <summary>Data that may lie in the folder ../shared/data beside the repository (or in data of the folder that ADACONV_SHARED names); tests that want it
/// skip where it does not.</summary>
public static class SharedData
{
    /// <summary>The full name of a file or folder in it, null where there is none.</summary>
    public static string? Find(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AdaConv.sln")))
            {
                string root = Environment.GetEnvironmentVariable("ADACONV_SHARED") ?? Path.Combine(folder.FullName, "..", "shared");
                string path = Path.GetFullPath(Path.Combine(root, "data", name));
                return Path.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
