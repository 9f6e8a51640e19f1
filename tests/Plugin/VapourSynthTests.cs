using AdaConv.Tests.Support;
using AdaConv.Tests.Support.Cuda;
using Xunit;

namespace AdaConv.Plugin.Tests;

/// <summary>The plug-in for VapourSynth in a host of the tests' own, where VapourSynth's headers are: the real host is not to be had everywhere.</summary>
public sealed class VapourSynthTests(NativeProgram native) : IClassFixture<NativeProgram>
{
    [Fact]
    public async Task A_clip_is_interpolated_with_exact_durations_and_cuts_are_respected()
    {
        native.Require();
        string? folder = Headers();
        Assert.SkipUnless(folder is not null, "VapourSynth4.h was not found: VapourSynth is not installed, and VAPOURSYNTH_INCLUDE names no folder with it.");
        ProcessRun build = await ProcessRun.Of("sh", [Path.Combine(NativeSources.Folder, "vapoursynth", "build.sh"), "--include", folder]);
        Assert.True(build.ExitCode == 0, build.Error);
        string host = Path.Combine(native.Folder, "vapoursynth_host");
        var (exit, text) = NativeSources.Run("gcc",
        [
            "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-I", folder, "-o", host,
            Path.Combine(RepositoryFiles.Root, "tests", "Plugin", "vapoursynth_host.c"), "-ldl",
        ]);
        Assert.True(exit == 0, text);
        ProcessRun run = await ProcessRun.Of(host, [Path.Combine(NativeProgram.LibraryFolder, "libvsadaconv.so"), native.Weights], native.Folder);
        Assert.True(run.ExitCode == 0 && run.Error.Length == 0, run.Error);
    }

    private static string? Headers()
    {
        List<string> folders = [Environment.GetEnvironmentVariable("VAPOURSYNTH_INCLUDE") ?? "", "/usr/include/vapoursynth", "/usr/local/include/vapoursynth"];
        if (NativeSources.Find("pkg-config") is not null)
        {
            var (exit, text) = NativeSources.Run("pkg-config", ["--variable=includedir", "vapoursynth"]);
            folders.Add(exit == 0 ? Path.Combine(text.Trim(), "vapoursynth") : "");
        }

        return folders.Find(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "VapourSynth4.h")));
    }
}
