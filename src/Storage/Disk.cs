using System.Runtime.InteropServices;

namespace AdaConv.Storage;

/// <summary>The steps by which files outlive a power cut. A file system may carry out what was not flushed in any order, or never.</summary>
internal partial class Disk
{
    private static readonly Disk System = new();
    private static readonly AsyncLocal<Disk?> Substitute = new();

    /// <summary>The disk of this flow of control: a test's, or the system's.</summary>
    public static Disk Current => Substitute.Value ?? System;

    /// <summary>Has a test's disk take the steps.</summary>
    public static void Use(Disk? disk) => Substitute.Value = disk;

    /// <summary>Returns when a file's content is on the disk.</summary>
    public virtual void FlushFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Returns when a folder's names are on the disk. Windows flushes them with the files.</summary>
    public virtual void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int folder = Open(path, 0);
        if (folder < 0)
        {
            throw new IOException($"The folder {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        // Some network file systems know no flush of folders (EINVAL); they keep names by themselves.
        _ = Synchronize(folder);
        _ = Close(folder);
    }

    /// <summary>Gives a file or a folder another name.</summary>
    public virtual void Move(string from, string to, bool overwrite)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite);
        }
    }

    /// <summary>Removes a file, or a folder with all that is in it; nothing where there is none.</summary>
    public virtual void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
