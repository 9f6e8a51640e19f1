namespace AdaConv.Tests.Support;

/// <summary>A folder for the files of one test, gone afterwards; its name has no blanks, so that command lines stay plain.</summary>
public sealed class ClipFolder : IDisposable
{
    /// <summary>An empty folder.</summary>
    public ClipFolder() => Path = Directory.CreateTempSubdirectory("adaconv-test-").FullName;

    /// <summary>Its full name.</summary>
    public string Path { get; }

    /// <summary>The full name of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Everything in it, hidden files too, by name.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    /// <summary>Writes a text file, in subfolders too, and returns its full name.</summary>
    public string Write(string name, string text)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
