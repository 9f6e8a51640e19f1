using AdaConv.Model;

namespace AdaConv.Plugin.Tests;

/// <summary>A network of random weights, quick to load and to run.</summary>
internal static class SmallNetwork
{
    /// <summary>Writes its weights.</summary>
    public static void Write(string path)
    {
        NetworkConfiguration configuration = new() { BlockWidths = [32, 32, 32], BlockResiduals = [1, 1, 1], HeadResiduals = 1, KnowsTime = true };
        InterpolationNetwork network = InterpolationNetwork.Of(configuration);
        Random random = new(18);
        Dictionary<string, float[]> tensors = [];
        foreach (var (name, shape) in network.Layers.SelectMany(layer => layer.Tensors))
        {
            long fan = Math.Max(1, shape.Skip(1).Aggregate(1L, (product, extent) => product * extent));
            tensors[name] = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, extent) => product * extent))
                .Select(_ => (float)((random.NextDouble() - 0.5) * 2 / Math.Sqrt(fan)))];
        }

        new NetworkWeights(network, tensors, new Dictionary<string, string>()).Save(path, half: false);
    }
}
