using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Decoding;

/// <summary>Which stream of a container is converted.</summary>
internal static unsafe class VideoStreamChoice
{
    /// <summary>Half again as many pixels as 8K: 3 sets of 6 float planes of that are 3.6 GB.</summary>
    public const long MostPixels = 50_000_000;

    private const int LargestSide = 16384;

    /// <summary>The container's main video.</summary>
    /// <param name="context">The opened input.</param>
    /// <param name="path">It, for messages.</param>
    /// <param name="isPipe">Whether it cannot be read again.</param>
    /// <returns>The stream's index.</returns>
    /// <exception cref="MediaException">There is none, or its pictures are of no or of an absurd size.</exception>
    public static int Find(AVFormatContext* context, string path, bool isPipe = false)
    {
        int index = av_find_best_stream(context, AVMediaType.AVMEDIA_TYPE_VIDEO, -1, -1, null, 0);
        bool isCover = index >= 0 && (context->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (index < 0 || isCover)
        {
            string sound = HasSound(context) ? "sound" : "";
            string only = string.Join(" and ", ((string[])[sound, isCover ? "a cover picture" : ""]).Where(part => part.Length > 0));
            throw new MediaException(
                "Opening", path, only.Length > 0 ? $"there is no video in it, only {only}" : "there is no video in it", "Name a file with video.");
        }

        AVStream* stream = context->streams[index];
        int width = stream->codecpar->width, height = stream->codecpar->height;

        // Video of an unknown coding has another problem than its size, which its decoder names.
        if ((width < 1 || height < 1) && stream->codecpar->codec_id != AVCodecID.AV_CODEC_ID_NONE)
        {
            throw InputFailure.OfIndexBehind(context, path, isPipe) ?? new MediaException(
                "Opening",
                path,
                $"the size of its picture is unknown, or larger than the {MostPixels / 1_000_000} million pixels that are supported",
                "Check that the file plays elsewhere.");
        }

        if (width > LargestSide || height > LargestSide || (long)width * height > MostPixels)
        {
            throw new MediaException(
                "Opening",
                path,
                $"its picture is {width}×{height}; up to {LargestSide} pixels a side and {MostPixels / 1_000_000} million pixels are supported",
                "Scale it down first.");
        }

        return stream->time_base.ToRational().IsPositive
            ? index
            : throw new MediaException("Opening", path, "its video has no time base", "Check that the file plays elsewhere.");
    }

    private static bool HasSound(AVFormatContext* context)
    {
        for (uint i = 0; i < context->nb_streams; i++)
        {
            if (context->streams[i]->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO)
            {
                return true;
            }
        }

        return false;
    }
}
