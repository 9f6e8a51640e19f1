namespace AdaConv.Model;

/// <summary>A 3×3 convolution with bias of a network, padded with one pixel of zeros; its weights are [stored outputs, stored inputs, 3, 3].</summary>
/// <param name="Name">The name of its tensors in weight files, without ".weight" and ".bias".</param>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels of its result that anything reads.</param>
/// <param name="Stride">1, or 2 for a result of half the size.</param>
/// <param name="Slope">Factor on negative results: 0 for a rectifier, between 0 and 1 for a leaky one, 1 for none.</param>
public sealed record ConvolutionLayer(string Name, int Inputs, int Outputs, int Stride = 1, float Slope = 1)
{
    private readonly int _storedInputs, _storedOutputs;

    /// <summary>Channels I of the weights: those beyond <see cref="Inputs"/> meet zeros.</summary>
    public int StoredInputs
    {
        get => Math.Max(_storedInputs, Inputs);
        init => _storedInputs = value;
    }

    /// <summary>Channels O of the weights: nothing reads those beyond <see cref="Outputs"/>.</summary>
    public int StoredOutputs
    {
        get => Math.Max(_storedOutputs, Outputs);
        init => _storedOutputs = value;
    }

    /// <summary>Whether the inputs are planes that the network looks at, not another layer's activations.</summary>
    public bool TakesPlanes { get; init; }

    /// <summary>Factor on fresh weights, those after He et al. 2015.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>The fresh bias; null: zeros.</summary>
    public IReadOnlyList<float>? FreshBias { get; init; }

    /// <summary>
    /// Whether its bias changes with the time t of the frame between: by (2t − 1) a + (2t − 1)² b, where a and b are the rows of a tensor
    /// [2, stored outputs] named ".time" in weight files. In the middle it changes nothing.
    /// </summary>
    public bool KnowsTime { get; init; }

    /// <summary>So many groups of so many of the first outputs each sum to zero, whatever the input: the mean over a group is taken off its weights.</summary>
    public (int Groups, int Size) ZeroSums { get; init; }

    /// <summary>Multiply-adds for each value of an output plane: 9 I O, of the weights as they are stored.</summary>
    public double MultiplyAdds => 9.0 * StoredInputs * StoredOutputs;

    /// <summary>The shapes of the layer's tensors in weight files, by name.</summary>
    public IEnumerable<(string Name, long[] Shape)> Tensors =>
    [
        ($"{Name}.weight", [StoredOutputs, StoredInputs, 3, 3]), ($"{Name}.bias", [StoredOutputs]),
        .. KnowsTime ? [($"{Name}.time", new long[] { 2, StoredOutputs })] : Array.Empty<(string, long[])>(),
    ];
}
