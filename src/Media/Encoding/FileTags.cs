using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>What a file says of itself as a whole: its title, and the place, time and camera of a recording.</summary>
internal static unsafe class FileTags
{
    // True of the input's container only.
    private static readonly string[] Stale = ["major_brand", "minor_version", "compatible_brands"];

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
