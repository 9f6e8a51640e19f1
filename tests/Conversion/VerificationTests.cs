using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Timing;
using AdaConv.Conversion.Verification;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>Outputs are held against their inputs: what is whole passes, and each kind of break is found by its name.</summary>
public sealed class VerificationTests(VerificationTests.Film film) : IClassFixture<VerificationTests.Film>
{
    // A voice that no two moments share, and a tone that comes and goes.
    private const string Voice = "-f lavfi -i aevalsrc='0.4*sin(2*PI*(200+150*t)*t)*(0.3+0.7*gt(mod(t\\,0.7)\\,0.35)):s=48000'";
    private const string Noise = "-f lavfi -i anoisesrc=a=0.2:r=44100:seed=5";

    private const string Reencoded =
        "-map 0 -c copy -c:v libx264 -preset ultrafast -color_primaries bt709 -color_trc bt709 -colorspace bt709 -fps_mode passthrough";

    public static TheoryData<string, string> Breaks => new()
    {
        { "-i out.mkv -map 0 -c copy -t 1.5", "CutShort PacketMissing SoundMissing" },
        { "-itsoffset 1 -i out.mkv -map 0 -c copy", "Shifted" },
        { "-itsoffset 0.1 -i out.mkv -i out.mkv -map 1:v -map 0:a -map 0:s -map_chapters 1 -c copy", "SoundOffset" },
        { $"-i out.mkv {Reencoded} -vf 'select=not(eq(n\\,77))'", "FrameMissing" },
        { $"-i out.mkv {Reencoded} -vf 'select=not(eq(n\\,77)),setpts=PTS-gt(N\\,76)*0.02/TB'", "CutShort PictureMoved" },
        { $"-i out.mkv {Reencoded} -vf 'loop=1:1:60,setpts=(N/50)/TB+STARTT/TB'", "FrameAdded PictureMoved" },
        { $"-i in.mkv {Reencoded} -vf fps=50", "PictureRepeated" },
        { $"-i out.mkv {Reencoded} -vf 'negate=enable=between(n\\,60\\,62)'", "PictureForeign PictureWrong" },
        { $"-i out.mkv {Reencoded} -vf 'drawbox=20:20:40:40:red:fill:enable=eq(n\\,80)'", "PictureWrong" },
        { $"-i out.mkv {Reencoded} -enc_time_base 1:1000 -vf 'setpts=PTS+eq(N\\,90)*0.005/TB'", "FrameTime" },
        { "-i out.mkv -map 0:v -map 0:a:0 -map 0:s -c copy", "StreamMissing" },
        { "-i out.mkv -map 0 -map 0:a:0 -c copy", "StreamAdded" },
        { "-i out.mkv -map 0 -c copy -metadata:s:a:0 language=fre -disposition:a:1 default", "StreamTags" },
        { "-i out.mkv -map 0 -c copy -bsf:a:1 noise=amount=20000", "PacketChanged" },
        { "-i out.mkv -map 0 -c copy -bsf:a:0 setts=pts=PTS+gt(N\\,100)*30:dts=DTS+gt(N\\,100)*30", "PacketTime SoundDrift" },
        { "-i out.mkv -map 0 -map_chapters -1 -c copy", "ChapterMissing" },
        { "-i out.mkv -i other.txt -map 0 -map_metadata 0 -map_chapters 1 -c copy", "ChapterChanged" },
        { "-i out.mkv -map 0 -c copy -bsf:v h264_metadata=matrix_coefficients=6", "Color" },
        { "-i out.mkv -map 0 -c copy -aspect 1:1", "PixelAspect" },
        { $"-i out.mkv {Reencoded} -vf scale=80:48", "Size" },
        { "-i out.mkv -map 0 -c copy -metadata title=Other", "Tags" },
    };

