using System.Globalization;
using System.Runtime.Versioning;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary>The shell launchers, in a copy of the house without its rooms and with a <c>dotnet</c> that only notes how it was called.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly ClipFolder _folder = new();

    public LauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launchers tested here are shell scripts.");
        foreach (string name in new[] { "framefilter", "training", "test", "eng/setup.sh" })
        {
            string copy = _folder.Write($"the house/{name}", File.ReadAllText(Path.Combine(RepositoryFiles.Root, name)));
            File.SetUnixFileMode(copy, Executable);
        }

        foreach (string name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "AdaConv.sln" })
        {
            _folder.Write($"the house/{name}", "");
        }

        foreach (string name in new[] { "FrameFilter", "Model", "Engine", "FFmpeg.AutoGen", "Reports", "Training" })
        {
            _folder.Write($"the house/src/{name}/{name}.csproj", "");
        }

        _folder.Write("the house/native/kernels.ptx", "");
        Directory.CreateDirectory(_folder["elsewhere"]);
        Fake("dotnet", $"""
            case $1 in
            --version) exit 0 ;;
            build)
                echo "build $2" >>"$CALLS"
                echo words of the build
                case "$* $NO_CROSSGEN" in *Precompile*1) echo "error NU1101: no package Microsoft.NETCore.App.Crossgen2"; exit 1 ;; esac
                [ -z "$BROKEN" ] ;;
            *) echo "run $*" >>"$CALLS"; echo "output of $2"; exit 7 ;;
            esac
            """);
    }

    private string Calls => File.Exists(_folder["calls"]) ? File.ReadAllText(_folder["calls"]) : "";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_start_builds_and_every_start_becomes_the_program()
    {
        var run = await Start("framefilter", "convert", "my clip.mp4", "out.mp4");

        string house = _folder["the house"];
        Assert.Equal($"build {house}/src/FrameFilter/FrameFilter.csproj\n"
            + $"run {house}/artifacts/bin/FrameFilter/release/AdaConv.FrameFilter.dll convert my clip.mp4 out.mp4\n", Calls);
        Assert.Equal(7, run.ExitCode);
        Assert.Equal("output of convert\n", run.Output);
        Assert.Contains("framefilter: building FrameFilter", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_compiled_to_native_code_is_preferred()
    {
        _folder.Write("the house/artifacts/precompiled/FrameFilter/AdaConv.FrameFilter.dll", "");

        await Start("framefilter", "convert");

        Assert.EndsWith($"run {_folder["the house"]}/artifacts/precompiled/FrameFilter/AdaConv.FrameFilter.dll convert\n", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_compiler_to_native_code_is_not_to_be_had_the_build_goes_on_without()
    {
        _folder.Write("the house/artifacts/precompiled/FrameFilter/AdaConv.FrameFilter.dll", "of an earlier build");

        var run = await Start("framefilter", new Dictionary<string, string?> { ["NO_CROSSGEN"] = "1" }, "convert");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("each start takes a little longer", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, Calls.Split("build ").Length - 1);
        Assert.EndsWith("/artifacts/bin/FrameFilter/release/AdaConv.FrameFilter.dll convert\n", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_start_goes_straight_to_work()
    {
        await Start("framefilter", "convert");
        File.Delete(_folder["calls"]);

        var run = await Start("framefilter", "convert");

        Assert.StartsWith("run ", Calls, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("src/Engine/New.cs", true)]
    [InlineData("native/kernels.ptx", true)]
    [InlineData("src/FrameFilter/FrameFilter.csproj", true)]
    [InlineData("Directory.Packages.props", true)]
    [InlineData("tests/Some.cs", false)]
    [InlineData("presets/own.yaml", false)]
    public async Task Only_a_changed_source_is_built_anew(string changed, bool builds)
    {
        await Start("framefilter");
        File.Delete(_folder["calls"]);
        string path = _folder.Write($"the house/{changed}", "changed");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(5));

        await Start("framefilter");

        Assert.Equal(builds, Calls.StartsWith("build", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_source_is_noticed()
    {
        string path = _folder.Write("the house/src/Model/Old.cs", "");
        await Start("framefilter");
        File.Delete(_folder["calls"]);
        File.Delete(path);
        Directory.SetLastWriteTimeUtc(_folder["the house/src/Model"], DateTime.UtcNow.AddSeconds(5));

        await Start("framefilter");

        Assert.StartsWith("build", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_house_is_built_anew()
    {
        await Start("framefilter");
        Directory.Move(_folder["the house"], _folder["new house"]);
        File.Delete(_folder["calls"]);

        await ProcessRun.Of(_folder["new house/framefilter"], [], _folder["elsewhere"], Environment());

        Assert.StartsWith("build", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_the_launcher_works()
    {
        File.CreateSymbolicLink(_folder["elsewhere/first"], "../the house/framefilter");
        File.CreateSymbolicLink(_folder["second"], _folder["elsewhere/first"]);

        await ProcessRun.Of(_folder["second"], ["x"], "/", Environment());

        Assert.Contains($"{_folder["the house"]}/artifacts/bin/FrameFilter/release/AdaConv.FrameFilter.dll x\n", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_build_is_told_and_tried_again()
    {
        var run = await Start("training", new Dictionary<string, string?> { ["BROKEN"] = "1" }, "train");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("training: error: the build failed", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);

        run = await Start("training", "train");

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(2, Calls.Split("build ").Length - 1);
    }

    [Fact]
    public async Task Without_dotnet_the_lines_to_type_are_shown()
    {
        // A PATH with the tools that the launcher itself needs, and nothing else.
        Directory.CreateDirectory(_folder["few tools"]);
        foreach (string tool in new[] { "sh", "dirname", "basename", "readlink", "find", "cat", "env" })
        {
            string path = new[] { "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, tool)).First(File.Exists);
            File.CreateSymbolicLink(_folder[$"few tools/{tool}"], path);
        }

        string setup = _folder["the house/eng/setup.sh"];
        File.WriteAllText(setup,
            File.ReadAllText(setup).Replace("/usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet", "/nowhere", StringComparison.Ordinal));

        var run = await Start("framefilter",
            new Dictionary<string, string?> { ["PATH"] = _folder["few tools"], ["HOME"] = _folder.Path, ["DOTNET_ROOT"] = null });

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("framefilter: error: the .NET 10 SDK was not found", run.Error, StringComparison.Ordinal);
        Assert.Contains("sudo apt-get install dotnet-sdk-10.0", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_FFmpeg_libraries_are_installed_by_root_before_the_build()
    {
        FakeMachineWithoutLibraries(installs: true);

        var run = await Start("framefilter", new Dictionary<string, string?> { ["ADACONV_FFMPEG_DIR"] = null }, "x");

        Assert.Equal(7, run.ExitCode);
        Assert.StartsWith("apt-get install -y -q --no-install-recommends ffmpeg\nbuild ", Calls, StringComparison.Ordinal);
        Assert.Contains("framefilter: installing ffmpeg", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_can_be_installed_the_line_to_type_is_shown()
    {
        FakeMachineWithoutLibraries(installs: false);

        var run = await Start("framefilter", new Dictionary<string, string?> { ["ADACONV_FFMPEG_DIR"] = null }, "x");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("sudo apt-get install ffmpeg", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("build ", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_launcher_starts_quickly_once_built()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(RepositoryFiles.Root, "artifacts", "stamps", "FrameFilter")), "The launcher has not built this checkout.");
        Assert.SkipUnless(IsIdle(), "The machine is busy; a time taken now would say nothing.");
        string launcher = Path.Combine(RepositoryFiles.Root, "framefilter");
        var run = await ProcessRun.Of(launcher, ["--version"], _folder.Path);
        Assert.SkipWhen(run.Error.Contains("building", StringComparison.Ordinal), "This start had to build.");

        run = await ProcessRun.Of(launcher, ["--version"], _folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.InRange(run.Elapsed.TotalSeconds, 0, 1);
    }

    private static bool IsIdle() =>
        File.Exists("/proc/loadavg")
        && double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) < System.Environment.ProcessorCount;

    private Task<ProcessRun> Start(string launcher, params string[] arguments) => Start(launcher, new Dictionary<string, string?>(), arguments);

    private Task<ProcessRun> Start(string launcher, Dictionary<string, string?> more, params string[] arguments)
    {
        var environment = Environment();
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return ProcessRun.Of(_folder[$"the house/{launcher}"], arguments, _folder["elsewhere"], environment);
    }

    private Dictionary<string, string?> Environment() => new()
    {
        ["PATH"] = $"{_folder["tools"]}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["CALLS"] = _folder["calls"],
        ["Torch"] = null,
        // No look for libraries: what is tested here is the launcher, not the machine.
        ["ADACONV_FFMPEG_DIR"] = _folder.Path,
    };

    private void FakeMachineWithoutLibraries(bool installs)
    {
        Fake("id", "echo 0");
        Fake("apt-get", $"echo \"apt-get $*\" >>\"$CALLS\"; {(installs ? "true" : "false")}");
        Fake("ldconfig", """
            grep -q 'apt-get install' "$CALLS" 2>/dev/null || exit 0
            for name in avformat avcodec avutil swscale; do echo "lib$name.so.59 (libc6) => /x"; done
            """);
        if (!installs)
        {
            Fake("ldconfig", "true");
        }
    }

    private void Fake(string name, string script) =>
        File.SetUnixFileMode(_folder.Write($"tools/{name}", $"#!/bin/sh\n{script}\n"), Executable);
}
