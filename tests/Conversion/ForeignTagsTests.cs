using System.Text.Json;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Encoding;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Where, when and with what a video was taken, languages, and covers, as cameras and shops write them.</summary>
public sealed class ForeignTagsTests : IDisposable
{
    private const string Video = "-f lavfi -i testsrc2=size=96x64:rate=25";
    private const string Sound = "-f lavfi -i sine=frequency=330:sample_rate=48000";

    private static readonly (string Key, string Value)[] Apples =
    [
        ("com.apple.quicktime.location.ISO6709", "+48.8577+002.2950+035/"), ("com.apple.quicktime.creationdate", "2024-05-01T12:34:56+0200"),
        ("com.apple.quicktime.make", "Apple"), ("com.apple.quicktime.model", "iPhone 12"), ("title", "Hello"),
        ("creation_time", "2024-05-01T10:34:56.000000Z"),
    ];

    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mov")]
    [InlineData("mp4")]
    [InlineData("m4v")]
    public void Place_date_and_camera_of_an_Apple_recording_are_kept(string extension)
    {
        MakeAppleClip();

        Converter.Run(_folder["in.mov"], _folder[$"out.{extension}"]);

        AssertTags(_folder[$"out.{extension}"], Apples);
    }

    [Theory]
    [InlineData("mkv")]
    [InlineData("nut")]
    [InlineData("mp4")]
    [InlineData("m4v")]
    [InlineData("mov")]
    [InlineData("avi")]
    [InlineData("ts")]
    [InlineData("mpg")]
    [InlineData("vob")]
    [InlineData("gif")]
    public void Tags_and_languages_that_a_container_has_no_place_for_are_told(string extension)
    {
        const string words = "Tags of the file are dropped, for which ";
        string[] names =
        [
            "title", "artist", "album", "album_artist", "composer", "performer", "genre", "comment", "description", "synopsis", "lyrics", "show", "network",
            "copyright", "publisher",
        ];
        string tags = string.Join(' ', names.Select(name => $"-metadata {name}=of-{name}"));
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=176x144:rate=25 {Sound} -t 0.2 -c:v mpeg4 -c:a {(extension == "m4v" ? "aac" : "mp2")} "
            + $"-metadata:s:a language=ger {tags} {_folder["in.mkv"]}");
        string output = _folder[$"out.{extension}"];

        ConversionResult result = Converter.Run(_folder["in.mkv"], output, new() { SceneCutDetection = false });

        JsonElement made = FfmpegCommand.Probe(output, "-show_format -show_streams -show_programs");
        string all = made.GetRawText();
        string[] lost = [.. names.Where(name => !all.Contains($"\"of-{name}\"", StringComparison.Ordinal))];
        string? said = result.Messages.SingleOrDefault(message => message.StartsWith(words, StringComparison.Ordinal));
        string[] told = said?[(said.IndexOf(':', StringComparison.Ordinal) + 2)..said.IndexOf(". Name", StringComparison.Ordinal)].Split(", ") ?? [];
        Assert.Equal(lost.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        bool keepsLanguage = extension == "gif" || all.Contains("\"ger\"", StringComparison.Ordinal);
        Assert.Equal(!keepsLanguage, result.Messages.Any(message => message.StartsWith("The language of stream 1", StringComparison.Ordinal)));
    }

    [Fact]
    public void They_come_back_from_Matroska_under_their_own_names()
    {
        MakeAppleClip();

        Converter.Run(_folder["in.mov"], _folder["between.mkv"]);
        Converter.Run(_folder["between.mkv"], _folder["out.mov"]);

        AssertTags(_folder["out.mov"], Apples);
    }

