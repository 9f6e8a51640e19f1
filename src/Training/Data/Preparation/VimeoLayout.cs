using AdaConv.Training.Data.Configuration;

namespace AdaConv.Training.Data.Preparation;

/// <summary>The layout of Vimeo90K's triplets: sequences/00001/0001/im1.png, im2.png, im3.png; tri_trainlist.txt and tri_testlist.txt.</summary>
/// <remarks>
/// Without lists the sequences in order of their names are split 14:1, as the reference paper splits its own: the last fifteenth is for
/// validation. Neighbours come from the same films, and one block at the end separates them better than every fifteenth would.
/// </remarks>
internal static class VimeoLayout
{
    /// <summary>Whether a folder is one.</summary>
    public static bool IsOne(string folder) =>
        Directory.Exists(Path.Combine(folder, "sequences")) || File.Exists(ListPath(folder, DataPart.Training))
            || File.Exists(ListPath(folder, DataPart.Validation));

    /// <summary>The names of sequences, such as 00001/0001.</summary>
    /// <param name="folder">The layout's folder.</param>
    /// <param name="part">Which of them.</param>
    /// <param name="first">How many, from the start; 0 = all.</param>
    /// <exception cref="TrainingException">There are none, or a list cannot be read.</exception>
    public static IReadOnlyList<string> Sequences(string folder, DataPart part, int first)
    {
        bool listed = File.Exists(ListPath(folder, DataPart.Training)) || File.Exists(ListPath(folder, DataPart.Validation));
        string[] names = listed
            ? [.. new[] { DataPart.Training, DataPart.Validation }.Where(list => part == DataPart.All || part == list)
                .SelectMany(list => ReadList(folder, list))]
            : Split(Found(folder), part);
        return names.Length > 0
            ? first > 0 ? names[..Math.Min(first, names.Length)] : names
            : throw new TrainingException($"The Vimeo90K layout {folder} has no sequences for {(part == DataPart.Validation ? "validation" : "training")}.");
    }

    /// <summary>The sequences as items, one for each folder below sequences.</summary>
    public static IEnumerable<FootageItem> Items(string folder, DataPart part, int first) =>
        Sequences(folder, part, first).GroupBy(name => name.Contains('/', StringComparison.Ordinal) ? name[..name.LastIndexOf('/')] : ".")
            .Select(group => new TripletGroupItem(
            group.Key,
            [.. group.Select(
                name => (name, Enumerable.Range(1, 3).Select(i => new FileInfo(Path.Combine(folder, "sequences", name, $"im{i}.png"))).ToArray()))]));

    private static string ListPath(string folder, DataPart part) =>
        Path.Combine(folder, part == DataPart.Validation ? "tri_testlist.txt" : "tri_trainlist.txt");

    private static string[] ReadList(string folder, DataPart part)
    {
        string path = ListPath(folder, part);
        try
        {
            string[] names = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).Distinct()];
            return names.Length == 0 ? throw new TrainingException($"The list {path} is empty.")
                : names.FirstOrDefault(name => Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..")) is { } outside
                    ? throw new TrainingException($"The list {path} names {outside}, which is no place below {Path.Combine(folder, "sequences")}.")
                : names;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Reading the list {path} failed: {exception.Message}", exception);
        }
    }

    private static string[] Found(string folder)
    {
        string root = Path.Combine(folder, "sequences");
        return
        [
            .. Directory.EnumerateFiles(root, "im2.png", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace('\\', '/')).Order(StringComparer.Ordinal),
        ];
    }

    private static string[] Split(string[] names, DataPart part)
    {
        int training = names.Length - (names.Length + 14) / 15;
        return part switch { DataPart.Training => names[..training], DataPart.Validation => names[training..], _ => names };
    }
}
