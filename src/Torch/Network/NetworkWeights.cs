using AdaConv.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Networks to and from weight files: tensors by parameter name, the configuration under the metadata key "network".</summary>
public static class NetworkWeights
{
    /// <summary>Metadata key of the network's configuration (JSON).</summary>
    public const string ConfigurationKey = "network";

    private const string FormatKey = "format";
    private const string FormatValue = "adaconv-1";

    /// <summary>Creates the network that a weight file describes and fills it.</summary>
    /// <exception cref="ModelException">The file is not a whole weight file of ours, or its tensors do not fit its configuration.</exception>
    public static InterpolationNetwork Load(string path) => Load(path, out _);

    /// <summary>Creates the network that a weight file describes, fills it, and gives the file's metadata.</summary>
    /// <exception cref="ModelException">The file is not a whole weight file of ours, or its tensors do not fit its configuration.</exception>
    public static InterpolationNetwork Load(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        if (!file.Metadata.TryGetValue(ConfigurationKey, out string? json))
        {
            throw new ModelException($"The weights {path} have no network configuration (metadata key \"{ConfigurationKey}\"); they are not weights of AdaConv.");
        }

        InterpolationNetwork network;
        try
        {
            network = NetworkConfiguration.Parse(json).CreateNetwork();
        }
        catch (ModelException exception)
        {
            throw new ModelException($"The weights {path} cannot be used. {exception.Message}", exception);
        }

        Fill(network, file, path);
        metadata = file.Metadata;
        return network;
    }

    /// <summary>Copies a file's tensors into a network of the same architecture.</summary>
    /// <exception cref="ModelException">A tensor is missing, unknown or of another shape; the message names it.</exception>
    public static void Fill(InterpolationNetwork network, SafetensorsFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(file);
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        HashSet<string> expected = [];
        foreach (var (name, parameter) in network.named_parameters())
        {
            expected.Add(name);
            if (!file.Tensors.TryGetValue(name, out SafetensorsEntry? entry))
            {
                throw new ModelException($"The weights {path} lack the tensor {name} that their network ({network.Configuration.ToJson()}) needs.");
            }

            if (!entry.Shape.SequenceEqual(parameter.shape))
            {
                throw new ModelException(
                    $"The weights {path} do not fit: {name} is [{string.Join(", ", entry.Shape)}] in the file, "
                    + $"[{string.Join(", ", parameter.shape)}] in its network.");
            }

            float[] values = entry.ToFloats();
            if (values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                throw new ModelException($"The weights {path} are damaged: {name} contains values that are not finite.");
            }

            parameter.copy_(tensor(values).view(parameter.shape));
        }

        string? unknown = file.Tensors.Keys.FirstOrDefault(name => !expected.Contains(name));
        if (unknown is not null)
        {
            throw new ModelException($"The weights {path} do not fit: their network has no tensor {unknown}.");
        }
    }

    /// <summary>Fills what a file has of a network: the start of a run from weights that another network learnt.</summary>
    /// <returns>The names of the tensors that the file lacks, or has in another shape: they stay as they were.</returns>
    /// <exception cref="ModelException">The file cannot be read, or nothing in it fits.</exception>
    public static IReadOnlyList<string> FillMatching(InterpolationNetwork network, string path)
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

    /// <summary>Writes a network's weights.</summary>
    /// <param name="network">The network; its configuration goes into the metadata.</param>
    /// <param name="path">The file; it appears when whole.</param>
    /// <param name="metadata">More metadata: scores, training sources and their licences.</param>
    /// <param name="half">Store as float16 (rounded to nearest) instead of float32.</param>
    /// <exception cref="ModelException">The file cannot be written.</exception>
    public static void Save(InterpolationNetwork network, string path, IReadOnlyDictionary<string, string> metadata, bool half)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(metadata);
        var file = new SafetensorsFile();
        foreach (var (key, value) in metadata)
        {
            file.Metadata[key] = value;
        }

        file.Metadata[FormatKey] = FormatValue;
        file.Metadata[ConfigurationKey] = network.Configuration.ToJson();
        foreach (var (name, parameter) in network.named_parameters())
        {
            file.Tensors[name] = SafetensorsEntry.FromFloats(ToFloats(parameter), parameter.shape, half);
        }

        file.Write(path);
    }

    /// <summary>A tensor's elements in row-major order, whatever its strides.</summary>
    public static float[] ToFloats(Tensor tensor)
    {
        using IDisposable scope = NewDisposeScope();
        return [.. tensor.detach().cpu().to(ScalarType.Float32).contiguous().data<float>()];
    }
}