    /// <remarks>The video is that of a network that knows only averages; the sound of each container's usual coding.</remarks>
    [Theory]
    [InlineData("out.mp4", "aac", null)]
    [InlineData("out.mov", "pcm_s16le", null)]
    [InlineData("out.webm", "libopus", null)]
    [InlineData("out.avi", "mp3", null)]
    [InlineData("out.ts", "aac", null)]
    [InlineData("out.nut", "pcm_s24le", null)]
    [InlineData("out.flv", "aac", null)]
    [InlineData("out.mpg", "mp2", null)]
    [InlineData("out-%03d.png", "aac", null)]
    [InlineData("out.gif", "aac", null)]
    [InlineData("out.mkv", "flac", "yuv444p10le")]
    [InlineData("out.mkv", "libvorbis", "gbrp")]
    public void An_output_in_any_container_holds(string name, string sound, string? format)
    {
        using ClipFolder folder = new();
        string pixels = format ?? "yuv420p";
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 {Voice} -t 1.2 -pix_fmt {pixels} -c:v ffv1 -strict -2 -c:a {sound} {folder["in.mkv"]}");
        ConversionOptions options = new() { SceneCutDetection = false, DropUnsupportedStreams = true };
        Converter.Run(folder["in.mkv"], folder[name], options);

        VerificationReport report = new ConversionVerifier(new() { Conversion = options }).Verify(folder["in.mkv"], folder[name]);

        Assert.True(report.Held, Words(report));
        Assert.Equal((30, 60, 60), (report.InputFrames, report.ExpectedFrames, report.OutputFrames));
        Assert.Equal(CheckState.Held, report.Checks.Single(check => check.Name == "pictures").State);
    }

    [Fact]
    public void A_rich_film_holds_and_everything_in_it_was_looked_at()
    {
        VerificationReport report = film.Verify("out.mkv");

        Assert.True(report.Held, Words(report));
        Assert.True(report.TimingIsFound);
        Assert.Equal("2 times the frames, 25 to 50 frames per second", report.Promise);
        Assert.All(report.Checks, check => Assert.Equal(CheckState.Held, check.State));
        Assert.Equal([1, 2], report.Sound.Select(sound => sound.Stream));
        Assert.All(report.Sound, sound => Assert.Equal(0, sound.Offset!.Value, 0.0005));
        Assert.All(report.Sound, sound => Assert.True(sound.Likeness > 0.99));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public void A_broken_output_is_found_and_its_break_is_named(string arguments, string kinds)
    {
        string broken = film.Break(arguments);

        VerificationReport report = film.Verify(broken);

        Assert.False(report.Held);
        Assert.Equal(kinds, string.Join(' ', report.Checks.SelectMany(check => check.Breaks).Select(one => one.Kind.ToString()).Distinct().Order()));
    }

    /// <remarks>The worst that x264 makes: CRF 51.</remarks>
    [Fact]
    public void Coarse_coding_is_no_break()
    {
        VerificationReport report = film.Verify(film.Break($"-i out.mkv {Reencoded} -crf 51"));

        Assert.True(report.Held, Words(report));
    }

    [Theory]
    [InlineData("trunc.mkv", 60_000)]
    [InlineData("head.mkv", 900)]
    public void An_output_that_was_cut_within_its_bytes_is_no_crash(string name, int bytes)
    {
        File.WriteAllBytes(film.Folder[name], File.ReadAllBytes(film.Folder["out.mkv"])[..bytes]);

        VerificationReport report = film.Verify(name);

        Assert.False(report.Held);
        Assert.Contains(report.Checks.SelectMany(check => check.Breaks), one => one.Kind is BreakKind.Unreadable or BreakKind.CutShort);
    }

    [Theory]
    [InlineData("-map 0:v -map 1:a -c:v copy -c:a aac", "SoundDifferent")]
    [InlineData("-map 0:v -map 0:a -c:v copy -c:a aac -af 'adelay=40'", "SoundOffset")]
    [InlineData("-map 0:v -map 0:a -c:v copy -c:a aac -af 'atempo=1.005'", "SoundDrift")]
    public void Sound_is_listened_to_and_not_only_its_packets_compared(string arguments, string kind)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 {Voice} -t 12 -c:v libx264 -preset ultrafast -c:a aac {folder["in.mkv"]}");
        Converter.Run(folder["in.mkv"], folder["out.mkv"]);
        FfmpegCommand.Run($"-i {folder["out.mkv"]} {Noise} {arguments} -t 12 {folder["broken.mkv"]}");

        VerificationReport report = new ConversionVerifier(new()).Verify(folder["in.mkv"], folder["broken.mkv"]);

        VerificationCheck sound = report.Checks.Single(check => check.Name == "sound");
        Assert.Contains(kind, sound.Breaks.Select(one => one.Kind.ToString()));
    }

