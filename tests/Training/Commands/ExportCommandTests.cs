using AdaConv.Model;
using AdaConv.Onnx;
using AdaConv.Torch;
using Xunit;

namespace AdaConv.Training.Tests.Commands;

public sealed class ExportCommandTests
{
    [Fact]
    public void An_exported_file_states_cost_samples_recipe_and_scores()
    {
        using var clips = new TrainingClips();
        string run = Directory.CreateDirectory(clips["run"]).FullName, set = clips["set"], file = clips["small.safetensors"];
        TestPictures.Write(set, ("im1.png", "im2.png", "im3.png"));
        NetworkConfiguration small = NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0 };
        using (TorchNetwork network = small.CreateNetwork())
        {
            TorchWeights.Save(network, Path.Combine(run, "weights.safetensors"), new Dictionary<string, string> { ["steps"] = "300" }, half: false);
        }

        File.WriteAllText(Path.Combine(run, "config.json"),
            $$"""
            {
                "network": {{small.ToJson()}}, "sources": [{ "kind": "footage", "path": "/somewhere/else/clips" }],
                "batch": 4, "start": "/runs/old.safetensors", "teachers": ["/runs/one.safetensors", "two.safetensors"]
            }
            """);
        TrainingProgram export = TrainingProgram.Run("export", run, file, "--middlebury", set, "--samples-before", "1000");
        Assert.True(export.ExitCode == 0, export.Errors);

        using TorchNetwork exported = TorchWeights.Load(file, out var metadata);
        Assert.Equal("2200", metadata["samples"]);
        Assert.Equal($"{exported.parameters().Sum(parameter => parameter.numel())}", metadata["parameters"]);
        Assert.Equal($"{exported.Description.MultiplyAddsPerPixel:F0}", metadata["multiplyAddsPerPixel"]);
        Assert.Contains("mean of 2", metadata["middlebury"], StringComparison.Ordinal);
        Assert.DoesNotContain("/", metadata["recipe"], StringComparison.Ordinal); // no folders of the machine that trained
        Assert.Contains("old.safetensors", metadata["recipe"], StringComparison.Ordinal);
        Assert.Contains("""["one.safetensors","two.safetensors"]""", metadata["recipe"], StringComparison.Ordinal);
        TrainingProgram onnx = TrainingProgram.Run("export", run, clips["small.onnx"], "--onnx");
        Assert.True(onnx.ExitCode == 0, onnx.Errors);
        Assert.Contains("the middle of both frames only", onnx.Output, StringComparison.Ordinal);
        Assert.Equal(OnnxModel.ForHosts(NetworkWeights.Load(Path.Combine(run, "weights.safetensors"))), File.ReadAllBytes(clips["small.onnx"]));
        TrainingProgram both = TrainingProgram.Run("export", run, clips["other.onnx"], "--onnx", "--middlebury", set);
        Assert.NotEqual(0, both.ExitCode);
        Assert.Contains("--middlebury does not go with --onnx", both.Errors, StringComparison.Ordinal);
        Assert.Equal(["small.onnx", "small.safetensors"],
            Directory.GetFiles(Path.GetDirectoryName(file)!).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}
