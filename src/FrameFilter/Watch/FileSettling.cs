using System.Runtime.InteropServices;

namespace AdaConv.FrameFilter.Watch;

/// <summary>Tells when files are complete: length and time stay as they are for a while, and no program has them open to write.</summary>
internal sealed partial class FileSettling(TimeSpan settle, TimeProvider clock)
{
    private const int SetLease = 1024, ReadLease = 0, NoLease = 2; // fcntl.h of Linux
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

    /// <summary>Lets go of files that are gone.</summary>
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

            int number = (int)file.SafeFileHandle.DangerousGetHandle();
            if (Control(number, SetLease, ReadLease) == 0)
            {
                _ = Control(number, SetLease, NoLease);
                return false;
            }

            const int tryAgain = 11;
            return Marshal.GetLastPInvokeError() == tryAgain;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int file, int command, int argument);
}
