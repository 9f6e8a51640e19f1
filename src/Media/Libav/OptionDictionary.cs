using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>libav's dictionary: options that a call consumes, or metadata.</summary>
internal sealed unsafe class OptionDictionary : IDisposable
{
    private AVDictionary* _dictionary;

    ~OptionDictionary() => Free();

    /// <summary>The keys that are left.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            List<string> keys = [];
            AVDictionaryEntry* entry = null;
            while ((entry = av_dict_get(_dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) != null)
            {
                keys.Add(Marshal.PtrToStringUTF8((nint)entry->key)!);
            }

            return keys;
        }
    }

    /// <summary>Sets one entry.</summary>
    public void Set(string key, string value)
    {
        AVDictionary* dictionary = _dictionary;
        int result = av_dict_set(&dictionary, key, value, 0);
        _dictionary = dictionary;
        LibavError.Check(result, $"Setting the option {key}", null);
    }

    /// <summary>Calls a libav function that takes options and leaves those it does not know.</summary>
    public int Pass(Consumer consumer)
    {
        AVDictionary* dictionary = _dictionary;
        int result = consumer(&dictionary);
        _dictionary = dictionary;
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        AVDictionary* dictionary = _dictionary;
        av_dict_free(&dictionary);
        _dictionary = null;
    }

    internal delegate int Consumer(AVDictionary** options);
}
