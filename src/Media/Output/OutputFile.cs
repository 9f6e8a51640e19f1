using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.Media.Output;

/// <summary>A file that appears under its name only when it is whole: written beside it under another name, then renamed.</summary>
public sealed class OutputFile : OutputTarget
{
    private readonly bool _overwrite;

    private OutputFile(string path, string partialPath, bool overwrite)
        : base(path)
    {
        _overwrite = overwrite;
        PartialPath = partialPath;
    }

    /// <summary>The name while it is being written: in the same folder, hidden, with this process's number.</summary>
    internal override string PartialPath { get; }

    internal override string Url => "file:" + PartialPath;

    /// <summary>Checks that the output may be written and begins it.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="inputs">The files that are read, which must be other ones.</param>
    /// <param name="overwrite">Whether a file of that name is replaced.</param>
    /// <exception cref="MediaException">It may not or cannot be written.</exception>
    public static OutputFile Create(string path, IReadOnlyCollection<string> inputs, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(path, inputs, overwrite);
        string full = System.IO.Path.GetFullPath(path);
        string partial = PartialName.Of(full);
        try
        {
            PartialName.DeleteStale(full);
            using FileStream created = new(partial, FileMode.Create, FileAccess.Write);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw NotWritable(path, System.IO.Path.GetDirectoryName(full), error);
        }

        return new(path, partial, overwrite);
    }

    /// <summary>Why nothing can be made in a folder.</summary>
    /// <param name="path">The output.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="cause">What the system threw.</param>
    internal static MediaException NotWritable(string path, string? folder, Exception cause)
    {
        StorageException refusal = StorageException.Of("Writing", path, cause);
        string problem = cause is UnauthorizedAccessException ? $"the folder {folder} is not writable" : refusal.Problem;
        return new("Writing", path, problem, cause is UnauthorizedAccessException ? "Choose another folder." : refusal.Advice, innerException: cause);
    }

    /// <summary>Checks that the output may be written.</summary>
    /// <exception cref="MediaException">It may not.</exception>
    internal static void Check(string path, IReadOnlyCollection<string> inputs, bool overwrite)
    {
        string full = System.IO.Path.GetFullPath(path);
        string folder = System.IO.Path.GetDirectoryName(full) ?? "";
        if (Directory.Exists(full))
        {
            throw new MediaException("Writing", path, "that is a folder", "Name a file in it.");
        }

        if (!OperatingSystem.IsWindows() && folder == "/dev")
        {
            // Renaming would put a plain file in the device's place.
            throw new MediaException("Writing", path, "that is a device, not a file", "Name a file in a folder.");
        }

        // The partial name, which is shorter, would not show it before the end.
        string name = System.IO.Path.GetFileName(full);
        if (FileName.IsTooLong(name))
        {
            throw new MediaException("Writing", path, "its name is longer than systems take (255 bytes)", "Choose a shorter name.");
        }

        if (FileName.IsNotUnicode(name) && !inputs.Any(input => input.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            throw new MediaException("Writing", path, FileName.NotUnicode, "Choose another name.");
        }

        if (!Directory.Exists(folder))
        {
            throw new MediaException("Writing", path, $"there is no folder {folder}", "Create it first, or check the name.");
        }

        if (File.Exists(full))
        {
            if (SameFile.Find(inputs, [full]) is not null)
            {
                throw new MediaException(
                    "Writing",
                    path,
                    inputs.Count == 1 ? "that is the input" : "that is one of the input's pictures",
                    "Choose another name for the output.");
            }

            if (!overwrite)
            {
                throw new MediaException("Writing", path, "that file already exists", "Choose another name, or allow overwriting with -y.");
            }
        }
    }

    private protected override void Publish()
    {
        string full = System.IO.Path.GetFullPath(Path);
        DurableStore.Flush(PartialPath, Path);
        try
        {
            DurableStore.Rename(PartialPath, full, _overwrite);
        }
        catch (StorageException error) when (File.Exists(PartialPath))
        {
            // Windows replaces no file that a player has open. Hours of work are not to be lost for it.
            string free = FreeName(full);
            DurableStore.Rename(PartialPath, free, overwrite: false);
            throw new MediaException(
                "Writing",
                Path,
                $"the existing file could not be replaced ({error.Problem}); the output is complete and was saved beside it as "
                + $"{System.IO.Path.GetFileName(free)}",
                "Close programs that have the old file open, then rename the new one.",
                innerException: error);
        }
    }

    private static string FreeName(string full)
    {
        string folder = System.IO.Path.GetDirectoryName(full)!, stem = System.IO.Path.GetFileNameWithoutExtension(full);
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => $".{number}{System.IO.Path.GetExtension(full)}")
            .Select(ending => System.IO.Path.Combine(folder, FileName.Fit(stem, System.Text.Encoding.UTF8.GetByteCount(ending)) + ending))
            .First(name => !System.IO.Path.Exists(name));
    }

    private protected override void Discard() => File.Delete(PartialPath);
}
