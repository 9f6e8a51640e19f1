using System.Runtime.InteropServices;
using CsCheck;
using FFmpeg.AutoGen;
using Xunit;

namespace AdaConv.FFmpeg.Tests.Functions;

public sealed unsafe class DictionaryTests
{
    // Keys compare without case in libav, so one case only.
    private static readonly string[] characters = ["a", "b", "ä", "ß", "ю", "文", "😀", " ", "=", ":", "\\"];
    private static readonly Gen<string> text =
        Gen.Int[0, characters.Length - 1].Array[1, 20].Select(indices => string.Concat(indices.Select(i => characters[i])));

    [Fact]
    public void What_is_set_is_read_back() => text.Select(text).Array[0, 8].Sample(entries =>
    {
        AVDictionary* dictionary = null;
        try
        {
            var expected = new Dictionary<string, string>();
            foreach ((string key, string value) in entries)
            {
                Assert.True(ffmpeg.av_dict_set(&dictionary, key, value, 0) >= 0);
                expected[key] = value;
            }

            Assert.Equal(expected.Count, ffmpeg.av_dict_count(dictionary));
            // A key that is set again moves to the end.
            Assert.Equal(
                expected.OrderBy(pair => pair.Key, StringComparer.Ordinal),
                Read(dictionary).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        }
        finally
        {
            ffmpeg.av_dict_free(&dictionary);
        }
        return dictionary == null;
    });

    [Fact]
    public void A_copy_outlives_its_source()
    {
        AVDictionary* source = null, copy = null;
        Assert.Equal(0, ffmpeg.av_dict_set(&source, "title", "Überfahrt", 0));
        Assert.Equal(0, ffmpeg.av_dict_copy(&copy, source, 0));
        ffmpeg.av_dict_free(&source);

        Assert.Equal([KeyValuePair.Create("title", "Überfahrt")], Read(copy));
        ffmpeg.av_dict_free(&copy);
    }

    [Fact]
    public void A_null_value_removes_its_key()
    {
        AVDictionary* dictionary = null;
        Assert.Equal(0, ffmpeg.av_dict_set(&dictionary, "a", "1", 0));
        Assert.Equal(0, ffmpeg.av_dict_set_int(&dictionary, "b", -2, 0));
        Assert.Equal(0, ffmpeg.av_dict_set(&dictionary, "a", null, 0));

        Assert.Equal([KeyValuePair.Create("b", "-2")], Read(dictionary));
        Assert.True(ffmpeg.av_dict_get(dictionary, "a", null, 0) == null);
        ffmpeg.av_dict_free(&dictionary);
    }

    private static List<KeyValuePair<string, string>> Read(AVDictionary* dictionary)
    {
        var entries = new List<KeyValuePair<string, string>>();
        AVDictionaryEntry* entry = null;
        while ((entry = ffmpeg.av_dict_get(dictionary, "", entry, ffmpeg.AV_DICT_IGNORE_SUFFIX)) != null)
        {
            entries.Add(new(Marshal.PtrToStringUTF8((nint)entry->key)!, Marshal.PtrToStringUTF8((nint)entry->value)!));
        }
        return entries;
    }
}
