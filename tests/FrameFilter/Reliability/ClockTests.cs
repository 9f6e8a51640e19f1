using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

/// <summary>The system's clock jumps by ten years, ahead and back, at every third look at it: nothing but the log's times depends on it.</summary>
public sealed class ClockTests
{
    private const string Clock = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <sys/time.h>
        #include <time.h>
        static _Atomic long looks;
        static long jump(void) { return (looks++ / 3 % 3 - 1) * 315360000L; }
        int clock_gettime(clockid_t id, struct timespec *at)
        {
            int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime"), result = real(id, at);
            if (id == CLOCK_REALTIME && result == 0) at->tv_sec += jump();
            return result;
        }
        int gettimeofday(struct timeval *at, void *zone)
        {
            int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday"), result = real(at, zone);
            if (result == 0) at->tv_sec += jump();
            return result;
        }
        time_t time(time_t *at)
        {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (at) *at = now.tv_sec;
            return now.tv_sec;
        }
        """;

    [Fact]
    public async Task A_clock_that_jumps_by_years_disturbs_neither_a_batch_nor_a_watch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "A C compiler makes the library that lies about the time.");
        FfmpegCommand.Require();
        using var folder = new ClipFolder();
        Directory.CreateDirectory(folder["in"]);
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 100 -c:v mpeg4 {folder["in/a.mkv"]}");
        var built = await ProcessRun.Of("cc", ["-shared", "-fPIC", folder.Write("clock.c", Clock), "-o", folder["clock.so"]]);
        Assert.True(built.ExitCode == 0, built.Error);
        folder.Write("run.sh", $$"""
            export LD_PRELOAD=$PWD/clock.so
            f() { dotnet '{{ProcessRun.FilterAssembly}}' "$@"; }
            settings='--method average --encoder ffv1 --segment-length 1'
            f batch in out $settings --progress json
            echo $?
            f batch in out $settings --quiet # knows what is done
            echo $?
            dotnet '{{ProcessRun.FilterAssembly}}' watch in watched $settings --settle 0.2 --interval 0.2 >words 2>&1 &
            for i in $(seq 300); do [ -f watched/a.mkv ] && break; LD_PRELOAD= sleep 0.1; done
            kill $!
            wait $!
            echo $?
            """);

        var run = await ProcessRun.Of("bash", ["run.sh"], folder.Path);

        Assert.Equal("0\n0\n0\n", run.Output);
        Assert.DoesNotContain("-", string.Concat(run.Error.Split("\"elapsed\":").Skip(1).Select(rest => rest[0])), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error + File.ReadAllText(folder["words"]), StringComparison.Ordinal);
        string[] frames = FrameHashes.OfVideo(folder["out/a.mkv"]);
        Assert.Equal(200, frames.Length);
        Assert.Equal(frames, FrameHashes.OfVideo(folder["watched/a.mkv"]));
        Assert.Equal(
            ["a.mkv", "framefilter.jsonl"],
            Directory.GetFileSystemEntries(folder["watched"]).Select(name => Path.GetFileName(name)).Order(StringComparer.Ordinal));
        Assert.Equal(2, File.ReadAllLines(folder["out/framefilter.jsonl"]).Length);
    }
}
