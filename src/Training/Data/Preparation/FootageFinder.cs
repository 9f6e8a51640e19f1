using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data.Preparation;

/// <summary>Finds out what a folder holds: a Vimeo90K layout, or clips and folders of frames.</summary>
internal static class FootageFinder
{
    // Folders of test sets: scored on, never trained on.
    private static readonly string[] TestFrames = ["frame10i11.png", "frame_01_gt.png"];

    /// <summary>Finds clips, folders of frames and groups of triplets, in the order of their names.</summary>
    /// <param name="source">The folder, and what is taken of it; a single clip is taken, too.</param>
    /// <exception cref="TrainingException">The folder is missing or holds nothing of the kind.</exception>
    public static IReadOnlyList<FootageItem> Find(FootageConfiguration source)
    {
        string folder = source.Path;
        if (File.Exists(folder) && ClipReader.Extensions.Contains(Path.GetExtension(folder), StringComparer.OrdinalIgnoreCase))
        {
            return [new ClipItem(Path.GetFileName(folder), new FileInfo(folder), source.WholeSize)];
        }

        if (!Directory.Exists(folder))
        {
            throw new TrainingException($"The folder {folder} does not exist.");
        }

        try
        {
            if (VimeoLayout.IsOne(folder))
            {
                return [.. VimeoLayout.Items(folder, source.Part, source.First)];
            }

            if (source.First > 0 || source.Part != DataPart.Training)
            {
                throw new TrainingException($"{folder} is not a Vimeo90K layout (it has no folder sequences); first and part apply only to those.");
            }

            DirectoryInfo root = new(folder);
            FileInfo[] files = [.. Roots(root).SelectMany(start => start.EnumerateFiles("*", SearchOption.AllDirectories))];
            FootageItem[] items =
            [
                .. files.Where(file => ClipReader.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
                    .Select(file => new ClipItem(Path.GetRelativePath(folder, file.FullName), file, source.WholeSize)),
                .. files.Where(ImageDecoding.IsImage).GroupBy(file => file.DirectoryName!)
                    .Where(group => !group.Any(file => TestFrames.Contains(file.Name)))
                    .Select(group => new FrameFolderItem(
                        Path.GetRelativePath(folder, group.Key),
                        [.. group.OrderBy(file => file.Name.Length).ThenBy(file => file.Name, StringComparer.Ordinal)])),
            ];
            return items.Length > 0
                ? [.. items.OrderBy(item => item.Name, StringComparer.Ordinal)]
                : throw new TrainingException(
                    $"The folder {folder} holds no clips ({string.Join(' ', ClipReader.Extensions)}), no folders of frames "
                    + $"({string.Join(' ', ImageDecoding.Extensions)}) and no "
                    + "Vimeo90K layout.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Reading the folder {folder} failed: {exception.Message}", exception);
        }
    }

    // DAVIS keeps masks in PNG beside its frames, and the frames in several sizes.
    private static DirectoryInfo[] Roots(DirectoryInfo folder)
    {
        DirectoryInfo frames = new(Path.Combine(folder.FullName, "JPEGImages"));
        if (!frames.Exists)
        {
            return [folder];
        }

        DirectoryInfo medium = new(Path.Combine(frames.FullName, "480p"));
        return [medium.Exists ? medium : frames];
    }
}
