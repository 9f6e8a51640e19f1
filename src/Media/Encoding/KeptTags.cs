using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Which of a file's tags and of its streams' languages a container's writer has a place for.</summary>
/// <remarks>Found by writing and reading back, which tests do again. Of containers that are not named here nothing is known, and nothing is said.</remarks>
internal static unsafe class KeptTags
{
    // What people write into files; all else is of programs.
    private static readonly string[] Known =
    [
        "title", "artist", "album", "album_artist", "composer", "performer", "genre", "date", "track", "disc", "compilation", "grouping", "comment",
        "description", "synopsis", "lyrics", "show", "season_number", "episode_id", "network", "keywords", "copyright", "publisher",
    ];

    private static readonly string[] InMp4 = [.. Known.Except(["performer", "publisher"])];

    private static readonly Dictionary<string, string[]> Kept = new(StringComparer.Ordinal)
    {
        ["mp4"] = InMp4,
        ["ipod"] = InMp4,
        ["mov"] = ["title", "artist", "album", "genre", "date", "comment", "copyright"],
        ["avi"] = ["title", "artist", "album", "genre", "date", "track", "comment", "copyright"],
        ["mpegts"] = ["title"], // as the programme's name
        ["mpeg"] = [],
        ["vob"] = [],
        ["svcd"] = [], // FFmpeg's first for .vob
        ["dvd"] = [],
        ["mxf"] = [],
        ["gif"] = [],
    };

    /// <summary>The names of an input's tags that an output loses.</summary>
    /// <param name="tags">The input's.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    public static string[] Lost(AVDictionary* tags, string container)
    {
        if (!Kept.TryGetValue(container, out string[]? kept) || FileTags.NeedNames(tags, container))
        {
            return [];
        }

        List<string> lost = [];
        foreach (string name in Known.Except(kept))
        {
            if (av_dict_get(tags, name, null, 0) != null)
            {
                lost.Add(name);
            }
        }

        return [.. lost];
    }

    /// <summary>Whether a container has no place for the languages of its streams.</summary>
    /// <param name="container">FFmpeg's name.</param>
    public static bool LosesLanguages(string container) => container is "avi" or "flv" or "mpeg" or "vob" or "svcd" or "dvd" or "mxf";
}
