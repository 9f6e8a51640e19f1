using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AdaConv.Torch.Tests;

/// <summary>Which libtorch the build takes for each value of Torch and each system; the packages themselves need not be at hand.</summary>
public sealed class TorchSwitchTests
{
    [Theory]
    [InlineData("-p:Torch=cpu", "-p:RuntimeIdentifier=linux-x64", "TorchSharp", "libtorch-cpu-linux-x64")]
    [InlineData("-p:Torch=cpu", "-p:RuntimeIdentifier=win-x64", "TorchSharp", "libtorch-cpu-win-x64")]
    [InlineData("-p:Torch=cuda-linux", "-p:RuntimeIdentifier=linux-x64", "TorchSharp-cuda-linux")]
    [InlineData("-p:Torch=cuda-windows", "-p:RuntimeIdentifier=win-x64", "TorchSharp-cuda-windows")]
    public void The_switch_and_the_system_choose_the_packages(string torch, string system, params string[] packages)
    {
        Assert.Equal(packages,
            References("Torch", "PackageReference", torch, system).Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("cpu", false)]
    [InlineData("cuda-linux", true)]
    [InlineData("cuda-windows", true)]
    public void The_filter_has_libtorch_for_cuda_devices_only(string torch, bool has)
    {
        string[] references = References("FrameFilter", "ProjectReference", $"-p:Torch={torch}");
        Assert.Equal(has, references.Any(reference => reference.Contains("Torch", StringComparison.Ordinal)));
        Assert.DoesNotContain(References("FrameFilter", "PackageReference", $"-p:Torch={torch}"),
            name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(References("Conversion", "ProjectReference", $"-p:Torch={torch}"),
            reference => reference.Contains("Torch", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_value_ends_the_build_with_those_that_are_known() =>
        Assert.Contains("Torch=rocm is not known; it may be cpu, cuda-linux or cuda-windows.", Evaluate("Torch", "-t:CheckTorch", "-p:Torch=rocm"));

    private static string[] References(string project, string kind, params string[] arguments)
    {
        using JsonDocument evaluated = JsonDocument.Parse(Evaluate(project, [$"-getItem:{kind}", .. arguments]));
        return [.. evaluated.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }

    private static string Evaluate(string name, params string[] arguments)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AdaConv.sln")))
        {
            folder = folder.Parent;
        }

        Assert.SkipUnless(folder is not null, "The tests run outside of the repository.");
        string project = Path.Combine(folder!.FullName, "src", name, name + ".csproj");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", project, "-nologo", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
