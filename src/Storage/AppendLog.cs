using System.Text;

namespace AdaConv.Storage;

/// <summary>A log of lines that are only added, each flushed to the disk; a last line that a crash cut short is passed over by who reads.</summary>
public sealed class AppendLog : IDisposable
{
    private readonly FileStream _file;

    private AppendLog(FileStream file) => _file = file;

    /// <summary>Opens or begins a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">The lines that stand there; the last one may be torn.</param>
    /// <exception cref="IOException">It cannot be opened, or another process adds to it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static AppendLog Open(string path, out IReadOnlyList<string> lines)
    {
        bool isNew = !File.Exists(path);
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            // Windows refuses a second writer by the share mode, Linux by a lock of the process.
            if (OperatingSystem.IsLinux() && file.CanSeek)
            {
                file.Lock(0, 0);
            }

            lines = Read(file);
            // What is added must not become part of a torn line.
            if (file.CanSeek && file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n')
                {
                    file.Write("\n"u8);
                }
            }

            if (isNew)
            {
                Disk.Current.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The lines of a log that another process may be adding to; none where there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Read(file);
    }

    /// <summary>Adds a line; it is on the disk when this returns.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <exception cref="IOException">The disk is full or gone; a part of the line may have been written.</exception>
    public void Add(string line)
    {
        if (_file.CanSeek)
        {
            _file.Seek(0, SeekOrigin.End);
        }

        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static List<string> Read(FileStream file)
    {
        List<string> lines = [];
        if (!file.CanSeek || file.Length == 0)
        {
            return lines; // new, or a device
        }

        using StreamReader reader = new(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
