using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>What a conversion chooses is chosen once, and is what the output then is.</summary>
public sealed class PlannerTests : IDisposable
{
    private static readonly FilterOptions Average =
        new() { Interpolation = new() { Method = InterpolationMethod.Average }, Conversion = new() { SceneCutDetection = false } };
    private readonly ClipFolder _folder = new();

    public static TheoryData<string, string> Outputs => new(
        from output in new[] { "out.mp4", "out.mov", "out.mkv", "out.webm", "out.avi", "out.ts", "out.nut", "out.y4m", "out-%03d.png", "out-%03d.jpg" }
        from format in new[] { "yuv420p", "yuv422p10le", "yuv444p", "gray", "gbrp", "yuvj420p" }
        select (output, format));

    public void Dispose() => _folder.Dispose();

    /// <remarks>The plan comes first; ffprobe, which knows nothing of it, then looks at the output.</remarks>
    [Theory]
    [MemberData(nameof(Outputs))]
    public void What_the_plan_promises_is_what_ffprobe_finds_in_the_output(string output, string format)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -frames:v 3 -t 0.12 -pix_fmt {format} -c:v ffv1 -strict -2 -c:a "
            + $"libopus {_folder["in.mkv"]}");
        FilterOptions options = Average with { Conversion = Average.Conversion with { DropUnsupportedStreams = true } };
        VideoConverter converter = new(options);

        ConversionPlan plan = converter.Plan(_folder["in.mkv"], _folder[output]);
        Assert.Equal(["in.mkv"], _folder.Names);
        Assert.Empty(plan.Problems);
        converter.Convert(_folder["in.mkv"], _folder[output]);

        string written = output.Contains('%', StringComparison.Ordinal) ? _folder[output.Replace("%03d", "001", StringComparison.Ordinal)] : _folder[output];
        JsonElement[] streams = [.. FfmpegCommand.Probe(written, "-count_frames -show_streams").GetProperty("streams").EnumerateArray()];
        JsonElement video = streams[0];
        Assert.Equal(CodecOf(plan.Encoder!.Name), video.GetProperty("codec_name").GetString());

        // FFmpeg's H.264 decoder gives grey with chroma of 4:2:0, and JPEG's has names of its own for the full range.
        string shown = plan.Picture!.PixelFormat == "gray" && video.GetProperty("codec_name").GetString() == "h264" ? "yuv420p" : plan.Picture.PixelFormat;
        Assert.Equal(shown.Replace("yuvj", "yuv", StringComparison.Ordinal),
            video.GetProperty("pix_fmt").GetString()!.Replace("yuvj", "yuv", StringComparison.Ordinal));
        Assert.Equal((plan.Picture.Width, plan.Picture.Height), (video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32()));
        Assert.Equal(plan.Streams.Count(stream => stream.Treatment != StreamTreatment.Drop), streams.Length);
        if (written == _folder[output])
        {
            Assert.Equal(plan.Schedule!.Frames!.Value.ToString(CultureInfo.InvariantCulture), video.GetProperty("nb_read_frames").GetString());
            Assert.Equal("50", plan.Schedule.Rate.ToString());
        }
        else
        {
            Assert.Equal(plan.Schedule!.Frames, _folder.Names.Count(name => name.StartsWith("out-", StringComparison.Ordinal)));
        }

        // Those whose bitstream or header keeps the tags.
        if (plan.Container is "mp4" or "mov" or "matroska" && plan.Picture.Color is { Range: { } range } color)
        {
            // H.264 says nothing of the usual range where nothing else is tagged.
            Assert.Equal(range, video.TryGetProperty("color_range", out JsonElement tagged) ? tagged.GetString() : "tv");
            Assert.Equal(color.Matrix, video.TryGetProperty("color_space", out JsonElement matrix) ? matrix.GetString() : null);
        }
    }

    [Fact]
    public void A_stream_that_the_container_does_not_hold_is_refused_with_its_reason_or_dropped()
    {
        _folder.Write("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -i {_folder["words.srt"]} -t 0.2 -map 0 -map 1 -map 2 -c:v ffv1 -c:a pcm_s16le -c:s srt "
            + $"-metadata:s:s:0 language=ger {_folder["in.mkv"]}");

        ConversionPlan refused = new VideoConverter(Average).Plan(_folder["in.mkv"], _folder["out.webm"]);
        MediaException thrown = Assert.Throws<MediaException>(() => new VideoConverter(Average).Convert(_folder["in.mkv"], _folder["out.webm"]));
        FilterOptions dropping = Average with { Conversion = Average.Conversion with { DropUnsupportedStreams = true } };
        ConversionPlan dropped = new VideoConverter(dropping).Plan(_folder["in.mkv"], _folder["out.webm"]);

        PlanProblem problem = Assert.Single(refused.Problems);
        Assert.Equal(thrown.Message, problem.Message);
        Assert.EndsWith("does not support stream 1 (audio pcm_s16le)", problem.Problem, StringComparison.Ordinal);
        Assert.Equal([StreamTreatment.Convert, null, StreamTreatment.Rewrite], refused.Streams.Select(stream => stream.Treatment));
        Assert.Equal([StreamTreatment.Convert, StreamTreatment.Drop, StreamTreatment.Rewrite], dropped.Streams.Select(stream => stream.Treatment));
        Assert.All(dropped.Streams[1..], stream => Assert.Equal("the container webm does not support it", stream.Reason));
        Assert.Equal(1, dropped.Notes.Count(note => note.Contains("is dropped", StringComparison.Ordinal)));
        Assert.Equal(["in.mkv", "words.srt"], _folder.Names);
    }

    /// <remarks>libav's own answer, which the plan asks, is that QuickTime files hold all of these.</remarks>
    [Theory]
    [InlineData("libopus")]
    [InlineData("flac")]
    public void Sound_that_QuickTimes_writer_refuses_is_refused_before_anything_is_written(string sound)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 0.2 -c:v ffv1 -c:a {sound} {_folder["in.mkv"]}");

        ConversionPlan plan = new VideoConverter(Average).Plan(_folder["in.mkv"], _folder["out.mov"]);

        Assert.Contains("does not support stream 1 (audio ", Assert.Single(plan.Problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=50 -f lavfi -i sine -t 0.2 -c:v ffv1 -c:a pcm_s16le {_folder["in.mkv"]}");
        FilterOptions options = Average with { Conversion = Average.Conversion with { Encoder = "libx265000", Timing = new() { TargetRate = new(30, 1) } } };

        ConversionPlan plan = new VideoConverter(options).Plan(_folder["in.mkv"], _folder["out.webm"]);

        Assert.Equal(3, plan.Problems.Length);
        Assert.Contains(plan.Problems, problem => problem.Problem.Contains("more than the requested 30", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, problem => problem.Problem.Contains("does not support stream 1", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, problem => problem.Problem.Contains("no video encoder libx265000", StringComparison.Ordinal));
        Assert.Null(plan.Schedule);
        Assert.Null(plan.Encoder);
    }

    [Fact]
    public void Slow_motion_names_the_encoder_of_the_sound_and_the_output_has_it()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 1 -c:v ffv1 -c:a libopus {_folder["in.mkv"]}");
        FilterOptions options = Average with { Conversion = Average.Conversion with { Timing = new() { SlowMotion = 2 } } };
        VideoConverter converter = new(options);

        ConversionPlan plan = converter.Plan(_folder["in.mkv"], _folder["out.avi"]);
        converter.Convert(_folder["in.mkv"], _folder["out.avi"]);

        Assert.Equal((StreamTreatment.Stretch, "libmp3lame"), (plan.Streams[1].Treatment, plan.Streams[1].Encoder));
        Assert.Equal((2, "25"), (plan.Schedule!.Slowdown, plan.Schedule.Rate.ToString()));
        Assert.Equal("mp3",
            FfmpegCommand.Probe(_folder["out.avi"], "-select_streams a -show_streams").GetProperty("streams")[0].GetProperty("codec_name").GetString());
    }

    [Fact]
    public void Pipes_and_pictures_keep_no_segments_and_a_long_file_does()
    {
        FfmpegCommand.Run($"-f lavfi -i color=size=64x48:rate=25 -t 4 -c:v ffv1 {_folder["in.mkv"]}");
        SegmentPlan Plan(string output, int seconds = 1, bool resume = true) =>
            new VideoConverter(Average with { Conversion = Average.Conversion with { SegmentLength = seconds, Resume = resume } })
                .Plan(_folder["in.mkv"], output).Segments!;

        Assert.Equal(new(1, true, null), Plan(_folder["out.mkv"]));
        Assert.Equal(new(30, false, "the video is short"), Plan(_folder["out.mkv"], 30));
        Assert.Equal(new(1, false, "--resume is off"), Plan(_folder["out.mkv"], resume: false));
        Assert.Equal(new(1, false, "the output is no file"), Plan("-"));
        Assert.Equal(new(1, false, "the output is no file"), Plan(_folder["out-%03d.png"]));
        Assert.Equal(new(1, false, "the frames are not encoded"), Plan(_folder["out.y4m"]));
    }

    [Fact]
    public void The_fingerprint_is_that_of_the_output_and_not_of_how_the_work_is_done()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.2 -c:v ffv1 {_folder["in.mkv"]}");
        File.Copy(_folder["in.mkv"], _folder["again.mkv"]);
        ConversionOptions plain = Average.Conversion with
        {
            EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("tune", "grain").Add("keyint_min", "3").Add("bf", "1").Add("refs", "2")
                .Add("aq-mode", "1"),
        };
        ConversionPlan Plan(ConversionOptions conversion, string input = "in.mkv", string output = "out.mkv") =>
            new VideoConverter(Average with { Conversion = conversion }).Plan(_folder[input], _folder[output]);

        ConversionPlan plan = Plan(plain);
        Assert.Equal(plan, Plan(plain));
        Assert.Equal(plan.GetHashCode(), Plan(plain).GetHashCode());
        ConversionPlan elsewhere = Plan(
            plain with
            {
                EncoderThreads = 1,
                DecoderThreads = 1,
                QueueLength = 7,
                Overwrite = true,
                SegmentLength = 5,
                Resume = false,
                ExpectedRate = new(60, 1)
            }, "again.mkv", "other.mkv");
        Assert.NotEqual(plan, elsewhere);
        Assert.Equal(plan.Fingerprint, elsewhere.Fingerprint);
        Assert.Equal(["aq-mode", "bf", "crf", "keyint_min", "refs", "tune"], plan.Encoder!.Options.Keys);

        ConversionOptions[] others =
        [
            plain with { Quality = 30 }, plain with { EncoderPreset = "fast" }, plain with { Encoder = "ffv1" }, plain with { PixelFormat = "yuv444p" },
            plain with { SceneCutDetection = true }, plain with { CutHandling = CutHandling.Blend }, plain with { Duplicates = DuplicateHandling.Retime },
            plain with { Timing = new() { Factor = 4 } }, plain with { Timing = new() { LongestGap = 2 } },
            plain with { EncoderOptions = plain.EncoderOptions.SetItem("bf", "2") },
        ];
        Assert.Equal(others.Length + 1, others.Select(options => Plan(options).Fingerprint).Append(plan.Fingerprint).Distinct().Count());
        Assert.NotEqual(plan.Fingerprint, Plan(plain, output: "out.mp4").Fingerprint);
    }

    [Theory]
    [InlineData("out.mkv")]
    [InlineData("out.webm")] // refused
    [InlineData("out.nothing")] // refused
    [InlineData("out-%03d.png")]
    public void A_plan_read_back_from_its_JSON_is_the_same_plan(string output)
    {
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=64x48:rate=30000/1001 -f lavfi -i sine -t 0.2 -c:v ffv1 -c:a pcm_s16le -metadata:s:a:0 title='a \"b\" ü' "
            + $"{_folder["in.mkv"]}");
        ConversionPlan plan = new VideoConverter(Average).Plan(_folder["in.mkv"], _folder[output]);

        ConversionPlan read = ConversionPlan.FromJson(plan.ToJson());

        Assert.Equal(plan.ToJson(), read.ToJson());
        Assert.Equal(plan, read);
        Assert.Equal(plan.Fingerprint, read.Fingerprint);
        Assert.Contains("\"inputRate\":\"30000/1001\"", plan.ToJson(), StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => ConversionPlan.FromJson("null"));
        Assert.Throws<JsonException>(() => ConversionPlan.FromJson(plan.ToJson().Replace("30000/1001", "a/b", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_of_a_plan_can_be_changed()
    {
        HashSet<Type> seen = [];
        Check(typeof(ConversionPlan));
        Assert.Contains(typeof(ColorDescription), seen);

        void Check(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Rational) || !seen.Add(type))
            {
                return;
            }

            if (type.IsGenericType)
            {
                Assert.Contains(type.GetGenericTypeDefinition(), new[] { typeof(ImmutableArray<>), typeof(ImmutableSortedDictionary<,>) });
                Array.ForEach(type.GetGenericArguments(), Check);
                return;
            }

            Assert.True(type.IsSealed, type.Name);
            Assert.Empty(type.GetFields(BindingFlags.Instance | BindingFlags.Public));
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            {
                Assert.True(
                    property.SetMethod is null || property.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)),
                    $"{type.Name}.{property.Name}");
                Check(property.PropertyType);
            }
        }
    }

    [Fact]
    public void Frames_for_a_program_have_a_plan_without_a_file()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 0.2 -c:v ffv1 -pix_fmt yuv420p10le -c:a flac {_folder["in.mkv"]}");
        using FrameReader reader = FrameReader.Open(_folder["in.mkv"], new(), TestContext.Current.CancellationToken);

        ConversionPlan plan = Planner.Plan(reader, output: null, new() { PixelFormat = "rgb24" });

        Assert.Equal((null, null, null, "rgb24", "yuv420p10le"),
            (plan.Output, plan.Container, plan.Encoder, plan.Picture!.PixelFormat, plan.Picture.SourceFormat));
        Assert.Equal([StreamTreatment.Convert, StreamTreatment.Drop], plan.Streams.Select(stream => stream.Treatment));
        Assert.Contains("rgb25 is not supported",
            Assert.Single(Planner.Plan(reader, output: null, new() { PixelFormat = "rgb25" }).Problems).Problem, StringComparison.Ordinal);
    }

    /// <remarks>No FFmpeg here leaves the rate open for a file that ffmpeg wrote; so it is taken from the opened input, behind the measurement.</remarks>
    [Fact]
    public void An_input_without_a_rate_is_planned_at_the_rate_that_is_taken_for_it()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=30 -t 0.2 -c:v ffv1 {_folder["in.mkv"]}");
        using FrameReader reader = FrameReader.Open(_folder["in.mkv"], new(), TestContext.Current.CancellationToken);
        reader.Demuxer.FrameRate = default;

        ConversionPlan plan = Planner.Plan(reader, _folder["out.mkv"], new());

        Assert.Equal((FrameTimeline.FallbackRate, "50"), (plan.Schedule!.InputRate, plan.Schedule.Rate.ToString()));
        Assert.Contains(plan.Notes, note => note.Contains("states no frame rate", StringComparison.Ordinal));
    }

    /// <remarks>As compare writes its videos: the encoder is opened only when the file is begun.</remarks>
    [Fact]
    public void A_file_of_frames_whose_encoder_fails_leaves_nothing()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -t 0.2 -c:v ffv1 {_folder["in.mkv"]}");
        using FrameReader reader = FrameReader.Open(_folder["in.mkv"], new(), TestContext.Current.CancellationToken);

        Assert.Throws<MediaException>(() => new FrameFileWriter(
            reader.Demuxer, _folder["out.mp4"], new() { EncoderPreset = "nonsense" }, reader.FirstFrame, new(1, 25), new(25, 1)));

        Assert.Equal(["in.mkv"], _folder.Names);
    }

    [Fact]
    public void HDR10_stays_with_parameters_of_the_users_own()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.2 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params "
            + "log-level=none:hdr10=1:repeat-headers=1:colorprim=bt2020:"
            + $"transfer=smpte2084:colormatrix=bt2020nc:"
            + $"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400 {_folder["in.mkv"]}");
        ConversionOptions options = Average.Conversion with
        {
            Encoder = "libx265",
            EncoderPreset = "ultrafast",
            EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("x265-params", "bframes=0")
        };
        VideoConverter converter = new(Average with { Conversion = options });

        // A raw stream has no header that could keep the data beside it.
        converter.Convert(_folder["in.mkv"], _folder["out.hevc"]);

        JsonElement[] sideData = [.. FfmpegCommand.Probe(_folder["out.hevc"], "-show_frames -read_intervals %+#1").GetProperty("frames")[0]
            .GetProperty("side_data_list").EnumerateArray()];
        Assert.Contains(sideData,
            data => data.GetProperty("side_data_type").GetString() == "Mastering display metadata" && data.GetProperty("red_x").GetString() == "34000/50000");
        Assert.Contains(sideData,
            data => data.GetProperty("side_data_type").GetString() == "Content light level metadata" && data.GetProperty("max_content").GetInt32() == 1000);
        Assert.DoesNotContain("B", FfmpegCommand.Probe(_folder["out.hevc"], "-show_frames").GetProperty("frames").EnumerateArray()
            .Select(frame => frame.GetProperty("pict_type").GetString()));
    }

    private static string CodecOf(string encoder) => encoder switch
    {
        "libx264" or "libopenh264" => "h264",
        "libx265" => "hevc",
        "libvpx-vp9" => "vp9",
        "wrapped_avframe" => "rawvideo",
        _ => encoder,
    };
}
