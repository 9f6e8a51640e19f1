using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>
/// A graphics card's decoder and encoder: without a card, as here, and with libav's real NVDEC code on a fake driver. What a real card makes is
/// not seen here.
/// </summary>
public sealed class HardwareCodecTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 120 rows are coded as 128: the rest must not be seen.
    [Fact]
    public async Task A_cards_pictures_go_the_way_of_the_processors_to_the_same_output()
    {
        Make("in.mp4", "-c:v libx264 -bf 0");
        FakeCard card = new(_folder);
        var environment = await card.InstallAsync(_folder["in.mp4"], 160, 120);
        var without = await Convert("without.mkv", null, "--hwaccel", "none");
        Assert.Empty(card.Log);

        var with = await Convert("with.mkv", environment, "--hwaccel", "cuda");

        Assert.Equal(["15 pictures, 0 not given back"], card.Log);
        Assert.DoesNotContain("The processor decodes", with.Error, StringComparison.Ordinal);
        AssertSameFrames("without.mkv", "with.mkv");
        Assert.Equal(0, without.ExitCode);
    }

    [Fact]
    public async Task B_frames_keep_their_times_on_a_card()
    {
        Make("in.mp4", "-c:v libx264 -bf 2", frames: 40);
        FakeCard card = new(_folder);
        var environment = await card.InstallAsync(_folder["in.mp4"], 160, 120);
        await Convert("without.mkv", null);

        await Convert("with.mkv", environment, "--hwaccel", "auto");

        Assert.Equal(["40 pictures, 0 not given back"], card.Log);
        Assert.Equal(FrameHashes.OfPackets(_folder["without.mkv"], "0:v").Select(packet => packet.Time),
            FrameHashes.OfPackets(_folder["with.mkv"], "0:v").Select(packet => packet.Time));
    }

    [Theory]
    [InlineData("cuda", true)]
    [InlineData("auto", false)]
    public async Task Without_a_card_the_processor_decodes_the_same_and_cuda_says_why(string hwaccel, bool told)
    {
        SkipOnACard();
        Make("in.mp4", "-c:v libx264");
        await Convert("without.mkv", null);

        var with = await Convert("with.mkv", null, "--hwaccel", hwaccel);

        Assert.Equal(told, with.Error.Contains("Decoding on the CPU, because the graphics card cannot be used: ", StringComparison.Ordinal));
        AssertSameFrames("without.mkv", "with.mkv");
    }

    // AV1 is decoded by a library, except on a card: the processor's decoder is another one.
    [Theory]
    [InlineData("in.mp4", "-c:v libx264 -bf 2")]
    [InlineData("in.mkv", "-c:v libaom-av1 -cpu-used 8 -b:v 200k -g 10 -row-mt 1")]
    [InlineData("in.mp4", "-c:v libx264 -bf 2", "FAKE_CARD_FAILS_AT", "0")]
    public async Task What_the_card_does_not_take_the_processor_decodes_from_the_first_frame(
        string name, string encoder, string variable = "FAKE_CARD_REFUSES", string value = "1")
    {
        Make(name, encoder);
        FakeCard card = new(_folder);
        var environment = await card.InstallAsync(_folder[name], 160, 120, (variable, value));
        await Convert("without.mkv", null, name);

        var with = await Convert("with.mkv", environment, name, "--hwaccel", "cuda");

        Assert.Contains("Decoding on the CPU, because the graphics card cannot be used: ", with.Error, StringComparison.Ordinal);
        AssertSameFrames("without.mkv", "with.mkv");
    }

    [Fact]
    public async Task A_card_that_fails_amid_the_video_ends_the_conversion_and_says_how_to_go_without()
    {
        Make("in.mp4", "-c:v libx264 -bf 0");
        var environment = await new FakeCard(_folder).InstallAsync(_folder["in.mp4"], 160, 120, ("FAKE_CARD_FAILS_AT", "9"));

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mkv", "--method", "average", "--hwaccel", "cuda"], _folder.Path, environment);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--hwaccel none", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Names, file => file.Contains("out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nvenc_by_name_without_a_card_is_an_error_that_names_the_processors_encoder()
    {
        SkipOnACard();
        Make("in.mp4", "-c:v libx264");

        var run = await ProcessRun.OfFilter(["convert", "in.mp4", "out.mp4", "--method", "average", "--encoder", "h264_nvenc"], _folder.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("h264_nvenc", run.Error, StringComparison.Ordinal);
        Assert.Contains("libx264", run.Error, StringComparison.Ordinal);
        Assert.Equal(["in.mp4"], _folder.Names);
    }

    [Theory]
    [InlineData("h264", "none", "libx264", false)]
    [InlineData("h264", "auto", "libx264", false)]
    [InlineData("h264", "cuda", "libx264", true)]
    [InlineData("hevc", "cuda", "libx265", true)]
    public async Task A_codings_name_takes_the_processors_encoder_where_no_card_encodes(string coding, string hwaccel, string encoder, bool told)
    {
        SkipOnACard();
        Make("in.mp4", "-c:v libx264");
        await Convert("by-name.mkv", null, "--encoder", encoder);

        var run = await Convert("by-coding.mkv", null, "--encoder", coding, "--hwaccel", hwaccel);

        Assert.Equal(told, run.Error.Contains($"Encoding with {encoder}, because {coding}_nvenc cannot be used: ", StringComparison.Ordinal));
        AssertSameFrames("by-name.mkv", "by-coding.mkv");
    }

    private static void SkipOnACard() =>
        Assert.SkipWhen(
            File.Exists("/proc/driver/nvidia/version") || OperatingSystem.IsWindows(), "This is about machines without a card of NVIDIA's.");

    private void Make(string name, string encoder, int frames = 15) =>
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=160x120:rate=15 -frames:v {frames} -pix_fmt yuv420p {encoder} {_folder[name]}");

    private async Task<ProcessRun> Convert(string output, IReadOnlyDictionary<string, string?>? environment, params string[] options)
    {
        string input = options.FirstOrDefault(option => option.StartsWith("in.", StringComparison.Ordinal)) ?? "in.mp4";
        string[] encoder = options.Contains("--encoder") ? ["--encoder-preset", "ultrafast"] : ["--encoder", "ffv1"];
        var run = await ProcessRun.OfFilter(
            ["convert", input, output, "--method", "average", .. encoder, .. options.Where(option => option != input)], _folder.Path, environment);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private void AssertSameFrames(string expected, string actual)
    {
        string[] frames = FrameHashes.OfVideo(_folder[expected], "yuv420p");
        Assert.True(frames.Length >= 30);
        Assert.Equal(frames, FrameHashes.OfVideo(_folder[actual], "yuv420p"));
    }
}
