using AdaConv.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Weights between files and libtorch's networks.</summary>
public static class TorchWeights
{
    /// <summary>Creates the network that a weight file describes and fills it.</summary>
    /// <exception cref="ModelException">The file is not a whole weight file of ours, or its tensors do not fit its configuration.</exception>
    public static TorchNetwork Load(string path) => Load(path, out _);

    /// <summary>Creates the network that a weight file describes, fills it, and gives the file's metadata.</summary>
    /// <exception cref="ModelException">The file is not a whole weight file of ours, or its tensors do not fit its configuration.</exception>
    public static TorchNetwork Load(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        NetworkWeights weights = NetworkWeights.Load(path);
        metadata = weights.Metadata;
        TorchNetwork network = new(weights.Network.Configuration);
        Fill(network, weights);
        return network;
    }

    /// <summary>Copies a file's tensors into a network of the same architecture.</summary>
    /// <exception cref="ModelException">A tensor is missing, unknown or of another shape; the message names it.</exception>
    public static void Fill(TorchNetwork network, SafetensorsFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        Fill(network, NetworkWeights.Of(network.Description, file, path));
    }

    /// <summary>Fills what a file has of a network: the start of a run from weights that another network learnt.</summary>
    /// <returns>The names of the tensors that the file lacks, or has in another shape: they stay as they were.</returns>
    /// <exception cref="ModelException">The file cannot be read, or nothing in it fits.</exception>
    public static IReadOnlyList<string> FillMatching(TorchNetwork network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsFile file = SafetensorsFile.Read(path);
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        List<string> left = [];
        int filled = 0;
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (file.Tensors.TryGetValue(name, out SafetensorsEntry? entry) && entry.Shape.SequenceEqual(parameter.shape))
            {
                parameter.copy_(tensor(entry.ToFloats()).view(parameter.shape));
                filled++;
            }
            else
            {
                left.Add(name);
            }
        }

        return filled > 0 ? left : throw new ModelException($"Nothing in the weights {path} fits the network {network.Configuration.ToJson()}.");
    }

    /// <summary>A network's weights, out of libtorch's memory.</summary>
    /// <param name="network">The network.</param>
    /// <param name="metadata">Scores, training sources and their licences.</param>
    public static NetworkWeights Of(TorchNetwork network, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(network.Description, network.named_parameters().ToDictionary(named => named.name, named => ToFloats(named.parameter)), metadata);
    }

    /// <summary>Writes a network's weights.</summary>
    /// <param name="network">The network; its configuration goes into the metadata.</param>
    /// <param name="path">The file; it appears when whole.</param>
    /// <param name="metadata">More metadata: scores, training sources and their licences.</param>
    /// <param name="half">Store as float16 (rounded to nearest) instead of float32.</param>
    /// <exception cref="ModelException">The file cannot be written.</exception>
    public static void Save(TorchNetwork network, string path, IReadOnlyDictionary<string, string> metadata, bool half) =>
        Of(network, metadata).Save(path, half);

    /// <summary>A tensor's elements in row-major order, whatever its strides.</summary>
    public static float[] ToFloats(Tensor tensor)
    {
        using IDisposable scope = NewDisposeScope();
        return [.. tensor.detach().cpu().to(ScalarType.Float32).contiguous().data<float>()];
    }

    private static void Fill(TorchNetwork network, NetworkWeights weights)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            parameter.copy_(tensor(weights.Tensors[name]).view(parameter.shape));
        }
    }
}
