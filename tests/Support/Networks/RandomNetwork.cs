using AdaConv.Model;

namespace AdaConv.Tests.Support.Networks;

/// <summary>Networks with random weights, whose flows reach over several pixels.</summary>
public static class RandomNetwork
{
    /// <summary>A network of random weights, biases and times, the same in every run.</summary>
    public static NetworkWeights Of(string configuration) => Of(NetworkConfiguration.Parse(configuration));

    /// <summary>A network of random weights, biases and times, the same in every run.</summary>
    /// <param name="configuration">Its layers.</param>
    /// <param name="size">How large the values are; with 1, flows reach over several pixels and farther than tiles overlap.</param>
    public static NetworkWeights Of(NetworkConfiguration configuration, double size = 1)
    {
        Random random = new(23);
        InterpolationNetwork network = InterpolationNetwork.Of(configuration);
        Dictionary<string, float[]> tensors = [];
        foreach (ConvolutionLayer layer in network.Layers)
        {
            double weight = size * (layer.Gain < 1 && layer.FreshBias is null ? 0.5 : layer.Gain) * Math.Sqrt(6.0 / (9 * layer.StoredInputs));
            foreach (var (name, shape) in layer.Tensors)
            {
                double scale = shape.Length == 4 ? weight : 0.2 * size;
                tensors[name] = [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)(scale * (2 * random.NextDouble() - 1)))];
            }

            if (layer.FreshBias is { } fresh)
            {
                tensors[layer.Name + ".bias"] = [.. fresh];
            }
        }

        return new(network, tensors, new Dictionary<string, string> { ["sources"] = "none" });
    }
}
