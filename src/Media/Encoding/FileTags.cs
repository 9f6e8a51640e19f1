using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>What a file says of itself as a whole: its title, and the place, time and camera of a recording.</summary>
internal static unsafe class FileTags
{
    // True of the input's container only.
    private static readonly string[] Stale = ["major_brand", "minor_version", "compatible_brands"];

    // What people write into files; all else is of programs.
    private static readonly string[] Known =
    [
        "title", "artist", "album", "album_artist", "composer", "performer", "genre", "date", "track", "disc", "compilation", "grouping", "comment",
        "description", "synopsis", "lyrics", "show", "season_number", "episode_id", "network", "keywords", "copyright", "publisher",
    ];

    private static readonly string[] InMp4 = [.. Known.Except(["performer", "publisher"])];

    // Found by writing and reading back, which tests do again for most. Of containers that are not named here nothing is known, and nothing is said.
    private static readonly Dictionary<string, string[]> Kept = new(StringComparer.Ordinal)
    {
        ["mp4"] = InMp4,
        ["ipod"] = InMp4,
        ["mov"] = ["title", "artist", "album", "genre", "date", "comment", "copyright", "keywords"], // FFmpeg writes keywords (©key) and does not read them
        ["avi"] = ["title", "artist", "album", "genre", "date", "track", "comment", "copyright"],
        ["mpegts"] = ["title"], // as the programme's name
        ["mpeg"] = [],
        ["vob"] = [],
        ["svcd"] = [], // FFmpeg's first for .vob
        ["dvd"] = [],
        ["mxf"] = [],
        ["gif"] = [],
    };

    /// <summary>A copy of an input's tags for an output, which becomes the caller's.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public static AVDictionary* Copy(AVDictionary* source, string path)
    {
        AVDictionary* copy = StreamDescription.Copy(source, path);
        foreach (string key in Stale)
        {
            _ = av_dict_set(&copy, key, null, 0);
        }

        // Matroska keeps names in capitals only.
        foreach ((string key, string value) in Read(source))
        {
            if (key.StartsWith("COM.", StringComparison.Ordinal))
            {
                _ = av_dict_set(&copy, key, null, 0);
                _ = av_dict_set(&copy, key.ToLowerInvariant().Replace(".iso6709", ".ISO6709", StringComparison.Ordinal), value, 0);
            }
        }

        return copy;
    }

    /// <summary>
    /// Whether an mp4 or QuickTime file must keep an input's tags by name ("keys", as Apple's and Android's cameras do): in iTunes' list, which it has
    /// otherwise, there is no place for them. There is none for a cover then.
    /// </summary>
    /// <param name="tags">The input's.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    public static bool NeedNames(AVDictionary* tags, string container) => container switch
    {
        "mov" => Read(tags).Any(IsCameras),
        "mp4" or "ipod" => Read(tags).Any(tag => IsCameras(tag) || tag.Key is "make" or "model"),
        _ => false,
    };

    /// <summary>The names of an input's tags that an output loses.</summary>
    /// <param name="tags">The input's.</param>
    /// <param name="container">FFmpeg's name of the output's container.</param>
    public static string[] Lost(AVDictionary* tags, string container)
    {
        if (!Kept.TryGetValue(container, out string[]? kept) || NeedNames(tags, container))
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

    private static bool IsCameras((string Key, string Value) tag) => tag.Key.StartsWith("com.", StringComparison.OrdinalIgnoreCase);

    private static List<(string Key, string Value)> Read(AVDictionary* tags)
    {
        List<(string, string)> read = [];
        AVDictionaryEntry* entry = null;
        while ((entry = av_dict_get(tags, "", entry, AV_DICT_IGNORE_SUFFIX)) != null)
        {
            read.Add((LibavText.Of(entry->key), LibavText.Of(entry->value)));
        }

        return read;
    }
}
