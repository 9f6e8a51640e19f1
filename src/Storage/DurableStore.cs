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
    /// <exception cref="StorageException">The disk is full, or the path cannot be written; what stood there before still stands.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes a text in UTF-8, in the same way.</summary>
    /// <exception cref="StorageException">As above.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text).AsMemory());

    /// <summary>Writes a file piece by piece, in the same way; where <paramref name="write"/> throws, nothing is left.</summary>
    /// <exception cref="StorageException">As above.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path), partial = PartialName.Of(full);
        try
        {
            CreateFolder(FolderOf(full));
            PartialName.DeleteStale(full);
            try
            {
                using (FileStream file = new(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
                {
                    write(file);
                    Disk.Current.FlushFile(file);
                }

                Rename(partial, full);
            }
            catch
            {
                File.Delete(partial);
                throw;
            }
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Writing", path, error);
        }
    }

    /// <summary>Gives a file, or a folder of files, that was written and closed its name.</summary>
    /// <param name="partial">Its name until now, in the same folder as <paramref name="path"/>.</param>
    /// <param name="path">Its name from now on. A folder must not stand there yet.</param>
    /// <param name="overwrite">Whether a file that stands there is replaced.</param>
    /// <exception cref="StorageException">The disk is full, or there is a file of that name; <paramref name="partial"/> is left.</exception>
    public static void Publish(string partial, string path, bool overwrite = true)
    {
        Flush(partial, path);
        Rename(partial, path, overwrite);
    }

    /// <summary>Gives many files of one folder their names in another one, as <see cref="Publish"/> does: flushed before, and once behind all.</summary>
    /// <param name="partialFolder">Where they lie until now, on the same disk.</param>
    /// <param name="folder">Where they go.</param>
    /// <param name="names">Their names.</param>
    /// <param name="overwrite">Whether files of these names are replaced.</param>
    /// <exception cref="StorageException">The disk is full or refuses.</exception>
    public static void PublishAll(string partialFolder, string folder, IReadOnlyCollection<string> names, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
        {
            Flush(Path.Combine(partialFolder, name), Path.Combine(folder, name));
        }

        Guard("Writing", folder, () =>
        {
            foreach (string name in names)
            {
                Disk.Current.Move(Path.Combine(partialFolder, name), Path.Combine(folder, name), overwrite);
            }

            Disk.Current.FlushFolder(folder);
        });
    }

    /// <summary>
    /// Moves files that are on the disk, perhaps to another disk: each appears whole under its new name, and folders are flushed once behind all.
    /// </summary>
    /// <param name="files">Where each lies, and its full name from now on; the folders exist.</param>
    /// <param name="overwrite">Whether files of these names are replaced.</param>
    /// <exception cref="StorageException">
    /// The disk is full, or there is a file of that name; what was not moved lies where it did, or hidden beside.
    /// </exception>
    public static void Transfer(IReadOnlyCollection<(string From, string To)> files, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach ((string from, string to) in files)
        {
            Guard("Writing", to, () =>
            {
                string partial = PartialName.Of(to);
                if (!Disk.Current.TryMove(from, partial))
                {
                    File.Copy(from, partial, overwrite: true);
                    FlushTree(partial);
                    Disk.Current.Delete(from);
                }

                Disk.Current.Move(partial, to, overwrite);
            });
        }

        foreach (string folder in files.Select(file => FolderOf(file.To)).Distinct())
        {
            Guard("Writing", folder, () => Disk.Current.FlushFolder(folder));
        }
    }

    /// <summary>Returns when a file that others wrote and closed, or a folder with all that is in it, is on the disk under the name it has.</summary>
    /// <param name="partial">The name it has.</param>
    /// <param name="path">The name it will have, by which errors call it.</param>
    /// <exception cref="StorageException">The disk is full or fails.</exception>
    public static void Flush(string partial, string path) => Guard("Writing", path, () => FlushTree(partial));

    /// <summary>Gives what was flushed another name in the same folder; that is on the disk when this returns.</summary>
    /// <exception cref="StorageException">The system refuses; it keeps its name.</exception>
    public static void Rename(string from, string to, bool overwrite = true) => Guard("Writing", to, () =>
    {
        Disk.Current.Move(from, to, overwrite);
        Disk.Current.FlushFolder(FolderOf(to));
    });

    /// <summary>Makes a folder, and those above it that are missing; they are on the disk when this returns.</summary>
    /// <exception cref="StorageException">The system refuses.</exception>
    public static void CreateFolder(string path) => Guard("Making the folder", path, () =>
    {
        string? folder = Path.GetFullPath(path);
        Stack<string> above = new();

        // On Windows there may be no such drive: null above its root, and the system says so below.
        while (!Directory.Exists(folder) && (folder = Path.GetDirectoryName(folder)) is not null)
        {
            above.Push(folder);
        }

        Directory.CreateDirectory(path);
        while (above.TryPop(out string? parent))
        {
            Disk.Current.FlushFolder(parent);
        }
    });

    /// <summary>Removes a file or a folder; that is on the disk when this returns. Nothing where there is none.</summary>
    /// <exception cref="StorageException">The system refuses.</exception>
    public static void Remove(string path)
    {
        if (Path.Exists(path))
        {
            Guard("Deleting", path, () =>
            {
                Disk.Current.Delete(path);
                Disk.Current.FlushFolder(FolderOf(path));
            });
        }
    }

    /// <summary>Removes files of one folder, as <see cref="Remove"/> does: flushed once behind all.</summary>
    /// <exception cref="StorageException">The system refuses.</exception>
    public static void RemoveAll(string folder, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count > 0)
        {
            Guard("Deleting files in", folder, () =>
            {
                foreach (string name in names)
                {
                    Disk.Current.Delete(Path.Combine(folder, name));
                }

                Disk.Current.FlushFolder(folder);
            });
        }
    }

    private static void FlushTree(string path)
    {
        if (!Directory.Exists(path))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Disk.Current.FlushFile(file);
            return;
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(path))
        {
            FlushTree(entry);
        }

        Disk.Current.FlushFolder(path);
    }

    private static void Guard(string operation, string path, Action steps)
    {
        try
        {
            steps();
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of(operation, path, error);
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
