using System.Globalization;

namespace AdaConv.LibAv;

/// <summary>File names of FFmpeg's libraries on this system.</summary>
internal static class LibAvNames
{
    /// <summary>libavutil.so.57, avutil-57.dll or libavutil.57.dylib.</summary>
    internal static string FileName(string library, int major) =>
        OperatingSystem.IsWindows() ? $"{library}-{major}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.{major}.dylib"
        : $"lib{library}.so.{major}";

    /// <summary>The major in such a name of libavutil, or null.</summary>
    internal static int? AvUtilMajor(string fileName)
    {
        string[] around = FileName("avutil", 0).Split('0');
        return fileName.StartsWith(around[0], StringComparison.Ordinal) && fileName.EndsWith(around[1], StringComparison.Ordinal)
            && int.TryParse(
                fileName.AsSpan(around[0].Length, fileName.Length - around[0].Length - around[1].Length),
                NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? major
            : null;
    }

    /// <summary>Where the libraries are looked for; "" stands for the system's own search.</summary>
    internal static IReadOnlyList<string> Places(string? forced)
    {
        if (forced != null)
        {
            return [forced];
        }
        string application = AppContext.BaseDirectory;
        List<string> places = [Path.Combine(application, "ffmpeg"), application];
        if (OperatingSystem.IsWindows())
        {
            // Named one by one rather than left to the system's search, which would also take the current directory.
            places.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(place => place.Trim('"'))
                .Where(Path.IsPathFullyQualified));
            return places;
        }
        places.Add("");
        if (OperatingSystem.IsMacOS())
        {
            // dlopen does not look where Homebrew and MacPorts install.
            places.AddRange(["/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib"]);
        }
        return places;
    }
}
