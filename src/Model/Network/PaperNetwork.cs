namespace AdaConv.Model;

/// <summary>The reference network: an encoder-decoder and four heads of K taps each.</summary>
/// <remarks>
/// <para>Niklaus, Mai, Liu: "Video Frame Interpolation via Adaptive Separable Convolution", ICCV 2017: three 3×3 convolutions with ReLU
/// a level, average pooling, bilinear upsampling (aligned corners, as in the authors' sepconv-slomo), additive skips; 21.68 M parameters
/// at K = 51.</para>
/// <para>Deviations: the taps are normalised over both frames together, so that they may be applied to any affine colour space; the joint
/// mean colour is taken off the input.</para>
/// </remarks>
internal sealed class PaperNetwork : InterpolationNetwork
{
    private readonly ConvolutionLayer[][] _encoder;
    private readonly ConvolutionLayer[][] _decoder;
    private readonly ConvolutionLayer[] _upsample;
    private readonly ConvolutionLayer[][] _heads; // vertical and horizontal of the first frame, then of the second

    public PaperNetwork(NetworkConfiguration configuration)
        : base(configuration)
    {
        int taps = configuration.KernelSize;
        (int Inputs, int Outputs)[] down = [(6, 32), (32, 64), (64, 128), (128, 256), (256, 512)], up = [(512, 512), (512, 256), (256, 128), (128, 64)];
        _encoder = [.. down.Select((level, i) => Triple($"encoder.{i}", level.Inputs, level.Outputs))];
        _encoder[0][0] = _encoder[0][0] with { TakesPlanes = true };
        _decoder = [.. up.Select((level, i) => Triple($"decoder.{i}", level.Inputs, level.Outputs))];
        _upsample = [.. _decoder.Select((level, i) => Rectified($"upsample.{i}", level[2].Outputs, level[2].Outputs))];
        _heads = [.. Enumerable.Range(0, 4).Select(i => (ConvolutionLayer[])
        [
            Rectified($"heads.{i}.first", 64, 64), Rectified($"heads.{i}.second", 64, 64), Rectified($"heads.{i}.third", 64, taps),
            new($"heads.{i}.last", taps, taps) { Gain = 0.05, FreshBias = NarrowGaussian(taps) },
        ])];
        Layers = [.. _encoder.SelectMany(level => level), .. _decoder.Zip(_upsample).SelectMany(level => level.First.Append(level.Second)),
            .. _heads.SelectMany(head => head)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Layers { get; }

    /// <inheritdoc/>
    public override int SizeMultiple => 32;

    /// <inheritdoc/>
    public override int Context => 128;

    /// <inheritdoc/>
    private protected override double LayerMultiplyAdds =>
        _encoder.Select((level, i) => Sum(level) / Math.Pow(4, i)).Sum()                                 // at 1 … 1/16
        + _decoder.Select((level, i) => Sum(level) / Math.Pow(4, 5 - i)).Sum()                           // at 1/32 … 1/4
        + _upsample.Select((layer, i) => layer.MultiplyAdds / Math.Pow(4, 4 - i)).Sum()                  // at 1/16 … 1/2
        + _heads.Sum(head => Sum(head[..3]) / 4 + head[3].MultiplyAdds);

    /// <inheritdoc/>
    public override NetworkPrediction<T> Predict<T>(
        INetworkOperations<T> operations, T frames, T mean, T? time = null, bool withBlends = false, MotionHints<T>? hints = null)
        where T : class
    {
        T x = operations.Pack(frames, mean);                                         // 6 channels at H, W
        List<T> skips = [];
        foreach (ConvolutionLayer[] level in _encoder)
        {
            T top = Run(operations, level, x);                                       // 32·2ⁱ channels at H/2ⁱ, i = 0..4
            operations.Release(x);
            x = operations.Pool(top);
            skips.Add(top);
        }

        for (int i = 0; i < _decoder.Length; i++)                                    // from 512 channels at H/32
        {
            T small = Run(operations, _decoder[i], x), large = operations.Enlarge(small);
            operations.Release(x);
            operations.Release(small);
            T skip = skips[^(i + 1)];
            x = operations.Convolve(_upsample[i], large, added: skip);               // at last 64 channels at H/2
            operations.Release(large);
            operations.Release(skip);
        }

        operations.Release(skips[0]);                                                // of the full size: nothing is added there
        List<T> heads = [];
        foreach (ConvolutionLayer[] head in _heads)
        {
            T small = Run(operations, head[..3], x), large = operations.Enlarge(small);
            operations.Release(small);
            heads.Add(operations.Convolve(head[3], large));
            operations.Release(large);
        }

        operations.Release(x);
        T taps = operations.Taps(heads, Configuration.KernelSize, centred: false);   // [4K, H, W]
        heads.ForEach(operations.Release);
        return new(taps, Configuration.KernelSize, TapScale: 1, null, null, null, default, []);
    }

    private static T Run<T>(INetworkOperations<T> operations, ConvolutionLayer[] layers, T input)
        where T : class
    {
        T x = operations.Convolve(layers[0], input);
        foreach (ConvolutionLayer layer in layers[1..])
        {
            T next = operations.Convolve(layer, x);
            operations.Release(x);
            x = next;
        }

        return x;
    }

    private static ConvolutionLayer[] Triple(string name, int inputs, int outputs) =>
        [Rectified(name + ".first", inputs, outputs), Rectified(name + ".second", outputs, outputs), Rectified(name + ".third", outputs, outputs)];

    private static ConvolutionLayer Rectified(string name, int inputs, int outputs) => new(name, inputs, outputs, Slope: 0);

    private static double Sum(ConvolutionLayer[] layers) => layers.Sum(layer => layer.MultiplyAdds);
}
