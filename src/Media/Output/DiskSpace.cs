using System.Globalization;

namespace AdaConv.Media.Output;

/// <summary>Room on disks.</summary>
internal static class DiskSpace
{
    /// <summary>Bytes that are free for this user on a folder's disk; null where the system does not say.</summary>
    public static long? Free(string? folder)
    {
        try
        {
            return folder is null ? null : new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The free room in words.</summary>
    public static string Text(string? folder) => Free(folder) is { } bytes ? Text(bytes) : "an unknown amount";

    /// <summary>Bytes in words.</summary>
    public static string Text(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
