using System.Text;

namespace AdaConv.Storage;

/// <summary>
/// Publishes files: each appears under its name only when it is whole, and what stood there before stays until then, through a crash as
/// through a power cut. Everything that AdaConv writes goes this way: outputs, segments, manifests, caches, checkpoints, weights, reports.
/// </summary>
/// <remarks>
/// Write beside the place, flush the content, rename, flush the folder. Only then may anything be removed that would be needed if the new file
/// were lost.
/// </remarks>
public static class DurableStore
{
    /// <summary>Writes a whole file; its folder is made where it is missing.</summary>
    /// <exception cref="IOException">The disk is full, or the path cannot be written; what stood there before still stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using Pending pending = new(path);
        pending.Stream.Write(bytes);
        pending.Publish();
    }

    /// <summary>Writes a text in UTF-8, in the same way.</summary>
    /// <exception cref="IOException">As above.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file piece by piece, in the same way; where <paramref name="write"/> throws, nothing is left.</summary>
    /// <exception cref="IOException">As above.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using Pending pending = new(path);
        write(pending.Stream);
        pending.Publish();
    }

    /// <summary>Gives a file, or a folder of files, that was written and closed its name.</summary>
    /// <param name="partial">Its name until now, in the same folder as <paramref name="path"/>.</param>
    /// <param name="path">Its name from now on. A folder must not stand there yet.</param>
    /// <param name="overwrite">Whether a file that stands there is replaced.</param>
    /// <exception cref="IOException">The disk is full, or there is a file of that name; <paramref name="partial"/> is left.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void Publish(string partial, string path, bool overwrite = true)
    {
        if (Directory.Exists(partial))
        {
            FlushTree(partial);
        }
        else
        {
            Disk.Current.FlushFile(partial);
        }

        Disk.Current.Move(partial, path, overwrite);
        Disk.Current.FlushFolder(FolderOf(path));
    }

    /// <summary>Gives many files of one folder their names in another one, as <see cref="Publish"/> does: flushed before, and once behind all.</summary>
    /// <param name="partialFolder">Where they lie until now, on the same disk.</param>
    /// <param name="folder">Where they go; files of the same names are replaced.</param>
    /// <param name="names">Their names.</param>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be written.</exception>
    public static void PublishAll(string partialFolder, string folder, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
        {
            Disk.Current.FlushFile(Path.Combine(partialFolder, name));
        }

        foreach (string name in names)
        {
            Disk.Current.Move(Path.Combine(partialFolder, name), Path.Combine(folder, name), overwrite: true);
        }

        Disk.Current.FlushFolder(folder);
    }

    /// <summary>Removes a file or a folder; that is on the disk when this returns. Nothing where there is none.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public static void Remove(string path)
    {
        if (Path.Exists(path))
        {
            Disk.Current.Delete(path);
            Disk.Current.FlushFolder(FolderOf(path));
        }
    }

    private static void FlushTree(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            Disk.Current.FlushFile(file);
        }

        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            FlushTree(inner);
        }

        Disk.Current.FlushFolder(folder);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private sealed class Pending : IDisposable
    {
        private readonly string _path, _partial;
        private bool _published;

        public Pending(string path)
        {
            _path = Path.GetFullPath(path);
            _partial = PartialName.Of(_path);
            Directory.CreateDirectory(FolderOf(_path));
            PartialName.DeleteStale(_path);
            Stream = new(_partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }

        public FileStream Stream { get; }

        public void Publish()
        {
            Stream.Dispose();
            DurableStore.Publish(_partial, _path);
            _published = true;
        }

        public void Dispose()
        {
            if (!_published)
            {
                Stream.Dispose();
                File.Delete(_partial);
            }
        }
    }
}
