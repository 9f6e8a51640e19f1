using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

/// <summary>Standard streams that are closed, whose reader has gone or whose disk is full, by the real command line.</summary>
public sealed class StreamFaultTests
{
    [Fact]
    public async Task Closed_and_full_streams_cost_words_at_most_and_never_an_output()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full stands for a full disk.");
        FfmpegCommand.Require();
        using var folder = new ClipFolder();
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 5 -c:v ffv1 {folder["in.mkv"]}");
        folder.Write("run.sh", $$"""
            f() { dotnet '{{ProcessRun.FilterAssembly}}' "$@"; }
            convert() { f convert in.mkv --method average --encoder ffv1 "$@"; }
            convert closed.mkv <&- >&- 2>&-; echo closed $?
            convert full.mkv --progress json 2>/dev/full; echo full $?
            f inspect in.mkv --json | head -c 0; echo left ${PIPESTATUS[0]}
            f inspect in.mkv --json >/dev/full; echo inspected $?
            f inspect in.mkv >&-; echo nowhere $?
            convert - --container nut >&-; echo out $?
            convert - --container nut 2>&- | head -c 0; echo read ${PIPESTATUS[0]}
            """);

        var run = await ProcessRun.Of("bash", ["run.sh"], folder.Path);

        Assert.Equal(
            ["closed 0", "full 0", "left 0", "inspected 1", "nowhere 1", "out 1", "read 141"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            [
                "framefilter: error: Writing standard output: the disk is full. Free some space, or choose another disk.",
                "framefilter: error: Writing standard output: it is closed.",
                "framefilter: error: Writing -: standard output is closed. Name a file, or put a program behind a pipe.",
            ],
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["closed.mkv", "full.mkv", "in.mkv", "run.sh"], folder.Names);
        Assert.Equal(10, FrameHashes.OfVideo(folder["closed.mkv"]).Length);
        Assert.Equal(FrameHashes.OfVideo(folder["closed.mkv"]), FrameHashes.OfVideo(folder["full.mkv"]));
    }
}
