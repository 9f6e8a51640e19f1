using AdaConv.Conversion.Options;
using Microsoft.Extensions.FileSystemGlobbing;

namespace AdaConv.FrameFilter.Batch;

/// <summary>The patterns of --include and --exclude: * is any part of a name, ** any folders, and all else stands for itself.</summary>
internal static class BatchPatterns
{
    private const string Known = "* stands for any part of a name and ** for any folders, as in *.mp4 or 2024/**";

    /// <summary>Refuses patterns that cannot mean what they say.</summary>
    /// <param name="options">The folders and the patterns.</param>
    /// <param name="isComplete">Whether the folder holds all files by now, so that one that is named must be there.</param>
    /// <exception cref="ConfigurationException">
    /// One is empty, or has ? [ ] { } of other programs' patterns and no file has such a name.
    /// </exception>
    public static void Check(BatchOptions options, bool isComplete)
    {
        BatchScan? scan = null;
        foreach (var (option, pattern) in options.Include.Select(pattern => ("--include", pattern))
            .Concat(options.Exclude.Select(pattern => ("--exclude", pattern))))
        {
            if (string.IsNullOrWhiteSpace(pattern))
            {
                throw new ConfigurationException($"{option} has an empty pattern; {Known}.");
            }

            if (isComplete && pattern.AsSpan().ContainsAny("?[]{}"))
            {
                // Only then is it worth looking through the folder once more.
                scan ??= BatchScan.Of(options with { Include = [], Exclude = [] });
                Matcher matcher = Matching([pattern]);
                if (!scan.Videos.Concat(scan.Others).Any(name => matcher.Match(name).HasMatches))
                {
                    throw new ConfigurationException(
                        $"{option} '{pattern}': no file in {options.Input} has such a name. ? [ ] {{ }} stand for themselves; {Known}, and {option} may be "
                        + "repeated.");
                }
            }
        }
    }

    /// <summary>What matches patterns, whatever the case of names.</summary>
    public static Matcher Matching(IEnumerable<string> include, IEnumerable<string>? exclude = null)
    {
        Matcher matcher = new(StringComparison.OrdinalIgnoreCase);
        matcher.AddIncludePatterns(include.Select(Deep));
        matcher.AddExcludePatterns((exclude ?? []).Select(Deep));
        return matcher;
    }

    // A pattern without a folder is meant for every folder.
    private static string Deep(string pattern)
    {
        string slashed = pattern.Replace('\\', '/');
        return slashed.Contains('/', StringComparison.Ordinal) ? slashed.TrimStart('/') : "**/" + slashed;
    }
}
