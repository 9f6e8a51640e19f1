using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AdaConv.Storage;

/// <summary>The hidden names of what is being written, <c>.NAME.PROCESS.partial.EXT</c>, and the clearing away of those whose process died.</summary>
public static class PartialName
{
    private const string Mark = ".partial";

    private static readonly Lazy<string> OwnName = new(() =>
    {
        using Process own = Process.GetCurrentProcess();
        return own.ProcessName;
    });

    /// <summary>The hidden name for a file, with this process's number.</summary>
    public static string Of(string full)
    {
        (string folder, string name, string extension) = Parts(full);
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}{Mark}{extension}"));
    }

    /// <summary>Deletes what killed processes left of this output.</summary>
    public static void DeleteStale(string full)
    {
        (string folder, string name, string extension) = Parts(full);
        string head = $".{name}.", tail = Mark + extension;
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            string text = entry.Name;
            if (text.Length > head.Length + tail.Length
                && text.StartsWith(head, StringComparison.Ordinal)
                && text.EndsWith(tail, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(head.Length..^tail.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                && IsDead(process, entry.LastWriteTime))
            {
                if (entry is DirectoryInfo directory)
                {
                    directory.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }
        }
    }

    // Numbers of processes are given anew: one that began after the file was last written has not written it. But the system's clock may have been set
    // meanwhile, so that a program like this one is taken for the file's.
    private static bool IsDead(int number, DateTime lastWrite)
    {
        if (number == Environment.ProcessId)
        {
            return false;
        }

        try
        {
            using Process process = Process.GetProcessById(number);
            return process.ProcessName != OwnName.Value && process.StartTime > lastWrite;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            return error is InvalidOperationException; // ended meanwhile; or another user's, which is left alone
        }
    }

    private static (string Folder, string Name, string Extension) Parts(string full)
    {
        const int longestNumber = 10;
        string extension = Path.GetExtension(full);
        int others = 2 + longestNumber + Mark.Length + Encoding.UTF8.GetByteCount(extension);
        return (Path.GetDirectoryName(full)!, FileName.Fit(Path.GetFileNameWithoutExtension(full), others), extension);
    }
}
