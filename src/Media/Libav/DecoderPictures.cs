using FFmpeg.AutoGen;

namespace AdaConv.Media.Libav;

/// <summary>How many pictures a decoder holds: those that others refer to or that wait for their turn, and one for each thread.</summary>
internal static unsafe class DecoderPictures
{
    private const int MostReferences = 16; // of H.264
    private const int UsualReferences = 8; // VP9, AV1; HEVC has 6 of large pictures

    // Macroblocks of 16×16 pixels that H.264's levels let a decoder keep (table A-1), by ten times the level.
    private static readonly (int Level, int Blocks)[] Levels =
    [
        (10, 396), (11, 900), (20, 2376), (21, 4752), (30, 8100), (31, 18000), (32, 20480), (41, 32768), (42, 34816), (50, 110400), (52, 184320),
        (62, 696320),
    ];

    /// <summary>Pictures that a decoder holds at most.</summary>
    /// <param name="video">What the container says of the video.</param>
    /// <param name="threads">The decoder's threads.</param>
    public static int Most(AVCodecParameters* video, int threads)
    {
        int references = video->codec_id != AVCodecID.AV_CODEC_ID_H264 ? UsualReferences
            : LevelOf(new(video->extradata, video->extradata_size)) is { } level ? OfLevel(level, video->width, video->height)
            : MostReferences;
        return references + 1 + Math.Max(threads, 1);
    }

    /// <summary>Pictures that H.264 of a level lets a decoder keep.</summary>
    /// <param name="level">Ten times the level.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    internal static int OfLevel(int level, int width, int height)
    {
        int blocks = Math.Max(1, (width + 15) / 16 * ((height + 15) / 16));
        return Math.Clamp(Levels.FirstOrDefault(each => each.Level >= level, Levels[^1]).Blocks / blocks, 1, MostReferences);
    }

    /// <summary>Ten times the level that H.264's parameter sets state; null where they are not found.</summary>
    /// <param name="header">As MP4 keeps them, or behind start codes.</param>
    internal static int? LevelOf(ReadOnlySpan<byte> header)
    {
        if (header.Length > 3 && header[0] == 1)
        {
            return header[3];
        }

        for (int i = 0; i + 6 < header.Length; i++)
        {
            if (header[i..].StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) && (header[i + 3] & 31) == 7)
            {
                return header[i + 6];
            }
        }

        return null;
    }
}
