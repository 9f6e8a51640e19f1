using System.Runtime.InteropServices;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>libav's dictionary: options that a call consumes, or metadata.</summary>
internal sealed unsafe class OptionDictionary : LibavHandle
{
    /// <summary>An empty one.</summary>
    /// <exception cref="MediaException">Out of memory.</exception>
    public OptionDictionary()
        : base(LibavError.CheckAllocated(av_mallocz((ulong)sizeof(AVDictionary*)), "Setting options", null))
    {
    }

    // libav puts another dictionary into the place of one that grows or is used up.
    private AVDictionary** Place => (AVDictionary**)handle;

    /// <summary>The keys that are left.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            List<string> keys = [];
            AVDictionaryEntry* entry = null;
            while ((entry = av_dict_get(*Place, "", entry, AV_DICT_IGNORE_SUFFIX)) != null)
            {
                keys.Add(Marshal.PtrToStringUTF8((nint)entry->key)!);
            }

            return keys;
        }
    }

    /// <summary>Sets one entry.</summary>
    public void Set(string key, string value) => LibavError.Check(av_dict_set(Place, key, value, 0), $"Setting the option {key}", null);

    /// <summary>Calls a libav function that takes options and leaves those it does not know.</summary>
    public int Pass(Consumer consumer) => consumer(Place);

    /// <summary>Hands the dictionary to a function that takes several; what it becomes is given back with <see cref="Put"/>.</summary>
    public nint Take()
    {
        nint taken = (nint)(*Place);
        *Place = null;
        return taken;
    }

    /// <summary>Takes a dictionary back.</summary>
    public void Put(nint dictionary) => *Place = (AVDictionary*)dictionary;

    /// <inheritdoc/>
    private protected override void Free(void* native)
    {
        av_dict_free((AVDictionary**)native);
        av_free(native);
    }

    internal delegate int Consumer(AVDictionary** options);
}
