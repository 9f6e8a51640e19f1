using AdaConv.Media.Libav;
using AdaConv.Storage;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>What is said of an input that cannot be opened.</summary>
internal static unsafe class InputFailure
{
    /// <summary>What libav opens for an input.</summary>
    /// <param name="path">A file, or "-" for standard input.</param>
    /// <exception cref="MediaException">There is no such file, or standard input is closed.</exception>
    public static string Resolve(string path)
    {
        if (path == Demuxer.StandardInput)
        {
            return StandardStream.HasInput
                ? "pipe:0" // only a name, as the bytes are read here
                : throw new MediaException("Opening", path, "standard input is closed", "Name a file, or put a program before a pipe.");
        }

        if (Directory.Exists(path))
        {
            throw new MediaException("Opening", path, "that is a folder", "Name a video file.");
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            if (FileName.IsNotUnicode(path))
            {
                throw new MediaException("Opening", path, FileName.NotUnicode, "Rename the file.");
            }

            if (path.Contains("://", StringComparison.Ordinal))
            {
                throw new MediaException("Opening", path, "network addresses are not supported, only files", "Download the file first.");
            }

            if (ImagePattern.HasFiles(path))
            {
                throw new MediaException(
                    "Opening",
                    path,
                    $"numbered pictures of that kind ({Path.GetExtension(path)}) are not read",
                    $"Numbered pictures can be {ImagePattern.Kinds}: convert them to one of these.");
            }

            throw new MediaException(
                "Opening",
                path,
                "there is no such file",
                ImagePattern.HasNumber(path) ? $"Check the name. Numbered pictures can be {ImagePattern.Kinds}." : "Check the name.");
        }

        if (RealPath.MissingTarget(path) is { } target)
        {
            throw new MediaException("Opening", path, $"it is a link to {target}, and there is no such file", "Name the video file itself, or mend the link.");
        }

        return $"file:{file.FullName}";
    }

    /// <summary>Why libav could not open a file.</summary>
    /// <param name="code">libav's error.</param>
    /// <param name="path">The file.</param>
    /// <param name="isEmptyFile">Whether there is nothing in it.</param>
    public static MediaException Of(int code, string path, bool isEmptyFile)
    {
        if (isEmptyFile)
        {
            return new MediaException("Opening", path, "the file is empty", "Check that it was copied completely.", code);
        }

        if (code == AVERROR_INVALIDDATA || code == AVERROR_EOF)
        {
            return LibavError.Create(
                code, "Opening", path, "It is not a video file, or it is incomplete. Check that it plays elsewhere.");
        }

        MediaException failure = LibavError.Create(code, "Opening", path);
        return failure.NativeText?.Contains("whitelist", StringComparison.OrdinalIgnoreCase) == true
            ? new MediaException(
                "Opening",
                path,
                "this kind of file is not supported: playlists, text, pictures and sound alone are not videos, and the names in them are not followed",
                "Name the video file itself.",
                code)
            : failure;
    }

    /// <summary>Why not one picture can be read of an MP4 or QuickTime file that comes through a pipe; null for other inputs.</summary>
    /// <param name="context">The opened input.</param>
    /// <param name="path">It, for messages.</param>
    /// <param name="isPipe">Whether it is a pipe.</param>
    public static MediaException? OfIndexBehind(AVFormatContext* context, string path, bool isPipe) =>
        isPipe && LibavText.Of(context->iformat->name).StartsWith("mov,", StringComparison.Ordinal)
            ? new MediaException(
                "Reading",
                path,
                "not one picture of it can be read: either it is damaged, or its index stands behind its pictures, as is usual in MP4 and QuickTime, "
                    + "and a pipe cannot go back to them",
                "Name the file itself, or send it as Matroska: ffmpeg -i FILE -c copy -f matroska -")
            : null;
}
