using AdaConv.Engine;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed class KernelWarmUpTests
{
    private static readonly InterpolatorOptions[] s_options =
    [
        new(), new() { Motion = MotionPath.Straight, Grain = Grain.Smooth }, new() { Synthesis = Synthesis.Warping, Ensemble = 4, Threads = 2 },
        new() { MemoryLimit = 1 << 20 }, new() { Device = ComputeDevice.Cuda, Kernels = KernelLevel.Scalar },
    ];

    // Begun on another thread, it could fail unseen.
    [Theory]
    [InlineData("guided")]
    [InlineData("fast")]
    [InlineData("quality")]
    [InlineData("guided-open")]
    public void A_small_network_of_each_shipped_kind_runs_whatever_the_options(string name)
    {
        NetworkConfiguration configuration = NetworkWeights.Load(PathOf(name)).Network.Configuration;

        Assert.All(s_options, options => KernelWarmUp.Run(configuration, options));
    }

    [Fact]
    public void The_network_is_told_before_its_tensors_are_found_wanting()
    {
        SafetensorsFile file = SafetensorsFile.Read(PathOf("fast"));
        file.Tensors.Remove(file.Tensors.Keys.First());
        DirectoryInfo folder = Directory.CreateTempSubdirectory("adaconv-warm-");
        try
        {
            string path = Path.Combine(folder.FullName, "lacking.safetensors");
            file.Write(path);
            InterpolationNetwork? told = null;

            Assert.Throws<ModelException>(() => NetworkWeights.Load(path, network => told = network));

            Assert.Equal(2, told!.Configuration.InputScale);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string PathOf(string name) => Path.Combine(RepositoryFiles.Root, "models", name + ".safetensors");
}
