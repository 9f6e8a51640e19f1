using AdaConv.Storage;
using Microsoft.Extensions.FileSystemGlobbing;

namespace AdaConv.FrameFilter.Batch;

/// <summary>The files of the input folder, every folder visited once.</summary>
/// <param name="Videos">Paths of the videos inside the folder, with forward slashes, in order.</param>
/// <param name="Others">Paths of the files whose names are not those of videos, or that are excluded.</param>
/// <param name="Problems">What could not be read, as messages.</param>
/// <param name="Folders">The folders that were visited, with every link followed.</param>
public sealed record BatchScan(
    IReadOnlyList<string> Videos, IReadOnlyList<string> Others, IReadOnlyList<string> Problems, IReadOnlySet<string> Folders)
{
    private static readonly string[] VideoExtensions =
    [
        "3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "h264", "h265", "hevc", "ivf", "m2ts", "m2v", "m4v", "mkv", "mov", "mp4", "mpeg",
        "mpg", "mts", "mxf", "nut", "ogm", "ogv", "rm", "rmvb", "ts", "vob", "webm", "wmv", "wtv", "y4m",
    ];

    /// <summary>
    /// Scans the folder. Names that begin with a dot, the output folder and links to a folder already visited are skipped.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static BatchScan Of(BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(options.Input))
        {
            throw new DirectoryNotFoundException($"There is no folder {options.Input}.");
        }

        Matcher matcher = BatchPatterns.Matching(
            options.Include.Count > 0 ? options.Include : VideoExtensions.Select(extension => $"*.{extension}"), options.Exclude);
        List<string> videos = [], others = [], problems = [];
        string output = RealPath.OfFolder(new(options.Output));
        HashSet<string> visited = new(StringComparer.FromComparison(RealPath.Comparison)) { output };
        Walk(new(options.Input), "");
        visited.Remove(output);
        return new(videos, others, problems, visited);

        void Walk(DirectoryInfo folder, string path)
        {
            FileSystemInfo[] entries;
            try
            {
                if (!visited.Add(RealPath.OfFolder(folder)))
                {
                    return;
                }

                entries = [.. folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.'))
                    .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{(path.Length == 0 ? options.Input : path)}: {error.Message}");
                return;
            }

            foreach (FileSystemInfo entry in entries)
            {
                string name = path + entry.Name;
                if (entry is DirectoryInfo or { LinkTarget: not null } && Directory.Exists(entry.FullName))
                {
                    Walk(new(entry.FullName), name + "/");
                }
                else if (entry is FileInfo)
                {
                    (matcher.Match(name).HasMatches ? videos : others).Add(name);
                }
            }
        }
    }
}
