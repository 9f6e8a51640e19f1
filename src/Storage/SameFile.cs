namespace AdaConv.Storage;

/// <summary>Whether two names lead to one file: equal once links are followed, or hard links (where files can be locked).</summary>
public static class SameFile
{
    /// <summary>Files that are held open at a time to recognise their other names; a process may have some 1024 open.</summary>
    private const int MostHeld = 200;

    /// <summary>Whether both names lead to one existing file.</summary>
    public static bool Is(string first, string second) => Find([first], [second]) is not null;

    /// <summary>The first name that leads to one of several files; null where none does.</summary>
    /// <param name="files">The files; those that do not exist are none of them.</param>
    /// <param name="names">The names, in the order in which they are looked at; they need not exist.</param>
    public static string? Find(IReadOnlyCollection<string> files, IEnumerable<string> names)
    {
        string[] present = [.. files.Where(File.Exists)];
        string[] asked = [.. names.Where(File.Exists)];
        if (present.Length == 0 || asked.Length == 0)
        {
            return null;
        }

        HashSet<string> real = new(present.Select(RealPath.OfFile), StringComparer.FromComparison(RealPath.Comparison));
        return Array.Find(asked, name => real.Contains(RealPath.OfFile(name))) ?? FindByLock(present, asked);
    }

    // A lock belongs to the file, not to the name: held by one name, it cannot be had by another. Different lengths settle it cheaply.
    private static string? FindByLock(string[] files, string[] names)
    {
        ILookup<long, string> byLength = names.ToLookup(RealPath.LengthOf);
        foreach (string[] some in files.Where(file => RealPath.LengthOf(file) is > 0 and var length && byLength.Contains(length)).Chunk(MostHeld))
        {
            List<FileStream> held = [];
            try
            {
                foreach (string file in some)
                {
                    if (TryHold(file) is { } stream)
                    {
                        held.Add(stream);
                    }
                }

                string[] candidates = [.. held.Select(stream => stream.Length).Distinct().SelectMany(length => byLength[length])];
                if (Array.Find(candidates, IsHeld) is { } found)
                {
                    return found;
                }
            }
            finally
            {
                held.ForEach(stream => stream.Dispose());
            }
        }

        return null;
    }

    private static bool IsHeld(string name)
    {
        try
        {
            using FileStream probe = new(name, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream? TryHold(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }
}
