using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AdaConv.FrameFilter.Watch;

/// <summary>Tells when files are complete: length and time stay as they are for a while, and no program has them open to write.</summary>
internal sealed class FileSettling(TimeSpan settle, TimeProvider clock)
{
    private readonly Dictionary<string, (long Length, DateTime Written, long Since)> _seen = [];

    /// <summary>Looks at a file; true once it is complete.</summary>
    public bool IsComplete(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            _seen.Remove(path);
            return false;
        }

        if (!_seen.TryGetValue(path, out var seen) || seen.Length != file.Length || seen.Written != file.LastWriteTimeUtc)
        {
            _seen[path] = (file.Length, file.LastWriteTimeUtc, clock.GetTimestamp());
            return false;
        }

        return file.Length > 0 && clock.GetElapsedTime(seen.Since) >= settle && !IsBeingWritten(path);
    }

    /// <summary>Forgets files that no longer exist.</summary>
    public void Forget(IReadOnlySet<string> present)
    {
        foreach (string path in _seen.Keys.Where(path => !present.Contains(path)).ToArray())
        {
            _seen.Remove(path);
        }
    }

    // Windows refuses to share a file that is open to write. Linux gives a lease for reading only where nobody has it so; the lease is asked
    // for by its owner alone, so that for others' files length and time must do.
    private static bool IsBeingWritten(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!OperatingSystem.IsLinux())
            {
                return false;
            }

            using ReadLease lease = new(file.SafeFileHandle);
            return lease.IsRefusedForWriters;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}

/// <summary>Linux's lease for reading a file, which the kernel gives to its owner where nobody has the file open to write.</summary>
internal sealed partial class ReadLease : IDisposable
{
    // fcntl.h and signal.h of Linux, alike on x86-64 and ARM64.
    private const int SetSignal = 10, SetLease = 1024, Reading = 0, None = 2, TryAgain = 11;

    /// <summary>The signal that says that somebody wants to write. Its default action is to ignore it; that of the usual one, SIGIO, ends
    /// the process.</summary>
    private const int Urgent = 23;

    private readonly SafeFileHandle _file;
    private readonly bool _isHeld;

    /// <summary>Asks for the lease.</summary>
    /// <param name="file">Open to read only.</param>
    public ReadLease(SafeFileHandle file)
    {
        _file = file;
        _isHeld = Control(file, SetSignal, Urgent) == 0 && Control(file, SetLease, Reading) == 0;
        IsRefusedForWriters = !_isHeld && Marshal.GetLastPInvokeError() == TryAgain;
    }

    /// <summary>Whether it was refused because somebody has the file open to write.</summary>
    public bool IsRefusedForWriters { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isHeld)
        {
            _ = Control(_file, SetLease, None);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
