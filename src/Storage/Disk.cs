using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AdaConv.Storage;

/// <summary>
/// The steps by which files outlive a power cut. A file system may carry out what was not flushed in any order, or never: a test's disk, which
/// does so, can take the steps in place of the system's.
/// </summary>
internal partial class Disk
{
    private static readonly Disk System = new();
    private static readonly AsyncLocal<Disk?> Substitute = new();

    /// <summary>The disk of this flow of control: a test's, or the system's.</summary>
    public static Disk Current => Substitute.Value ?? System;

    /// <summary>Has a test's disk take the steps in this flow of control and the ones it starts; null: the system's again.</summary>
    public static void Use(Disk? disk) => Substitute.Value = disk;

    /// <summary>Returns when an open file's content is on the disk.</summary>
    public virtual void FlushFile(FileStream file) => file.Flush(flushToDisk: true);

    /// <summary>Returns when the names in a folder are on the disk. Windows flushes names by itself.</summary>
    public virtual void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int NotPermitted = 13; // EACCES: a folder whose names may not be listed can be written to, but not opened.
        using SafeFileHandle folder = Open(path, OperatingSystem.IsMacOS() ? 0x0100_0000 : 0x8_0000); // O_RDONLY | O_CLOEXEC
        if (!folder.IsInvalid)
        {
            RandomAccess.FlushToDisk(folder); // passes over file systems that know no flush of folders
        }
        else if (Marshal.GetLastPInvokeError() is var error and not NotPermitted)
        {
            throw new IOException($"The folder {path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.", error);
        }
    }

    /// <summary>Gives a file or a folder another name on the same disk.</summary>
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

    /// <summary>Gives a file another name on the same disk, in the place of what stands there; false where that name is on another disk.</summary>
    public virtual bool TryMove(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            bool isSame = string.Equals(Path.GetPathRoot(from), Path.GetPathRoot(to), StringComparison.OrdinalIgnoreCase);
            if (isSame)
            {
                File.Move(from, to, overwrite: true);
            }

            return isSame;
        }

        const int OtherDisk = 18; // EXDEV
        if (Rename(from, to) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error != OtherDisk ? throw new IOException($"{from} cannot be moved to {to}: {Marshal.GetPInvokeErrorMessage(error)}.", error) : false;
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

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
