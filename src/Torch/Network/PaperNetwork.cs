using AdaConv.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>The reference network: an encoder-decoder and four heads of K taps each.</summary>
/// <remarks>
/// <para>Niklaus, Mai, Liu: "Video Frame Interpolation via Adaptive Separable Convolution", ICCV 2017: three 3×3 convolutions with ReLU
/// a level, average pooling, bilinear upsampling (aligned corners, as in the authors' sepconv-slomo), additive skips; 21.68 M parameters
/// at K = 51.</para>
/// <para>Deviations: the taps are normalised over both frames together, so that they may be applied to any affine colour space; the joint
/// mean colour is taken off the input; channel counts are zero-padded to multiples of 32 on the way.</para>
/// </remarks>
public sealed class PaperNetwork : InterpolationNetwork
{
    private readonly ModuleList<ConvolutionTriple> encoder = new();
    private readonly ModuleList<ConvolutionTriple> decoder = new();
    private readonly ModuleList<Convolution> upsample = new();
    private readonly ModuleList<KernelHead> heads = new(); // vertical and horizontal of the first frame, then of the second

    /// <summary>Creates the network with fresh weights.</summary>
    public PaperNetwork(NetworkConfiguration configuration)
        : base(configuration)
    {
        foreach (var (inputs, outputs) in ((int, int)[])[(6, 32), (32, 64), (64, 128), (128, 256), (256, 512)])
        {
            encoder.Add(new ConvolutionTriple(inputs, outputs));
        }

        foreach (var (inputs, outputs) in ((int, int)[])[(512, 512), (512, 256), (256, 128), (128, 64)])
        {
            decoder.Add(new ConvolutionTriple(inputs, outputs));
            upsample.Add(new Convolution(outputs, outputs, slope: 0));
        }

        for (int i = 0; i < 4; i++)
        {
            heads.Add(new KernelHead(64, configuration.KernelSize));
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int SizeMultiple => 32;

    /// <inheritdoc/>
    public override int Context => 128;

    /// <inheritdoc/>
    public override int BytesPerPixel => ComputeType == ScalarType.BFloat16 ? 7500 : 10_000;

    /// <inheritdoc/>
    protected override double LayerMultiplyAdds =>
        encoder.Select((level, i) => level.MultiplyAdds / Math.Pow(4, i)).Sum()                          // at 1 … 1/16
        + decoder.Select((level, i) => level.MultiplyAdds / Math.Pow(4, 5 - i)).Sum()                    // at 1/32 … 1/4
        + upsample.Select((convolution, i) => convolution.MultiplyAdds / Math.Pow(4, 4 - i)).Sum()       // at 1/16 … 1/2
        + heads.Sum(head => head.MultiplyAdds);

    /// <inheritdoc/>
    public override NetworkPrediction Predict(Tensor frames, Tensor mean, bool withBlends = false)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Tensor x = (frames - cat([mean, mean], 1)).to(ComputeType);                  // [N, 6, H, W]
        x = nn.functional.pad(x, [0L, 0L, 0L, 0L, 0L, 26L], PaddingModes.Constant, 0);
        x = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);                  // [N, 32, H, W], channels last
        List<Tensor> skips = [];
        foreach (ConvolutionTriple level in encoder)
        {
            x = level.forward(x);                                                    // [N, 32·2ⁱ, H/2ⁱ, W/2ⁱ], i = 0..4
            skips.Add(x);
            x = nn.functional.avg_pool2d(x, 2, 2);
        }

        for (int i = 0; i < decoder.Count; i++)                                      // from [N, 512, H/32, W/32]
        {
            x = nn.functional.interpolate(
                decoder[i].forward(x), scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true);
            x = upsample[i].forward(x).Plus(skips[^(i + 1)]);                        // at last [N, 64, H/2, W/2]
        }

        Tensor taps = PlanarChannels.Apply([.. heads.Select(head => head.forward(x))], [new(0, Configuration.KernelSize)], Engine, TapType); // [N, 4K, H, W]
        return new NetworkPrediction(taps, Configuration.KernelSize, TapScale: 1, null, null, null, []);
    }
}
