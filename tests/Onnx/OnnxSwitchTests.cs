using System.Text.Json;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Onnx.Tests;

/// <summary>What the build takes of ONNX Runtime for values of Onnx; the packages themselves need not be at hand.</summary>
public sealed class OnnxSwitchTests
{
    [Theory]
    [InlineData("none", false, "Microsoft.ML.OnnxRuntime")]
    [InlineData("cuda", true, "Microsoft.ML.OnnxRuntime.Gpu")]
    public async Task The_filter_has_ONNX_Runtime_only_where_it_is_asked_for(string onnx, bool has, string package)
    {
        string[] projects = await References("FrameFilter", "ProjectReference", onnx);
        Assert.Equal(has, projects.Any(reference => reference.Contains("OnnxRuntime", StringComparison.Ordinal)));
        Assert.Equal([package], (await References("OnnxRuntime", "PackageReference", onnx)).Where(name => name.Contains("Onnx", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_unknown_value_ends_the_build_with_those_that_are_known() =>
        Assert.Contains("Onnx=rocm is not known; it may be none, cpu, cuda, directml or openvino.",
            (await Evaluate("OnnxRuntime", "-t:CheckOnnx", "-p:Onnx=rocm")).Output, StringComparison.Ordinal);

    private static async Task<string[]> References(string project, string kind, string onnx)
    {
        using JsonDocument evaluated = JsonDocument.Parse((await Evaluate(project, $"-getItem:{kind}", $"-p:Onnx={onnx}")).Output);
        return [.. evaluated.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }

    private static Task<ProcessRun> Evaluate(string name, params string[] arguments) =>
        ProcessRun.Of("dotnet", ["msbuild", Path.Combine(RepositoryFiles.Root, "src", name, name + ".csproj"), "-nologo", .. arguments]);
}
