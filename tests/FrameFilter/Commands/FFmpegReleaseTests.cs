using System.Collections.Concurrent;
using System.Text.Json;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>
/// The real command line on other releases of FFmpeg than the system's, each in its own process: what it makes must be what it makes on the
/// system's. eng/ffmpeg-releases.sh brings the releases.
/// </summary>
public sealed class FFmpegReleaseTests(FFmpegReleaseTests.Clips clips) : IClassFixture<FFmpegReleaseTests.Clips>
{
    private const string Lossless = "--method average --encoder ffv1";

    private static readonly string[] releases = ["7.1", "8", "9"];

    private static readonly Dictionary<string, (string Arguments, string Output)> commands = new()
    {
        ["mkv"] = ("convert in.mp4 {0} --method average", "out.mkv"),
        ["ffv1"] = ($"convert in.mp4 {{0}} {Lossless}", "out.mkv"),
        ["rotated mp4"] = ("convert turned.mp4 {0} --method average", "out.mp4"),
        ["rotated mkv"] = ($"convert turned.mp4 {{0}} {Lossless}", "out.mkv"),
        ["fields"] = ($"convert fields.mkv {{0}} {Lossless}", "out.mkv"),
        ["frames of fields"] = ($"convert fields.mkv {{0}} {Lossless} --interlaced frames", "out.mkv"),
        ["fields predicted"] = ($"convert fields.mkv {{0}} {Lossless} --factor 4", "out.mkv"),
        ["film"] = ($"convert film.mkv {{0}} {Lossless} --interlaced film", "out.mkv"),
        ["inspect fields"] = ("inspect fields.mkv --json --quick", ""),
        ["inspect film"] = ("inspect film.mkv --json --quick", ""),
        ["HDR"] = ($"convert hdr.mp4 {{0}} {Lossless}", "out.mkv"),
        ["slow"] = ($"convert in.mp4 {{0}} {Lossless} --slow 2", "out.mkv"),
        ["fps"] = ($"convert in.mp4 {{0}} {Lossless} --fps 30", "out.mkv"),
        ["nut"] = ($"convert in.mp4 {{0}} {Lossless}", "out.nut"),
        ["png"] = ("convert in.mp4 {0} --method average", "frame-%03d.png"),
        ["inspect"] = ("inspect in.mp4 --json", ""),
        ["compare"] = ("compare in.mp4 -o {0} --method average", "comparison"),
    };

    public static TheoryData<string, string> Everywhere =>
        [.. from release in releases from command in commands.Keys select (release, command)];

    [Theory]
    [InlineData("7.1")]
    [InlineData("8")]
    [InlineData("9")]
    public async Task Doctor_names_the_release_and_misses_nothing(string release)
    {
        var run = await ProcessRun.Of(Runner(release), [ProcessRun.FilterAssembly, "doctor"], clips.Folder.Path);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains($"of the supported release {release}, from ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Each_release_makes_the_frames_of_the_systems_own(string release, string command)
    {
        string runner = Runner(release);

        Assert.Equal(await clips.ExpectedOf(command), await Clips.Outcome(clips.Folder, runner, release, command));
    }

    private static string Runner(string release)
    {
        string runner = Path.Combine(RepositoryFiles.Root, "artifacts", "ffmpeg", release, "run");
        Assert.SkipUnless(File.Exists(runner), $"FFmpeg {release} is not in artifacts/ffmpeg: eng/ffmpeg-releases.sh fetches it, on Debian only.");
        return runner;
    }

    /// <summary>What is converted, and what the system's FFmpeg makes of it, once for all releases.</summary>
    public sealed class Clips : IDisposable
    {
        private readonly ConcurrentDictionary<string, Lazy<Task<string>>> expected = new();

        public Clips()
        {
            FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=12 -f lavfi -i sine -t 1 -c:v libx264 -pix_fmt yuv420p -c:a aac {Folder["in.mp4"]}");
            FfmpegCommand.Run($"-i {Folder["in.mp4"]} -c copy -metadata:s:v rotate=90 {Folder["turned.mp4"]}");
            FfmpegCommand.Run(
                "-f lavfi -i testsrc2=size=96x64:rate=24 -t 1 -vf tinterlace=interleave_top -c:v mpeg2video -q:v 2 -flags +ilme+ildct "
                + Folder["fields.mkv"]);
            FfmpegCommand.Run(
                $"-f lavfi -i testsrc2=size=96x64:rate=24000/1001 -t 1.5 -vf telecine,setfield=tff -c:v ffv1 -flags +ildct {Folder["film.mkv"]}");
            FfmpegCommand.Run(
                "-f lavfi -i testsrc2=size=96x64:rate=12 -t 1 -pix_fmt yuv420p10le -c:v libx265 -x265-params log-level=none:hdr10=1:repeat-headers=1:"
                + "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:"
                + $"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400 {Folder["hdr.mp4"]}");
        }

        public ClipFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        public Task<string> ExpectedOf(string command) =>
            expected.GetOrAdd(command, name => new(() => Outcome(Folder, "dotnet", "system", name))).Value;

        /// <summary>What a command made: its streams, and its frames where they are coded without loss; or what it printed.</summary>
        public static async Task<string> Outcome(ClipFolder folder, string runner, string release, string command)
        {
            (string arguments, string output) = commands[command];
            string file = $"{command.Replace(' ', '-')}-{release}-{output}";
            var run = await ProcessRun.Of(runner, [ProcessRun.FilterAssembly, .. string.Format(arguments, file).Split(' ')], folder.Path);
            Assert.True(run.ExitCode == 0, run.Output + run.Error);
            return command switch
            {
                "inspect" or "inspect fields" or "inspect film" => JsonDocument.Parse(run.Output).RootElement.GetProperty("video").GetRawText(),
                "compare" => string.Join('\n', run.Output.Split('\n').Where(line => line.Contains("SSIM", StringComparison.Ordinal))),
                // Written from FFmpeg 7.1 on, and before that the pictures are turned: what players show is the same.
                "rotated mkv" => string.Join('\n', FrameHashes.OfVideo(folder[file])),
                "png" => string.Join('\n', FrameHashes.OfVideo(folder[file])),
                // bwdif of FFmpeg 7 and 8 makes the first picture and the last field otherwise than 5.1 and 9 do, and so those predicted from them.
                "frames of fields" => Streams(folder[file]) + string.Join('\n', FrameHashes.OfVideo(folder[file])[2..]),
                "fields" => Streams(folder[file]) + string.Join('\n', FrameHashes.OfVideo(folder[file])[2..^1]),
                "fields predicted" => Streams(folder[file]) + string.Join('\n', FrameHashes.OfVideo(folder[file])[4..^3]),
                _ when arguments.Contains("ffv1", StringComparison.Ordinal) => Streams(folder[file]) + string.Join('\n', FrameHashes.OfVideo(folder[file])),
                _ => Streams(folder[file]),
            };
        }

        // The sound's packets are not counted: stretched sound ends a packet earlier or later.
        private static string Streams(string file) => FfmpegCommand.Probe(
            file,
            "-show_entries stream=codec_name,profile,width,height,pix_fmt,sample_aspect_ratio,field_order,color_range,color_space,"
            + "color_transfer,color_primaries,r_frame_rate,channels:stream_side_data").GetProperty("streams").GetRawText()
            + FfmpegCommand.Probe(file, "-select_streams v -count_packets -show_entries stream=nb_read_packets").GetRawText();
    }
}
