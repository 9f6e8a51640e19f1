namespace AdaConv.Model;

/// <summary>What a layer computes with.</summary>
/// <param name="Weights">[outputs, inputs, 3, 3], row-major.</param>
/// <param name="Bias">[outputs].</param>
/// <param name="Change">By what the bias changes with the time; null where the layer does not know it.</param>
public sealed record LayerWeights(float[] Weights, float[] Bias, BiasChange? Change);

/// <summary>What is added to a layer's bias at a time t: (2t − 1) late + (2t − 1)² away.</summary>
/// <param name="Late">[outputs].</param>
/// <param name="Away">[outputs].</param>
public sealed record BiasChange(float[] Late, float[] Away);

/// <summary>A network with its weights, as weight files have them: tensors by name, the configuration under the metadata key "network".</summary>
public sealed class NetworkWeights
{
    /// <summary>Metadata key of the network's configuration (JSON).</summary>
    public const string ConfigurationKey = "network";

    private const string FormatKey = "format";
    private const string FormatValue = "adaconv-1";

    /// <summary>Weights of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">All its tensors by name, row-major.</param>
    /// <param name="metadata">Scores, training sources and their licences.</param>
    public NetworkWeights(InterpolationNetwork network, IReadOnlyDictionary<string, float[]> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Network, Tensors, Metadata) = (network, tensors, metadata);

    /// <summary>The network.</summary>
    public InterpolationNetwork Network { get; }

    /// <summary>All its tensors by name, row-major.</summary>
    public IReadOnlyDictionary<string, float[]> Tensors { get; }

    /// <summary>The file's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a weight file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="described">Told the network before its tensors are read.</param>
    /// <exception cref="ModelException">The file is not a whole weight file of ours, or its tensors do not fit its configuration.</exception>
    public static NetworkWeights Load(string path, Action<InterpolationNetwork>? described = null)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        if (!file.Metadata.TryGetValue(ConfigurationKey, out string? json))
        {
            throw new ModelException(
                $"The weights {path} have no network configuration (metadata key \"{ConfigurationKey}\"); they are not weights of AdaConv.");
        }

        InterpolationNetwork network;
        try
        {
            network = InterpolationNetwork.Of(NetworkConfiguration.Parse(json));
        }
        catch (ModelException exception)
        {
            throw new ModelException($"The weights {path} cannot be used. {exception.Message}", exception);
        }

        described?.Invoke(network);
        return Of(network, file, path);
    }

    /// <summary>A file's tensors, checked against a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ModelException">A tensor is missing, unknown, of another shape, or holds what is no number; the message names it.</exception>
    public static NetworkWeights Of(InterpolationNetwork network, SafetensorsFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(file);
        Dictionary<string, float[]> tensors = [];
        foreach (var (name, shape) in network.Layers.SelectMany(layer => layer.Tensors))
        {
            if (!file.Tensors.TryGetValue(name, out SafetensorsEntry? entry))
            {
                throw new ModelException($"The weights {path} lack the tensor {name} that their network ({network.Configuration.ToJson()}) needs.");
            }

            if (!entry.Shape.SequenceEqual(shape))
            {
                throw new ModelException(
                    $"The weights {path} do not fit: {name} is [{string.Join(", ", entry.Shape)}] in the file, [{string.Join(", ", shape)}] in its network.");
            }

            float[] values = entry.ToFloats();
            if (values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                throw new ModelException($"The weights {path} are damaged: {name} contains values that are not finite.");
            }

            tensors.Add(name, values);
        }

        string? unknown = file.Tensors.Keys.FirstOrDefault(name => !tensors.ContainsKey(name));
        return unknown is null
            ? new(network, tensors, new Dictionary<string, string>(file.Metadata))
            : throw new ModelException($"The weights {path} do not fit: their network has no tensor {unknown}.");
    }

    /// <summary>
    /// What a layer computes with: stored channels that meet zeros, or that nothing reads, are left out, and groups that sum to zero have their mean taken off.
    /// </summary>
    public LayerWeights Of(ConvolutionLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        float[] stored = Centred(layer, Tensors[layer.Name + ".weight"]), bias = Centred(layer, Tensors[layer.Name + ".bias"]);
        float[] used = new float[9 * layer.Inputs * layer.Outputs];
        for (int o = 0; o < layer.Outputs; o++)
        {
            stored.AsSpan(9 * o * layer.StoredInputs, 9 * layer.Inputs).CopyTo(used.AsSpan(9 * o * layer.Inputs));
        }

        float[]? change = layer.KnowsTime ? Tensors[layer.Name + ".time"] : null;
        return new(
            used, bias[..layer.Outputs],
            change is null ? null : new(change[..layer.Outputs], change[layer.StoredOutputs..(layer.StoredOutputs + layer.Outputs)]));
    }

    // The mean over a group's outputs taken off its weights is the mean taken off the outputs: the layer is linear.
    private static float[] Centred(ConvolutionLayer layer, float[] values)
    {
        var (groups, size) = layer.ZeroSums;
        if (groups == 0)
        {
            return values;
        }

        float[] centred = [.. values];
        int length = values.Length / layer.StoredOutputs; // of an output
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < length; i++)
            {
                double sum = 0;
                for (int o = 0; o < size; o++)
                {
                    sum += values[(group * size + o) * length + i];
                }

                for (int o = 0; o < size; o++)
                {
                    centred[(group * size + o) * length + i] -= (float)(sum / size);
                }
            }
        }

        return centred;
    }

    /// <summary>Writes a weight file.</summary>
    /// <param name="path">The file; it appears when whole.</param>
    /// <param name="half">Store as float16 (rounded to nearest) instead of float32.</param>
    /// <exception cref="ModelException">The file cannot be written.</exception>
    public void Save(string path, bool half)
    {
        var file = new SafetensorsFile();
        foreach (var (key, value) in Metadata)
        {
            file.Metadata[key] = value;
        }

        file.Metadata[FormatKey] = FormatValue;
        file.Metadata[ConfigurationKey] = Network.Configuration.ToJson();
        foreach (var (name, shape) in Network.Layers.SelectMany(layer => layer.Tensors))
        {
            file.Tensors[name] = SafetensorsEntry.FromFloats(Tensors[name], shape, half);
        }

        file.Write(path);
    }
}