    [Theory]
    [InlineData("mov")]
    [InlineData("mp4")]
    public void Place_and_camera_of_an_Android_recording_are_kept(string extension)
    {
        (string, string)[] tags = [("location", "+48.8577+002.2950/"), ("make", "Samsung"), ("model", "S9"), ("title", "Hello")];
        FfmpegCommand.Run(
            $"{Video} -t 0.4 -c:v libx264 -preset ultrafast -metadata location=+48.8577+002.2950/ -metadata make=Samsung -metadata model=S9 -metadata "
            + $"title=Hello {_folder["in.mov"]}");
        AssertTags(_folder["in.mov"], tags);

        Converter.Run(_folder["in.mov"], _folder[$"out.{extension}"]);

        AssertTags(_folder[$"out.{extension}"], tags);
    }

    [Fact]
    public void A_file_without_such_tags_keeps_iTunes_list_and_no_output_claims_to_be_the_inputs_container()
    {
        FfmpegCommand.Run($"{Video} -t 0.4 -c:v libx264 -preset ultrafast -metadata title=Hello {_folder["in.mov"]}");

        Converter.Run(_folder["in.mov"], _folder["out.mp4"]);
        Converter.Run(_folder["in.mov"], _folder["out.mkv"]);

        byte[] file = File.ReadAllBytes(_folder["out.mp4"]);
        Assert.True(file.AsSpan().IndexOf("mdir"u8) > 0);
        Assert.True(file.AsSpan().IndexOf("mdta"u8) < 0);
        Assert.Equal("isom", Tags(_folder["out.mp4"])["major_brand"]);
        Assert.DoesNotContain(Tags(_folder["out.mkv"]).Keys, key => key.Contains("brand", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Languages_are_kept_in_QuickTime_under_either_of_their_codes()
    {
        string[] codes =
        [
            "eng", "fra", "ger", "ita", "dut", "sve", "spa", "dan", "por", "nor", "heb", "jpn", "ara", "fin", "gre", "ice", "mlt", "tur", "chi",
            "urd", "hin", "tha", "kor", "lit", "pol", "hun", "est", "lav", "rus", "alb", "ron", "ces", "slk", "slv", "yid", "mac", "bul", "ukr", "bel",
            "uzb", "kaz", "aze", "arm", "geo", "mol", "kir", "tgk", "tuk", "mon", "pus", "kur", "kas", "snd", "tib", "nep", "san", "mar", "ben", "asm",
            "guj", "ori", "mal", "kan", "tam", "tel", "bur", "khm", "lao", "vie", "ind", "tgl", "may", "amh", "tir", "som", "swa", "run", "mlg", "epo",
            "wel", "baq", "cat", "lat", "que", "grn", "aym", "tat", "uig", "dzo", "jav",
            "fre", "deu", "nld", "swe", "ell", "isl", "zho", "sqi", "rum", "cze", "slo", "mkd", "hye", "kat", "bod", "mya", "msa", "cym", "eus",
        ];
        MakeTracks(codes);

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.mov"]);

        Assert.Equal(codes.Select(QuickTimeLanguage.NameOf), Languages(_folder["out.mov"]));
        Assert.DoesNotContain(result.Messages, message => message.Contains("language", StringComparison.Ordinal));
    }

    [Fact]
    public void A_language_that_QuickTime_cannot_say_is_told_and_kept_where_the_message_says()
    {
        MakeTracks("deu", "zul");

        ConversionResult result = Converter.Run(_folder["in.mkv"], _folder["out.mov"]);
        ConversionResult kept = Converter.Run(_folder["in.mkv"], _folder["out.mp4"]);

        Assert.Contains(
            "The language of stream 2 (audio aac, zul) is lost: QuickTime files have no number for it. Name the output .mp4 to keep it.", result.Messages);
        Assert.Single(result.Messages);
        Assert.Empty(kept.Messages);
        Assert.Equal(["deu", "zul"], Languages(_folder["out.mp4"]));
    }

    [Theory]
    [InlineData("png", "mp4", true)]
    [InlineData("jpg", "mp4", true)]
    [InlineData("jpg", "m4v", true)]
    [InlineData("png", "mkv", true)]
    [InlineData("jpg", "mov", false)]
    [InlineData("png", "avi", false)]
    [InlineData("jpg", "ts", false)]
    [InlineData("png", "nut", false)]
    [InlineData("jpg", "flv", false)]
    [InlineData("png", "3gp", false)]
    public void A_cover_is_kept_as_one_or_left_out_with_a_message(string kind, string extension, bool isKept)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64 -frames:v 1 {_folder[$"cover.{kind}"]}");
        FfmpegCommand.Run($"{Video} {Sound} -t 0.4 -c:v libx264 -preset ultrafast -c:a aac {_folder["plain.mp4"]}");
        FfmpegCommand.Run(
            $"-i {_folder["plain.mp4"]} -i {_folder[$"cover.{kind}"]} -map 0 -map 1 -c copy -disposition:v:1 attached_pic {_folder["in.mp4"]}");

        ConversionResult result = Converter.Run(
            _folder["in.mp4"], _folder[$"out.{extension}"], new() { Encoder = extension is "avi" or "3gp" ? "mpeg4" : "libx264", SceneCutDetection = false });

        JsonElement probed = FfmpegCommand.Probe(
            _folder[$"out.{extension}"], "-select_streams v -show_entries stream=codec_name:stream_disposition=attached_pic");
        JsonElement[] videos = [.. probed.GetProperty("streams").EnumerateArray()];
        Assert.Equal(isKept ? [0, 1] : [0], videos.Select(stream => stream.GetProperty("disposition").GetProperty("attached_pic").GetInt32()));
        if (isKept)
        {
            Assert.Equal(Cover("in.mp4"), Cover($"out.{extension}"));
        }
        else
        {
            Assert.Contains(result.Messages, message => message.StartsWith("Stream 2 (video ", StringComparison.Ordinal)
                && message.EndsWith("has no place for a cover.", StringComparison.Ordinal));
        }
    }

    private void MakeAppleClip() => FfmpegCommand.Run(
        $"{Video} -t 0.4 -c:v libx264 -preset ultrafast -movflags use_metadata_tags "
        + $"{string.Join(' ', Apples.Select(tag => $"-metadata '{tag.Key}={tag.Value}'"))} {_folder["in.mov"]}");

    private void MakeTracks(params string[] languages)
    {
        string maps = string.Concat(Enumerable.Repeat("-map 1 ", languages.Length));
        string tags = string.Concat(languages.Select((language, i) => $"-metadata:s:a:{i} language={language} "));
        FfmpegCommand.Run($"{Sound} -t 0.2 -c:a aac {_folder["sound.m4a"]}");
        FfmpegCommand.Run(
            $"{Video} -i {_folder["sound.m4a"]} -t 0.2 -map 0 {maps}-c:v libx264 -preset ultrafast -c:a copy {tags}{_folder["in.mkv"]}");
        Assert.Equal(languages, Languages(_folder["in.mkv"]));
    }

    private static IEnumerable<string> Languages(string file) =>
        FfmpegCommand.Probe(file, "-select_streams a -show_entries stream_tags=language").GetProperty("streams").EnumerateArray()
            .Select(stream => stream.GetProperty("tags").GetProperty("language").GetString()!);

    private string Cover(string file) => FfmpegCommand.Text($"-i {_folder[file]} -map 0:v:1 -c copy -f md5 -");

    private static Dictionary<string, string> Tags(string file) =>
        FfmpegCommand.Probe(file, "-show_entries format_tags").GetProperty("format").GetProperty("tags").EnumerateObject()
            .ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!);

    private static void AssertTags(string file, (string Key, string Value)[] expected)
    {
        Dictionary<string, string> tags = Tags(file);
        Assert.Equal(expected, expected.Select(tag => (tag.Key, tags.GetValueOrDefault(tag.Key, "none"))));
    }
}
