using System.Collections.Concurrent;
using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.Media.Output;

/// <summary>Where a conversion writes: a file, a numbered sequence of pictures, or standard output. Whole or not at all, except for a pipe.</summary>
public abstract class OutputTarget : IDisposable
{
    /// <summary>Where the output is standard output.</summary>
    public const string StandardOutput = "-";

    private static readonly ConcurrentDictionary<OutputTarget, bool> Unfinished = new();
    private bool _done;

    private protected OutputTarget(string path)
    {
        Path = path;
        Unfinished[this] = true;
    }

    /// <summary>The output as the user named it.</summary>
    public string Path { get; }

    /// <summary>Where what was written can be read until it has its name; null where it cannot.</summary>
    internal abstract string? PartialPath { get; }

    /// <summary>What libav opens; the partial name while there is one.</summary>
    internal abstract string Url { get; }

    /// <summary>The number of the first picture, for numbered pictures only.</summary>
    internal virtual int FirstPicture => 1;

    /// <summary>What the user must know of its place once it is complete; null: nothing.</summary>
    internal virtual string? Remark => null;

    /// <summary>The folder whose disk it fills; null where there is none.</summary>
    public virtual string? Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path));

    /// <summary>Checks that the output may be written and begins it.</summary>
    /// <param name="path">A file, a pattern such as <c>frame-%05d.png</c>, or "-" for standard output.</param>
    /// <param name="inputs">The files that are read, none of which may be replaced.</param>
    /// <param name="overwrite">Whether files of that name are replaced.</param>
    /// <param name="firstPicture">The number of the first picture, for numbered pictures only.</param>
    /// <exception cref="MediaException">It may not or cannot be written.</exception>
    public static OutputTarget Create(string path, IReadOnlyCollection<string> inputs, bool overwrite, int firstPicture = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path == StandardOutput ? OutputPipe.Create()
            : ImagePattern.Parse(path) is { } pattern ? OutputSequence.Create(pattern, inputs, overwrite, firstPicture)
            : OutputFile.Create(path, inputs, overwrite);
    }

    /// <summary>Why the output may not be written, as far as can be told without writing; null where nothing speaks against it.</summary>
    /// <param name="path">A file, a pattern such as <c>frame-%05d.png</c>, or "-" for standard output.</param>
    /// <param name="inputs">The files that are read, none of which may be replaced.</param>
    /// <param name="overwrite">Whether files of that name are replaced.</param>
    /// <param name="firstPicture">The number of the first picture, for numbered pictures only.</param>
    public static MediaException? FindProblem(string path, IReadOnlyCollection<string> inputs, bool overwrite, int firstPicture = 1)
    {
        try
        {
            if (IsFile(path))
            {
                OutputFile.Check(path, inputs, overwrite);
            }
            else if (ImagePattern.Parse(path) is { } pattern)
            {
                OutputSequence.Check(pattern, inputs, overwrite, firstPicture);
            }

            return null;
        }
        catch (MediaException problem)
        {
            return problem;
        }
    }

    /// <summary>Whether an output is one file: neither a pipe nor numbered pictures.</summary>
    public static bool IsFile(string path) => path != StandardOutput && ImagePattern.Parse(path) is null;

    /// <summary>Gives what was written its name; it is safely on the disk when this returns.</summary>
    /// <exception cref="StorageException">The disk fails.</exception>
    /// <exception cref="MediaException">The existing file cannot be replaced.</exception>
    public void Complete()
    {
        Publish();
        _done = true;
        Unfinished.TryRemove(this, out _);
    }

    /// <summary>Deletes what was written unless it was completed.</summary>
    public void Dispose()
    {
        if (_done)
        {
            return;
        }

        _done = true;
        Unfinished.TryRemove(this, out _);
        try
        {
            Discard();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            // Another error is on its way to the user already; what is hidden is all that stays.
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Deletes everything that is being written: for a process that ends before its stages can.</summary>
    public static void DiscardAll()
    {
        foreach (OutputTarget output in Unfinished.Keys)
        {
            output.Dispose();
        }
    }

    private protected abstract void Publish();

    private protected abstract void Discard();
}
