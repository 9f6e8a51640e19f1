using AdaConv.Conversion.Options;
using AdaConv.Conversion.Timing;
using AdaConv.Conversion.Verification;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>Conversions of every kind hold what they promise, as verify sees it; and breaks that only some files can have are named.</summary>
public sealed class VerifiedKindsTests : IDisposable
{
    private const string Picture = "-f lavfi -i testsrc2=size=96x64:rate=25";
    private const string Sound = "-f lavfi -i aevalsrc='0.4*sin(2*PI*(200+150*t)*t)*(0.3+0.7*gt(mod(t\\,0.7)\\,0.35)):s=48000'";
    private const string Noise = "-f lavfi -i anoisesrc=a=0.2:r=44100:seed=5";
    private const string Coding = "-c:v libx264 -preset ultrafast -c:a aac";
    private const string Hdr = "hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400:log-level=none";

    private const string Wide = "-t 1 -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -c:v libx265 -preset ultrafast";

    private static readonly ConversionOptions Fast = Converter.Fast;

    private readonly ClipFolder _folder = new();

    public static TheoryData<string, string, string, ConversionOptions> Kinds => new()
    {
        {
            "animation on twos, retimed", $"-f lavfi -i testsrc2=size=96x64:rate=12 {Sound} -t 3 -vf fps=24 {Coding} in.mkv", "out.mkv",
            Fast with { Duplicates = DuplicateHandling.Retime }
        },
        { "a loop", $"{Picture} -t 1 -c:v libx264 -preset ultrafast in.mp4", "out.mp4", Fast with { Timing = new() { Loop = true } } },
        { "a loop of GIF", $"{Picture} -t 1 -vf fps=20 -loop 0 in.gif", "out.gif", new() { Timing = new() { Loop = true } } },
        {
            "3:2 pulldown", "-f lavfi -i testsrc2=size=320x240:rate=24000/1001 -t 2 -vf gblur=sigma=0.7,telecine=first_field=top:pattern=23,setfield=tff "
            + "-c:v ffv1 in.mkv",
            "out.mkv", Fast with { Interlaced = InterlacedHandling.Film }
        },
        {
            "slow motion with subtitles and chapters", $"{Picture} {Sound} -i a.srt -i meta.txt -t 2 -map 0 -map 1 -map 2 -map_chapters 3 {Coding} in.mkv",
            "out.mkv", Fast with { Timing = new() { SlowMotion = 4 } }
        },
        {
            "23.976 to 60", $"-f lavfi -i testsrc2=size=96x64:rate=24000/1001 {Sound} -t 3 {Coding} in.mp4", "out.mp4",
            Fast with { Timing = new() { TargetRate = new Rational(60, 1) } }
        },
        { "25 to 29.97", $"{Picture} {Sound} -t 3 {Coding} in.mkv", "out.mp4", Fast with { Timing = new() { TargetRate = new Rational(30000, 1001) } } },
        { "25 to 144", $"{Picture} {Sound} -t 2 {Coding} in.mkv", "out.mkv", Fast with { Timing = new() { TargetRate = new Rational(144, 1) } } },
        { "10 bits of HDR", $"{Picture} -t 1 {Wide} -x265-params {Hdr} in.mkv", "out.mkv", new() { EncoderPreset = "ultrafast" } },
        { "10 bits of HDR in MP4", $"{Picture} -t 1 {Wide} -x265-params {Hdr} in.mp4", "out.mp4", new() { EncoderPreset = "ultrafast" } },
        { "turned, and kept so", $"{Picture} {Sound} -t 1 -metadata:s:v rotate=90 {Coding} in.mp4", "out.mov", Fast },
        { "turned, into what cannot say so", $"{Picture} {Sound} -t 1 -metadata:s:v rotate=90 {Coding} in.mp4", "out.ts", Fast },
        {
            "a variable rate with sound", $"{Picture} {Sound} -t 3 -vf 'select=not(eq(mod(n\\,7)\\,3))*not(eq(mod(n\\,11)\\,5))' -fps_mode vfr {Coding} in.mkv",
            "out.mkv", Fast
        },
        {
            "a variable rate made constant", $"{Picture} {Sound} -t 3 -vf 'select=not(eq(mod(n\\,7)\\,3))' -fps_mode vfr {Coding} in.mp4", "out.mp4",
            Fast with { Timing = new() { VariableRate = VariableRate.Constant } }
        },
        {
            "three sounds, subtitles and chapters in MP4",
            $"{Picture} {Sound} {Noise} -i a.srt -i meta.txt -t 2 -map 0 -map 1 -map 2 -map 1 -map 3 -map_metadata 4 -map_chapters 4 -c:v libx264 "
            + "-preset ultrafast -c:a:0 aac -c:a:1 libmp3lame -c:a:2 ac3 -c:s mov_text -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng in.mp4",
            "out.mp4", Fast
        },
        {
            "a cover and a font in Matroska",
            $"{Picture} {Sound} -t 1 {Coding} -attach cover.png -metadata:s:t:0 mimetype=image/png -attach font.ttf -metadata:s:t:1 mimetype=font/ttf in.mkv",
            "out.mkv", Fast
        },
        {
            "a cover in MP4", $"{Picture} {Sound} -i cover.png -t 1 -map 0 -map 1 -map 2 {Coding} -c:v:1 png -disposition:v:1 attached_pic in.mp4",
            "out.mp4", Fast
        },
        { "fields", $"-f lavfi -i testsrc2=size=96x64:rate=50 {Sound} -t 2 -vf interlace,setfield=tff -flags +ildct {Coding} in.mkv", "out.mkv", Fast },
        { "a picture that stands still", $"-f lavfi -i color=red:size=96x64:rate=25 {Sound} -t 2 {Coding} in.mkv", "out.mkv", Fast },
        { "bare H.264, which has no times", $"{Picture} -t 1 -c:v libx264 -preset ultrafast in.mp4", "out.h264", Fast },
        {
            "a program stream, whose last frame has none", $"{Picture} -t 1 -c:v libx264 -preset ultrafast in.mp4", "out.vob",
            new() { SceneCutDetection = false }
        },
        {
            "a transport stream whose opening hardly moves", $"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 2 {Coding} in.mp4", "out.ts", Fast
        },
        {
            "a steady tone in slow motion", $"-f lavfi -i testsrc2=size=64x48:rate=10 -f lavfi -i sine -t 16 {Coding} in.mp4", "out.mp4",
            Fast with { Timing = new() { SlowMotion = 2 } }
        },
        { "time code and sound of a camera", $"{Picture} {Sound} -t 1 -timecode 10:11:12:13 -c:v mpeg4 -c:a pcm_s16le in.mov", "out.mov", Fast },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_conversion_holds(string kind, string input, string output, ConversionOptions options)
    {
        string source = Make(input);
        Converter.Run(source, _folder[output], options);

        VerificationReport report = new ConversionVerifier(new() { Conversion = options }).Verify(source, _folder[output]);

        Assert.True(report.Held, $"{kind}: {Words(report)}");
        Assert.DoesNotContain(report.Checks, check => check.State == CheckState.Broken);
        Assert.Equal(report.ExpectedFrames, report.OutputFrames);
    }

    [Theory]
    [InlineData("-t 1 -c:v libx264 -preset ultrafast in.mkv", "-i out.mkv -map 0 -c copy -bsf:v noise=amount=3000 broken.mkv", "Damaged PictureWrong")]
    [InlineData("-t 1 -pix_fmt yuv420p10le -c:v libx264 -preset ultrafast in.mkv", "-i out.mkv -pix_fmt yuv420p -c:v libx264 broken.mkv", "Depth")]
    [InlineData($"-t 1 {Wide} -x265-params {Hdr} in.mkv", $"-i out.mkv {Wide} -x265-params log-level=none broken.mkv", "HighDynamicRange")]
    [InlineData("-t 1 -timecode 10:11:12:13 -c:v mpeg4 in.mov", "-i out.mov -map 0:v -c copy -timecode 11:11:12:13 broken.mov", "Timecode")]
    [InlineData("-t 1 -c:v mpeg4 -timecode 10:11:12:13 in.mov", "-i out.mov -map 0:v -c copy -map_metadata -1 -write_tmcd 0 broken.mov", "Timecode")]
    [InlineData("-t 1 -vf fps=20 -loop 3 in.gif", "-i out.gif -c copy -loop 0 broken.gif", "Repeats")]
    [InlineData("-i a.srt -t 1 -c:v libx264 -preset ultrafast -c:s subrip in.mkv", "-i out.mkv -map 0 -c copy -bsf:s noise=drop=n broken.mkv", "PacketMissing")]
    [InlineData("-i a.srt -t 1 -c:v libx264 -preset ultrafast -c:s subrip in.mkv", "-i out.mkv -i more.srt -map 0:v -map 1 -c copy broken.mkv", "PacketAdded")]
    public void A_break_that_not_every_file_can_have_is_named(string input, string broken, string kinds)
    {
        string source = Make($"{Picture} {input}");
        string output = _folder["out" + Path.GetExtension(source)], spoilt = _folder["broken" + Path.GetExtension(source)];
        ConversionOptions options = input.Contains("libx265", StringComparison.Ordinal) || source.EndsWith(".gif", StringComparison.Ordinal)
            ? new() { EncoderPreset = "ultrafast" }
            : Fast;
        Converter.Run(source, output, source.EndsWith(".gif", StringComparison.Ordinal) ? new() : options);
        Make(broken);

        ConversionVerifier verifier = new(new() { Conversion = options });
        VerificationReport whole = verifier.Verify(source, output), report = verifier.Verify(source, spoilt);

        Assert.True(whole.Held, Words(whole));
        string found = string.Join(' ', report.Checks.SelectMany(check => check.Breaks).Select(one => one.Kind.ToString()).Distinct().Order());
        Assert.True(kinds == found, $"{found}\n{Words(report)}");
    }

    // Runs ffmpeg; the last word is what it makes.
    private string Make(string arguments)
    {
        _folder.Write("a.srt", "1\n00:00:00,200 --> 00:00:00,500\nGrüß Gott\n\n2\n00:00:00,600 --> 00:00:00,900\nEnde\n");
        _folder.Write("more.srt", File.ReadAllText(_folder["a.srt"]) + "\n3\n00:00:00,920 --> 00:00:00,990\nNoch etwas\n");
        _folder.Write(
            "meta.txt",
            ";FFMETADATA1\ntitle=Film\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=700\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=700\nEND=2000\ntitle=Two\n");
        if (arguments.Contains("cover.png", StringComparison.Ordinal) && !File.Exists(_folder["cover.png"]))
        {
            FfmpegCommand.Run($"-f lavfi -i testsrc2=size=32x32 -frames:v 1 {_folder["cover.png"]}");
            _folder.Write("font.ttf", "no font, but bytes");
        }

        string[] words = [.. arguments.Split(' ').Select(word => IsFile(word) ? _folder[word] : word)];
        FfmpegCommand.Run(string.Join(' ', words));
        return words[^1];
    }

    private static bool IsFile(string word) => word.Contains('.', StringComparison.Ordinal) && !word.Contains('=', StringComparison.Ordinal)
        && Path.GetExtension(word) is ".mkv" or ".mp4" or ".mov" or ".gif" or ".srt" or ".txt" or ".png" or ".ttf";

    private static string Words(VerificationReport report) =>
        $"{report.Promise}: {report.Summary}\n{string.Join('\n', report.Checks.SelectMany(check => check.Breaks).Select(one => $"{one.Kind}: {one.Message}"))}";
}
