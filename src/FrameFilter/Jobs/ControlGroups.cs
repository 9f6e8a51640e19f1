using System.Globalization;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>
/// What Linux' control groups, of version 1 or 2, allow a process: the least of its own group and all those around it. Schedulers put limits on outer
/// groups (Slurm on a job, Kubernetes on a pod), where the runtime does not look for processors.
/// </summary>
internal static class ControlGroups
{
    /// <summary>Reads the limits.</summary>
    /// <param name="root">The folder that holds proc and what it names.</param>
    /// <param name="process">The process' number; or self.</param>
    /// <returns>Processors by their share of time, rounded up, and bytes; null where nothing is limited, or the system has no control groups.</returns>
    public static Grant Read(string root = "/", string process = "self")
    {
        int? processors = null;
        long? memory = TotalMemory(root);
        bool isLimited = false;
        foreach (string group in Groups(root, process))
        {
            // cpu.max: "150000 100000", or "max 100000".
            string[] max = Text(group, "cpu.max").Split(' ');
            long? quota = Number(max[0]) ?? Number(Text(group, "cpu.cfs_quota_us")), period = Number(max[^1]) ?? Number(Text(group, "cpu.cfs_period_us"));
            if (quota is > 0 and { } share && period is > 0 and { } whole)
            {
                int granted = (int)Math.Clamp((share + whole - 1) / whole, 1, 1024);
                processors = Math.Min(processors ?? granted, granted);
            }

            // Without a limit, version 1 says more than any machine has.
            long? bytes = Number(Text(group, "memory.max")) ?? Number(Text(group, "memory.limit_in_bytes"));
            if (bytes > 0 && (memory is null || bytes < memory))
            {
                (memory, isLimited) = (bytes, true);
            }
        }

        return new(processors, isLimited ? memory : null);
    }

    // The folders of the process' groups and of those around them, as far as they are mounted.
    private static IEnumerable<string> Groups(string root, string process)
    {
        string[] own = Lines(root, $"proc/{process}/cgroup");
        foreach (string line in Lines(root, $"proc/{process}/mountinfo"))
        {
            // 35 31 0:32 /pod /sys/fs/cgroup/memory rw,relatime shared:4 - cgroup cgroup rw,memory
            int dash = line.IndexOf(" - ", StringComparison.Ordinal);
            string[] mount = line[..Math.Max(0, dash)].Split(' '), system = line[Math.Max(0, dash)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (mount.Length < 5 || system.Length < 4 || system[1] is not ("cgroup" or "cgroup2"))
            {
                continue;
            }

            string[] kinds = system[3].Split(',');
            if (system[1] == "cgroup" && !kinds.Contains("cpu") && !kinds.Contains("memory"))
            {
                continue;
            }

            // 0::/path of version 2; 4:memory:/path of version 1.
            string? path = own.Select(entry => entry.Split(':', 3)).FirstOrDefault(entry => entry.Length == 3
                && (system[1] == "cgroup2" ? entry[0] == "0" && entry[1].Length == 0 : entry[1].Split(',').Intersect(kinds).Any()))?[2];
            if (path is null)
            {
                continue;
            }

            // A container sees its own group as the mount's root, whatever the path is called outside.
            string top = Path.Combine(root, mount[4].TrimStart('/')), above = mount[3].TrimEnd('/');
            string inside = path.StartsWith(above + "/", StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal)
                ? path[above.Length..].Trim('/') : "";
            for (string folder = inside; folder.Length > 0; folder = Path.GetDirectoryName(folder) ?? "")
            {
                yield return Path.Combine(top, folder);
            }

            yield return top;
        }
    }

    private static long? TotalMemory(string root)
    {
        string? line = Array.Find(Lines(root, "proc/meminfo"), entry => entry.StartsWith("MemTotal:", StringComparison.Ordinal));
        return Number(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] ?? "") * 1024;
    }

    private static string[] Lines(string root, string name)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllLines(Path.Combine(root, name)) : [];
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            return []; // not there, or not for this user
        }
    }

    private static string Text(string group, string name) => Lines(group, name) is [var first, ..] ? first.Trim() : "";

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
