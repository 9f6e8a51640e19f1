using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary><c>inspect</c> on real clips, with the average in the network's place where it does not matter.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_tells_what_a_file_is_and_what_convert_then_does()
    {
        _folder.Write("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=24000/1001 -f lavfi -i sine -i {_folder["words.srt"]} -t 1 -map 0 -map 1 -map 2 -c:v libx264 "
            + $"-preset ultrafast "
            + $"-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv -c:a flac -c:s srt "
            + $"-metadata:s:a:0 language=ger -metadata:s:a:0 title=Commentary {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(["inspect", "in.mkv", "--json", "--method", "average", "--factor", "4"], _folder.Path);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement, video = report.GetProperty("video"), plan = report.GetProperty("plan");
        var converted = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", "--method", "average", "--factor", "4"], _folder.Path);

        Assert.Equal("h264 96 64 yuv420p 24000/1001 0", string.Join(' ', Texts(video, "codec", "width", "height", "pixelFormat", "rate", "rotation")));
        Assert.Equal("bt709 bt709 bt709 tv", string.Join(' ', Texts(video.GetProperty("color"), "matrix", "primaries", "transfer", "range")));
        Assert.False(video.GetProperty("isVariableRate").GetBoolean());
        Assert.False(video.GetProperty("isInterlaced").GetBoolean());
        Assert.Equal(
            ["video h264 convert", "audio flac ger Commentary copy", "subtitle subrip copy"],
            plan.GetProperty("streams").EnumerateArray()
                .Select(stream => string.Join(' ', Texts(stream, "kind", "codec", "language", "title", "treatment").Where(text => text.Length > 0))));
        JsonElement written = FfmpegCommand.Probe(_folder["out.mkv"], "-count_frames -show_streams").GetProperty("streams")[0];
        Assert.Equal(0, converted.ExitCode);
        JsonElement schedule = plan.GetProperty("schedule"), picture = plan.GetProperty("picture"), timing = report.GetProperty("timing");
        Assert.Equal(written.GetProperty("nb_read_frames").GetString(), schedule.GetProperty("frames").ToString());
        Assert.Equal("96000/1001", schedule.GetProperty("rate").GetString());
        Assert.Equal(written.GetProperty("pix_fmt").GetString(), picture.GetProperty("pixelFormat").GetString());
        Assert.Equal("libx264", plan.GetProperty("encoder").GetProperty("name").GetString());
        Assert.Equal("matroska", plan.GetProperty("container").GetString());
        Assert.InRange(timing.GetProperty("secondsPerNewFrame").GetDouble(), 1e-6, 5);
        Assert.StartsWith("measured here: ", timing.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(["in.mkv", "out.mkv", "words.srt"], _folder.Names);
    }

    [Fact]
    public async Task A_single_frame_is_said_to_be_one()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.04 -c:v libx264 -preset ultrafast {_folder["one.mp4"]}");

        var run = await ProcessRun.OfFilter(["inspect", "one.mp4", "--method", "average"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("^one.mp4: .*, [0-9.]+ KiB, ", run.Output);
        Assert.Contains("too few frames to say whether it is constant, 1 frame in all", run.Output, StringComparison.Ordinal);
        Assert.Contains("not to be told from one frame", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_finds_variable_rates_rotation_interlace_hdr_and_cuts()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25:duration=1 -vf 'setpts=PTS+gt(N\\,9)*0.3/TB' -fps_mode vfr -c:v libx264 -preset "
            + $"ultrafast {_folder["vfr.mp4"]}");
        FfmpegCommand.Run($"-i {_folder["vfr.mp4"]} -c copy -metadata:s:v:0 rotate=90 {_folder["turned.mp4"]}");
        FfmpegCommand.Run(
            $"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params "
            + $"log-level=error:colorprim=bt2020:transfer=smpte2084:"
            + $"colormatrix=bt2020nc:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400 "
            + $"{_folder["hdr.mkv"]}");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -vf interlace -flags +ildct+ilme -c:v mpeg2video {_folder["tv.mpg"]}");
        FfmpegCommand.Run(
            $"-f lavfi -i mandelbrot=size=160x96:rate=25 -f lavfi -i testsrc=size=160x96:rate=25 -filter_complex "
            + $"'[0]trim=end=0.4,format=yuv420p[a];[1]trim=end=0.4,format=yuv420p,setpts=PTS-STARTPTS[b];[a][b]concat' "
            + $"-c:v libx264 -preset ultrafast {_folder["cut.mkv"]}");

        Assert.True((await Inspect("vfr.mp4")).GetProperty("video").GetProperty("isVariableRate").GetBoolean());
        Assert.Equal("HDR10", (await Inspect("hdr.mkv")).GetProperty("video").GetProperty("highDynamicRange").GetString());
        Assert.True((await Inspect("tv.mpg", "--output", "x.mkv")).GetProperty("video").GetProperty("isInterlaced").GetBoolean());
        JsonElement cut = await Inspect("cut.mkv", "--cuts");
        Assert.False(cut.GetProperty("video").GetProperty("isVariableRate").GetBoolean());
        Assert.Equal([0.4], cut.GetProperty("cuts").EnumerateArray().Select(time => Math.Round(time.GetDouble(), 3)));

        // Newer releases of ffmpeg no longer write the tag; what is there is to be told. ffprobe counts against the clock.
        JsonElement turned = FfmpegCommand.Probe(_folder["turned.mp4"], "-show_streams").GetProperty("streams")[0];
        int rotation = turned.TryGetProperty("side_data_list", out JsonElement data) ? (360 - data[0].GetProperty("rotation").GetInt32()) % 360 : 0;
        Assert.Equal(rotation, (await Inspect("turned.mp4")).GetProperty("video").GetProperty("rotation").GetInt32());
    }

    [Theory]
    [InlineData("setfield=prog", "-c:v ffv1", "progressive", null)]
    [InlineData("setfield=tff", "-c:v ffv1 -flags +ildct", "progressive", "--interlaced ignore")]
    [InlineData("tinterlace=interleave_top,setfield=tff", "-c:v ffv1 -flags +ildct", "topFirst", null)]
    [InlineData("tinterlace=interleave_bottom,setfield=bff", "-c:v ffv1 -flags +ildct", "bottomFirst", null)]
    [InlineData("tinterlace=interleave_bottom,setfield=tff", "-c:v ffv1 -flags +ildct", "bottomFirst", "--field-order bottom")]
    [InlineData("tinterlace=interleave_top,setfield=prog", "-c:v ffv1", "topFirst", "--field-order top")]
    [InlineData("telecine,setfield=tff", "-c:v ffv1 -flags +ildct", "telecine", "--interlaced film")]
    public async Task Inspect_finds_fields_by_the_pictures_and_advises(string filter, string coding, string found, string? advised)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x240:rate=25 -t 2 -vf format=yuv420p,gblur=sigma=2,{filter} {coding} {_folder["in.mkv"]}");

        JsonElement fields = (await Inspect("in.mkv")).GetProperty("video").GetProperty("fields");
        var text = await ProcessRun.OfFilter(["inspect", "in.mkv", "--quick"], _folder.Path);

        Assert.Equal(found, fields.GetProperty("found").GetString());
        Assert.Equal(advised, fields.GetProperty("advice").GetString() is { } advice ? Regex.Match(advice, "--[a-z-]+ [a-z]+").Value : null);
        Assert.Contains($"  fields     {fields.GetProperty("words").GetString()}", text.Output, StringComparison.Ordinal);
        Assert.Equal(advised is not null, text.Output.Contains("  advice     ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_tells_what_convert_would_refuse_and_fails_where_it_cannot_read()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -f lavfi -i sine -t 0.4 -c:v libx264 -preset ultrafast -c:a pcm_s16le {_folder["in.mkv"]}");
        _folder.Write("words.mkv", "this is no video");

        var refused = await ProcessRun.OfFilter(["inspect", "in.mkv", "--output", "out.webm", "--quick"], _folder.Path);
        var broken = await ProcessRun.OfFilter(["inspect", "words.mkv"], _folder.Path);
        var missing = await ProcessRun.OfFilter(["inspect", "nothing.mkv"], _folder.Path);
        var pipe = await ProcessRun.OfFilter(["inspect", "-"], _folder.Path);

        Assert.Equal((1, ""), (refused.ExitCode, refused.Error));
        Assert.Contains("convert would refuse to write out.webm:\n  Writing out.webm: the container webm does not support stream 1",
            refused.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((1, 1, 2), (broken.ExitCode, missing.ExitCode, pipe.ExitCode));
        Assert.Contains("words.mkv", broken.Error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", missing.Error, StringComparison.Ordinal);
        Assert.Contains("inspect a file", pipe.Error, StringComparison.Ordinal);
        Assert.All([broken, missing, pipe], run => Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal));
    }

    /// <remarks>
    /// "Straight to work within a second" in processor time, the best of three: the clock would also count what else the machine does.
    /// The launcher's own part is measured in LauncherTests.
    /// </remarks>
    [Fact]
    public async Task From_the_start_to_the_first_decoded_picture_takes_less_than_a_second_of_processor_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processor time is taken by bash.");
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x480:rate=25 -frames:v 10 -c:v libx264 -preset ultrafast {_folder["in.mp4"]}");
        List<double> times = [];
        for (int i = 0; i < 3; i++)
        {
            var run = await ProcessRun.Of("bash",
                ["-c", "TIMEFORMAT='%U %S'; time dotnet \"$@\"", "time", ProcessRun.FilterAssembly, "inspect", "in.mp4", "--quick"], _folder.Path);
            Assert.Contains("640×480", run.Output, StringComparison.Ordinal);
            times.Add(run.Error.Trim().Split(' ').Sum(time => double.Parse(time, CultureInfo.InvariantCulture)));
        }

        Assert.InRange(times.Min(), 0.05, 1);
    }

    private static IEnumerable<string> Texts(JsonElement element, params string[] names) => names.Select(name => element.GetProperty(name).ToString());

    private async Task<JsonElement> Inspect(params string[] arguments)
    {
        var run = await ProcessRun.OfFilter(["inspect", "--json", "--quick", .. arguments], _folder.Path);
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
