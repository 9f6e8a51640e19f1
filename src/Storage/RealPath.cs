namespace AdaConv.Storage;

/// <summary>Paths with every symbolic link followed, so that two names of one thing can be told to be that.</summary>
public static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>How paths of one thing compare on this system.</summary>
    public static StringComparison Comparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>A folder's, which need not exist; without a separator at its end unless it is a root.</summary>
    public static string OfFolder(DirectoryInfo folder)
    {
        ArgumentNullException.ThrowIfNull(folder);

        // A root is no link, and Windows answers the question for one with an error.
        return folder.Parent is null
            ? folder.FullName
            : Path.TrimEndingDirectorySeparator(Target(new DirectoryInfo(Path.Combine(OfFolder(folder.Parent), folder.Name))));
    }

    /// <summary>A file's, which need not exist.</summary>
    public static string OfFile(string path)
    {
        FileInfo file = new(Path.GetFullPath(path));
        return Target(new FileInfo(Path.Combine(OfFolder(file.Directory!), file.Name)));
    }

    /// <summary>Bytes of the file that a name leads to; 0 for pipes and devices, opening which may wait for ever, and where there is no file.</summary>
    public static long LengthOf(string path) => new FileInfo(OfFile(path)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Where a link leads that leads to nothing; null for everything else, and where that is not certain.</summary>
    public static string? MissingTarget(string path)
    {
        FileInfo file = new(Path.GetFullPath(path));
        for (int followed = 0; followed < MostLinks; followed++)
        {
            // What lies in /proc leads to open files and pipes, by texts that are no paths.
            string folder = OfFolder(file.Directory!);
            if (folder.StartsWith("/proc/", StringComparison.Ordinal))
            {
                return null;
            }

            file = new(Path.Combine(folder, file.Name));
            if (LinkOf(file) is not { } target)
            {
                return followed == 0 || file.Exists || Directory.Exists(file.FullName) ? null : file.FullName;
            }

            // Upwards out of a folder that is itself a link: the text does not say where to.
            if (target.TrimStart('.', '/').Contains("/..", StringComparison.Ordinal))
            {
                return null;
            }

            file = new(Path.GetFullPath(target, folder));
        }

        return null;
    }

    private static string? LinkOf(FileInfo file)
    {
        try
        {
            return file.LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // What the system does not let be asked (a folder of another user's above it, say) stands for itself.
    private static string Target(FileSystemInfo entry)
    {
        try
        {
            return (entry.Exists ? entry.ResolveLinkTarget(returnFinalTarget: true) : null)?.FullName ?? entry.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return entry.FullName;
        }
    }
}
