using AdaConv.Tests.Support.Cuda;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace AdaConv.Engine.Tests.Cuda;

/// <summary>native/kernels.ptx: made from the sources, accepted for every device, within its budget of registers.</summary>
public sealed partial class PtxTests
{
    // Registers of a thread, the greatest over the architectures below, measured with ptxas 11.8; more would cost occupancy
    // (docs/gpu.md), and what spills to memory costs more.
    private static readonly Dictionary<string, int> Budget = new()
    {
        ["adaconv_separable_forward_f32"] = 168,
        ["adaconv_separable_forward_f16"] = 168,
        ["adaconv_separable_tap_gradient_f32"] = 200,
        ["adaconv_separable_tap_gradient_f16"] = 200,
        ["adaconv_separable_image_gradient_f32"] = 128,
        ["adaconv_separable_image_gradient_f16"] = 128,
        ["adaconv_fold_taps_f32"] = 40,
        ["adaconv_warp_forward_f32"] = 64,
        ["adaconv_warp_forward_f16"] = 64,
        ["adaconv_warp_backward_f32"] = 64,
        ["adaconv_warp_backward_f16"] = 64,
        ["adaconv_cubic_warp_forward_f32"] = 72,
        ["adaconv_cubic_warp_forward_f16"] = 64,
        ["adaconv_cubic_warp_backward_f32"] = 80,
        ["adaconv_cubic_warp_backward_f16"] = 104,
    };

    private static readonly string[] Sources =
        ["adaconv_kernels.h", "device.h", "taps.cuh", "separable_forward.cuh", "separable_gradients.cuh", "warp.cuh", "kernels.cu"];

    private static string PtxFile => Path.Combine(NativeSources.Folder, "kernels.ptx");

    [Fact]
    public void The_committed_text_was_made_from_the_sources()
    {
        byte[] sources = [.. Sources.SelectMany(source => File.ReadAllBytes(Path.Combine(NativeSources.Folder, source)))];
        string hash = Convert.ToHexStringLower(SHA256.HashData(sources));
        string first = File.ReadLines(PtxFile).First();
        Assert.True(first.Contains(hash, StringComparison.Ordinal), $"native/kernels.ptx is older than its sources: run native/build-ptx.sh. {first}");
        Assert.Equal(Budget.Keys.Order(), Entry().Matches(File.ReadAllText(PtxFile)).Select(match => match.Groups[1].Value).Order());
    }

    [Fact]
    public void The_compiler_makes_the_committed_text()
    {
        string? clang = NativeSources.Find("clang-14");
        Assert.SkipUnless(clang is not null, "clang-14, which native/kernels.ptx was made with, is not here.");
        string folder = NativeSources.TemporaryFolder();
        try
        {
            string output = Path.Combine(folder, "kernels.ptx");
            var (exit, text) = NativeSources.Run("sh", [Path.Combine(NativeSources.Folder, "build-ptx.sh"), output]);
            Assert.True(exit == 0, text);
            Assert.Equal(File.ReadAllText(PtxFile), File.ReadAllText(output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(70)]
    [InlineData(75)]
    [InlineData(80)]
    [InlineData(86)]
    [InlineData(89)]
    [InlineData(90)]
    public void The_assembler_takes_it_without_spills_and_within_the_budget(int architecture)
    {
        string tools = Path.Combine(NativeSources.Folder, "..", "artifacts", "cuda", "ptxas");
        string? assembler = File.Exists(tools) ? tools : NativeSources.Find("ptxas");
        Assert.SkipUnless(assembler is not null, "NVIDIA's assembler ptxas is not here; eng/cuda-tools.sh fetches it on Debian.");
        var (exit, text) = NativeSources.Run(assembler!,
            ["-arch", "sm_" + architecture.ToString(CultureInfo.InvariantCulture), "-v", PtxFile, "-o", "/dev/null"]);
        Assert.True(exit == 0, text);
        var kernels = Report().Matches(text);
        Assert.Equal(Budget.Count, kernels.Count);
        foreach (Match kernel in kernels)
        {
            string name = kernel.Groups[1].Value;
            int registers = int.Parse(kernel.Groups[4].Value, CultureInfo.InvariantCulture);
            TestContext.Current.TestOutputHelper?.WriteLine($"sm_{architecture} {name}: {registers} registers");
            Assert.True(kernel.Groups[2].Value == "0" && kernel.Groups[3].Value == "0", $"{name} spills: {kernel.Value}");
            Assert.True(registers <= Budget[name], $"{name} takes {registers} registers, its budget is {Budget[name]}");
        }
    }

    [GeneratedRegex(@"\.entry (\w+)\(")]
    private static partial Regex Entry();

    [GeneratedRegex(@"Compiling entry function '(\w+)'[^']*'[^']*'[^B]*?\n[^\n]*\n\s+\d+ bytes stack frame, (\d+) bytes spill stores, "
        + @"(\d+) bytes spill loads\n[^\n]*Used (\d+) registers")]
    private static partial Regex Report();
}
