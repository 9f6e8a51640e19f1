using System.Text;
using AdaConv.Media.Encoding;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Batch;

/// <summary>Which output each video gets: the same folders and names, and never one output for two videos.</summary>
internal static class BatchNames
{
    /// <summary>Gives names. A video keeps the output that the log knows of; where two would get the same, the later one's own extension stays in it.</summary>
    /// <param name="scan">What lies in the input folder.</param>
    /// <param name="options">The folders and the extension.</param>
    /// <param name="log">What earlier runs named.</param>
    public static List<BatchItem> Assign(BatchScan scan, BatchOptions options, BatchLog log)
    {
        IReadOnlyList<string> videos = scan.Videos;
        // One file system tells apart what another does not: case, and how accents are written.
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string> outputs = [];
        foreach (string video in videos)
        {
            string extension = ExtensionFor(video, options);
            if (log.Find(video)?.Output is { } known && known.EndsWith(extension, StringComparison.Ordinal) && taken.Add(Normal(known)))
            {
                outputs[video] = known;
            }
        }

        // Those that keep their name come first.
        foreach (string video in videos.Where(video => !outputs.ContainsKey(video))
            .OrderBy(video => Path.GetExtension(video) == ExtensionFor(video, options) ? 0 : 1))
        {
            string extension = ExtensionFor(video, options);
            string name = video[..^Path.GetExtension(video).Length] + extension;
            for (string longer = video; !taken.Add(Normal(name)); longer += "_")
            {
                name = longer + extension;
            }

            outputs[video] = name;
        }

        return [.. videos.Select(video => Item(video, outputs[video]))];

        BatchItem Item(string video, string name)
        {
            string output = Path.GetFullPath(name, options.Output);
            string folder = RealPath.OfFolder(new(Path.GetDirectoryName(output)!));
            return new(video, Path.GetFullPath(video, options.Input), name, output)
            {
                // By a link, an output could take the place of an input.
                Problem = scan.Folders.Contains(folder) ? $"its output would lie in {folder}, among the inputs; name another output folder" : null,
            };
        }
    }

    private static string ExtensionFor(string video, BatchOptions options) =>
        options.Extension is { } wanted ? "." + wanted : ContainerChoice.ExtensionFor(video);

    private static string Normal(string name) => name.Normalize(NormalizationForm.FormC);
}