    [Theory]
    [InlineData(4, null, null, "4 times the frames, 25 to 100 frames per second")]
    [InlineData(null, 2, null, "2 times as long at 25 frames per second")]
    [InlineData(null, null, 60, "25 to 60 frames per second, constant")]
    public void The_timing_is_found_where_no_option_names_it_and_is_the_named_one_otherwise(int? factor, int? slow, int? rate, string promise)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 {Voice} -t 4 -c:v libx264 -preset ultrafast -c:a aac {folder["in.mkv"]}");
        TimingOptions timing = new() { Factor = factor, SlowMotion = slow, TargetRate = rate is { } wanted ? new Rational(wanted, 1) : null };
        Converter.Run(folder["in.mkv"], folder["out.mkv"], Converter.Fast with { Timing = timing });

        VerificationReport found = new ConversionVerifier(new()).Verify(folder["in.mkv"], folder["out.mkv"]);
        VerificationReport named = new ConversionVerifier(new() { Conversion = new() { Timing = timing } }).Verify(folder["in.mkv"], folder["out.mkv"]);
        VerificationReport other = new ConversionVerifier(new() { Conversion = new() { Timing = new() { Factor = 8 } } })
            .Verify(folder["in.mkv"], folder["out.mkv"]);

        Assert.True(found.Held, Words(found));
        Assert.True(named.Held, Words(named));
        Assert.Equal((promise, promise), (found.Promise, named.Promise));
        Assert.Equal((true, false), (found.TimingIsFound, named.TimingIsFound));
        Assert.False(other.Held);
    }

    // Times in hundredths of a second, whose rate can be taken for many; and lengths of frames that are rounded one by one.
    [Theory]
    [InlineData("in.gif", "out.webm")]
    [InlineData("in.gif", "out.apng")]
    [InlineData("in.gif", "out.gif")]
    [InlineData("in.apng", "out.apng")]
    [InlineData("in.apng", "out.mp4")]
    public void What_a_conversion_has_made_is_verified_by_its_own_timing(string input, string output)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=15 -t 3 {folder[input]}");
        FilterOptions options = new() { Conversion = new() { Verify = true }, Interpolation = new() { Method = InterpolationMethod.Average } };

        ConversionResult result = new VideoConverter(options).Convert(folder[input], folder[output]);

        Assert.Equal(90, result.FramesOut);
        Assert.True(File.Exists(folder[output]));
    }

    [Fact]
    public void A_variable_rate_and_fields_hold()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25 -t 2 -vf 'setpts=(N*40+17*mod(N*N\\,3))/1000/TB' -fps_mode vfr -c:v ffv1 {folder["uneven.mkv"]}");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=50 -t 2 -vf 'interlace,setfield=tff' -c:v libx264 -preset ultrafast -flags +ildct {folder["fields.mkv"]}");
        ConversionOptions quadruple = Converter.Fast with { Timing = new() { Factor = 4 } };
        Converter.Run(folder["uneven.mkv"], folder["uneven-out.mkv"]);
        Converter.Run(folder["fields.mkv"], folder["fields-out.mkv"], quadruple);

        VerificationReport uneven = new ConversionVerifier(new()).Verify(folder["uneven.mkv"], folder["uneven-out.mkv"]);
        VerificationReport fields = new ConversionVerifier(new() { Conversion = quadruple }).Verify(folder["fields.mkv"], folder["fields-out.mkv"]);

        Assert.True(uneven.Held, Words(uneven));
        Assert.True(fields.Held, Words(fields));
        Assert.Equal((100, 200), (fields.InputFrames, fields.OutputFrames));
    }

    [Fact]
    public void A_lost_rotation_is_found()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.6 -c:v libx264 -preset ultrafast {folder["flat.mp4"]}");
        FfmpegCommand.Run($"-i {folder["flat.mp4"]} -c copy -metadata:s:v:0 rotate=90 {folder["in.mp4"]}");
        if (!FfmpegCommand.Probe(folder["in.mp4"], "-show_streams").GetRawText().Contains("Display Matrix", StringComparison.Ordinal))
        {
            FfmpegCommand.Run($"-display_rotation:v:0 90 -i {folder["flat.mp4"]} -c copy {folder["in.mp4"]}");
        }

        Converter.Run(folder["in.mp4"], folder["out.mp4"]);
        FfmpegCommand.Run($"-i {folder["flat.mp4"]} -vf fps=50 {folder["lost.mp4"]}");
        Converter.Run(folder["flat.mp4"], folder["lost.mp4"], Converter.Fast with { Overwrite = true });

        VerificationReport whole = new ConversionVerifier(new()).Verify(folder["in.mp4"], folder["out.mp4"]);
        VerificationReport lost = new ConversionVerifier(new()).Verify(folder["in.mp4"], folder["lost.mp4"]);

        Assert.True(whole.Held, Words(whole));
        Assert.Equal([BreakKind.Rotation], lost.Checks.SelectMany(check => check.Breaks).Select(one => one.Kind));
    }

    [Fact]
    public void An_output_that_is_not_as_promised_gets_no_name_and_takes_no_other_ones_place()
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 1 -c:v ffv1 {folder["in.mkv"]}");
        folder.Write("out.mkv", "an earlier output");
        FilterOptions options = new()
        {
            Interpolation = new() { Method = InterpolationMethod.Average },
            Conversion = Converter.Fast with { Overwrite = true, Verify = true },
        };

        // The input changes while it is converted: frames of it are lost.
        List<string> told = [];
        VerificationException error = Assert.Throws<VerificationException>(() => new VideoConverter(options).Convert(
            folder["in.mkv"], folder["out.mkv"], message: told.Add, progress: new Replacing(folder)));

        Assert.Contains("it is not what was promised: frames: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("an earlier output", File.ReadAllText(folder["out.mkv"]));
        Assert.Equal(["in.mkv", "other.mkv", "out.mkv"], folder.Names);
        new VideoConverter(options).Convert(folder["in.mkv"], folder["out.mkv"], message: told.Add);
        Assert.Contains(told, text => text.StartsWith("Verified: 40 frames; ", StringComparison.Ordinal));
        Assert.NotEqual("an earlier output", File.ReadAllText(folder["out.mkv"])[..17]);
    }

    [Fact]
    public void Pipes_are_not_verified()
    {
        Assert.Throws<ConfigurationException>(() => new ConversionVerifier(new()).Verify("-", "out.mkv"));
        Assert.Throws<ConfigurationException>(
            () => new VideoConverter(new() { Conversion = new() { Verify = true } }).Convert("in.mkv", "-"));
    }

    private static string Words(VerificationReport report) =>
        $"{report.Promise}: {report.Summary}\n{string.Join('\n', report.Checks.SelectMany(check => check.Breaks).Select(one => one.Message))}";

    // Puts a shorter video in the input's place once the first one is read.
    private sealed class Replacing(ClipFolder folder) : IProgress<Pipeline.ConversionProgress>
    {
        public void Report(Pipeline.ConversionProgress value)
        {
            if (!File.Exists(folder["other.mkv"]))
            {
                FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.8 -c:v ffv1 {folder["other.mkv"]}");
                File.Copy(folder["other.mkv"], folder["new.mkv"]);
                File.Move(folder["new.mkv"], folder["in.mkv"], overwrite: true);
            }
        }
    }

    /// <summary>A film with sound, subtitles, chapters and tags, and what a conversion makes of it.</summary>
    public sealed class Film : IDisposable
    {
        private int _count;

        public Film()
        {
            Folder.Write("a.srt", "1\n00:00:00,200 --> 00:00:01,000\nGrüß Gott\n\n2\n00:00:01,200 --> 00:00:01,900\nEnde\n");
            Folder.Write("meta.txt", Chapters("One", 1500));
            Folder.Write("other.txt", Chapters("Eins", 1700));
            FfmpegCommand.Run(
                $"-f lavfi -i testsrc2=size=160x96:rate=25 {Voice} {Noise} -i {Folder["a.srt"]} -i {Folder["meta.txt"]} -t 3 -map 0 -map 1 -map 2 -map 3 "
                + "-map_metadata 4 -map_chapters 4 -vf setsar=4/3 -c:v libx264 -preset ultrafast -crf 12 -c:a:0 aac -c:a:1 flac -c:s subrip "
                + "-metadata:s:a:0 language=ger -metadata:s:a:1 language=eng -color_primaries bt709 -color_trc bt709 -colorspace bt709 "
                + Folder["in.mkv"]);
            Converter.Run(Folder["in.mkv"], Folder["out.mkv"]);
        }

        public ClipFolder Folder { get; } = new();

        public VerificationReport Verify(string name) =>
            new ConversionVerifier(new() { Conversion = Converter.Fast }).Verify(Folder["in.mkv"], Folder[name]);

        // What ffmpeg makes of the good output.
        public string Break(string arguments)
        {
            string name = $"broken{Interlocked.Increment(ref _count)}.mkv";
            string placed = arguments.Replace("-i out.mkv", $"-i {Folder["out.mkv"]}", StringComparison.Ordinal)
                .Replace("-i in.mkv", $"-i {Folder["in.mkv"]}", StringComparison.Ordinal)
                .Replace("-i other.txt", $"-i {Folder["other.txt"]}", StringComparison.Ordinal);
            FfmpegCommand.Run($"-copyts {placed} {Folder[name]}");
            return name;
        }

        public void Dispose() => Folder.Dispose();

        private static string Chapters(string title, int middle) =>
            $";FFMETADATA1\ntitle=Film\nartist=Me\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND={middle}\ntitle={title}\n"
            + $"[CHAPTER]\nTIMEBASE=1/1000\nSTART={middle}\nEND=3000\ntitle=Two\n";
    }

    /// <remarks>As recorders with a clock of the day write: the sound is looked for where it is, and without counting up to there.</remarks>
    [Theory]
    [InlineData(3600, 1)]
    [InlineData(14400, 2)]
    public void A_recording_that_begins_hours_after_zero_is_listened_to(int start, int slow)
    {
        using ClipFolder folder = new();
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 {Voice} -t 3 -output_ts_offset {start} -c:v libx264 -preset ultrafast -c:a aac {folder["in.mkv"]}");
        ConversionOptions conversion = slow == 1 ? Converter.Fast : Converter.Fast with { Timing = new() { SlowMotion = slow } };
        Converter.RunVerified(folder["in.mkv"], folder["out.mkv"], conversion);
        FfmpegCommand.Run(
            $"-itsoffset 0.3 -i {folder["out.mkv"]} -i {folder["out.mkv"]} -copyts -map 1:v -map 0:a -map_chapters 1 -c copy {folder["late.mkv"]}");

        VerificationReport late = new ConversionVerifier(new() { Conversion = conversion }).Verify(folder["in.mkv"], folder["late.mkv"]);

        Assert.Contains(BreakKind.SoundOffset, late.Checks.SelectMany(check => check.Breaks).Select(one => one.Kind));
    }
}
