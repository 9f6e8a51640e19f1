using FFmpeg.AutoGen;

namespace AdaConv.LibAv;

/// <summary>Chapters of a file to write; libav has a function for that which it keeps to itself.</summary>
public static unsafe class Chapters
{
    /// <summary>Adds a chapter after those there are. The context owns it.</summary>
    /// <param name="context">A container that is to be written, before its header is.</param>
    /// <param name="id">Unique in the file.</param>
    /// <param name="timeBase">The unit of start and end, in seconds.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="metadata">Its title and the like, copied; may be null.</param>
    /// <exception cref="InsufficientMemoryException">libav could not allocate it.</exception>
    public static void Add(AVFormatContext* context, long id, AVRational timeBase, long start, long end, AVDictionary* metadata)
    {
        ulong count = context->nb_chapters;
        AVChapter** chapters = (AVChapter**)ffmpeg.av_realloc(context->chapters, (count + 1) * (ulong)sizeof(AVChapter*));
        if (chapters == null)
        {
            throw new InsufficientMemoryException("FFmpeg could not allocate a chapter.");
        }
        context->chapters = chapters;
        AVChapter* chapter = (AVChapter*)ffmpeg.av_mallocz((ulong)sizeof(AVChapter)); // 40 bytes in all supported releases
        AVDictionary* copy = null;
        if (chapter == null || ffmpeg.av_dict_copy(&copy, metadata, 0) < 0)
        {
            ffmpeg.av_dict_free(&copy);
            ffmpeg.av_free(chapter);
            throw new InsufficientMemoryException("FFmpeg could not allocate a chapter.");
        }
        *chapter = new AVChapter { id = id, time_base = timeBase, start = start, end = end, metadata = copy };
        chapters[count] = chapter;
        context->nb_chapters = (uint)count + 1;
    }
}
