using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AdaConv.FFmpeg.Tests;

/// <summary>What the build takes for each value of FFmpegBinding; the package itself need not be at hand.</summary>
public sealed class BindingSwitchTests
{
    [Theory]
    [InlineData("", true, false)]
    [InlineData("Package", false, true)]
    public void The_switch_takes_either_the_binding_here_or_the_package(string binding, bool ownFunctions, bool package)
    {
        string project = Path.Combine(Repository(), "src", "FFmpeg.AutoGen", "FFmpeg.AutoGen.csproj");
        (int exit, string output) = Run(
            "dotnet",
            ["msbuild", project, $"-p:FFmpegBinding={binding}", "-getItem:Compile;PackageReference", "-getProperty:DefineConstants"]);
        Assert.True(exit == 0, output);
        using JsonDocument evaluated = JsonDocument.Parse(output);
        string[] sources = Items(evaluated, "Compile");

        Assert.Equal(ownFunctions, sources.Any(source => source.Contains("ffmpeg.avutil.cs", StringComparison.Ordinal)));
        Assert.Contains(sources, source => source.Contains("FrameFields.cs", StringComparison.Ordinal));
        Assert.Contains(sources, source => source.Contains("LibAvLibraries.cs", StringComparison.Ordinal));
        Assert.Equal(package, Items(evaluated, "PackageReference").Contains("FFmpeg.AutoGen"));
        string constants = evaluated.RootElement.GetProperty("Properties").GetProperty("DefineConstants").GetString()!;
        Assert.Equal(package, constants.Split(';').Contains("FFMPEG_PACKAGE"));
    }

    [Fact]
    public void A_value_that_the_switch_does_not_know_ends_the_build_with_both_that_it_does()
    {
        string project = Path.Combine(Repository(), "src", "FFmpeg.AutoGen", "FFmpeg.AutoGen.csproj");

        (int exit, string output) = Run("dotnet", ["msbuild", project, "-t:CheckFFmpegBinding", "-p:FFmpegBinding=Other"]);

        Assert.NotEqual(0, exit);
        Assert.Contains("FFmpegBinding is 'Other'; it must be BuiltIn or Package", output, StringComparison.Ordinal);
    }

    private static string[] Items(JsonDocument evaluated, string name) =>
        [.. evaluated.RootElement.GetProperty("Items").GetProperty(name).EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];

    private static string Repository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AdaConv.sln")))
            {
                return folder.FullName;
            }
        }
        Assert.Skip("the tests run outside of the repository");
        return "";
    }

    private static (int Exit, string Output) Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
