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
        string output = Evaluate("-getItem:PackageReference", torch, system);
        using JsonDocument evaluated = JsonDocument.Parse(output);
        string[] references = [.. evaluated.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!).Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase))];
        Assert.Equal(packages, references);
    }

    [Fact]
    public void An_unknown_value_ends_the_build_with_those_that_are_known() =>
        Assert.Contains("Torch=rocm is not known; it may be cpu, cuda-linux or cuda-windows.", Evaluate("-t:CheckTorch", "-p:Torch=rocm"));

    private static string Evaluate(params string[] arguments)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AdaConv.sln")))
        {
            folder = folder.Parent;
        }

        Assert.SkipUnless(folder is not null, "The tests run outside of the repository.");
        string project = Path.Combine(folder!.FullName, "src", "Torch", "Torch.csproj");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", project, "-nologo", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
