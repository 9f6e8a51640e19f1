using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>The whole program with the network where the processor has fewer instructions than this one, and on frames of odd shapes.</summary>
public sealed class OtherProcessorTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DOTNET_EnableAVX2", "vector128")]
    [InlineData("DOTNET_EnableHWIntrinsic", "scalar")]
    public async Task Fewer_instructions_make_the_same_pixels_and_a_word_of_the_doctor(string switchedOff, string level)
    {
        Dictionary<string, string?> environment = new() { [switchedOff] = "0", ["ADACONV_KERNELS"] = null };
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 3 -c:v ffv1 {_folder["in.mkv"]}");

        var doctor = await ProcessRun.OfFilter(["doctor"], _folder.Path, environment);
        var here = await ProcessRun.OfFilter(["convert", "in.mkv", "here.mkv", "--encoder", "ffv1"], _folder.Path);
        var there = await ProcessRun.OfFilter(["convert", "in.mkv", "there.mkv", "--encoder", "ffv1"], _folder.Path, environment);

        Assert.Contains($"kernels: {level}, many times slower than with AVX2", doctor.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (here.ExitCode, there.ExitCode));
        byte[] expected = Pixels("here.mkv"), found = Pixels("there.mkv");
        Assert.Equal(6 * 64 * 48 * 3 / 2, expected.Length);
        Assert.Equal(expected.Length, found.Length);

        // docs/numerics.md: levels differ in the last bits, so that a value between two codes may be rounded to either.
        int[] differences = [.. expected.Zip(found, (a, b) => Math.Abs(a - b))];
        Assert.InRange(differences.Max(), 0, 1);
        Assert.InRange(differences.Count(difference => difference > 0), 0, expected.Length / 100);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16383, 1)]
    [InlineData(1, 4097)]
    public async Task A_frame_of_any_shape_goes_through_the_network(int width, int height)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x64:rate=25 -frames:v 3 -vf format=gbrp,scale={width}:{height} -c:v ffv1 {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv", "--encoder", "ffv1"], _folder.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        var stream = FfmpegCommand.Probe(_folder["out.mkv"], "-count_frames -show_streams").GetProperty("streams")[0];
        Assert.Equal($"{width} {height} 6", $"{stream.GetProperty("width")} {stream.GetProperty("height")} {stream.GetProperty("nb_read_frames").GetString()}");
    }

    [Fact]
    public async Task A_frame_of_more_pixels_than_are_supported_is_refused_at_once()
    {
        FfmpegCommand.Run($"-f lavfi -i color=size=8192x8192:rate=25,format=gray -frames:v 1 -c:v ffv1 {_folder["in.mkv"]}");

        var run = await ProcessRun.OfFilter(["convert", "in.mkv", "out.mkv"], _folder.Path);

        Assert.Equal((1, "in.mkv"), (run.ExitCode, Assert.Single(_folder.Names)));
        Assert.Contains("the size of its picture is unknown, or larger than the 50 million pixels that are supported", run.Error, StringComparison.Ordinal);
    }

    private byte[] Pixels(string name)
    {
        FfmpegCommand.Run($"-i {_folder[name]} -f rawvideo -pix_fmt yuv420p {_folder[name + ".yuv"]}");
        return File.ReadAllBytes(_folder[name + ".yuv"]);
    }
}
