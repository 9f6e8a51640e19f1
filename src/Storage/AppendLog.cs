using System.Text;

namespace AdaConv.Storage;

/// <summary>
/// A log of lines that are only added, each flushed to the disk. A crash may cut its last line short: who reads passes over a line that
/// makes no sense, and who adds begins a new one behind it.
/// </summary>
public sealed class AppendLog : IDisposable
{
    private readonly FileStream _file;
    private long _end;

    private AppendLog(FileStream file)
    {
        _file = file;
        _end = file.CanSeek ? file.Length : 0;
    }

    /// <summary>Opens or begins a log.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="lines">The lines that stand there; the last one may be torn.</param>
    /// <exception cref="StorageException">It cannot be opened, or another process adds to it (<see cref="StorageException.IsInUse"/>).</exception>
    public static AppendLog Open(string path, out IReadOnlyList<string> lines)
    {
        FileStream? file = null;
        try
        {
            bool isNew = !File.Exists(path);
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            // Windows refuses a second writer by the share mode, Linux by a lock of the process.
            if (OperatingSystem.IsLinux() && file.CanSeek)
            {
                file.Lock(0, 0);
            }

            lines = Read(file);
            AppendLog log = new(file);
            if (isNew)
            {
                Disk.Current.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }
            else if (log._end > 0)
            {
                file.Position = log._end - 1;
                if (file.ReadByte() != '\n')
                {
                    log.Append("\n");
                }
            }

            return log;
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            file?.Dispose();
            throw StorageException.Of("Opening the log", path, error);
        }
    }

    /// <summary>The lines of a log that another process may be adding to; none where there is no such file.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return [];
            }

            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Read(file);
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Reading the log", path, error);
        }
    }

    /// <summary>Adds a line; it is on the disk when this returns.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <exception cref="StorageException">The disk is full or gone. What was written of the line goes when the next one is added.</exception>
    public void Add(string line)
    {
        try
        {
            Append(line + "\n");
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Writing the log", _file.Name, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Append(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (_file.CanSeek)
        {
            // Behind the last whole line, whatever a write that failed has left there.
            if (_file.Length != _end)
            {
                _file.SetLength(_end);
            }

            _file.Position = _end;
        }

        _file.Write(bytes);
        Disk.Current.FlushFile(_file);
        _end += bytes.Length;
    }

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
