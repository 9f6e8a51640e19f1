using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A 3×3 convolution with bias, optionally of stride 2, optionally followed by a leaky rectifier.</summary>
/// <remarks>
/// Runs in the input's type; weights are float32 and cast on the way unless they were <see cref="Narrow">narrowed</see>. Weights lie channels-last, as the activations do:
/// the bfloat16 kernels are twice as fast that way. Padding is zero, one pixel.
/// </remarks>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [O, I, 3, 3]
    private readonly Parameter bias;   // [O]
    private readonly long _stride;
    private readonly bool _rectify;
    private readonly Scalar? _slope;
    private readonly (int Groups, int Size) _zeroSums;

    /// <summary>Creates the layer with weights after He et al. 2015, times <paramref name="gain"/>.</summary>
    /// <param name="inputs">Channels I that the weights take.</param>
    /// <param name="outputs">Channels O.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="slope">Slope of the rectifier below zero; null = none.</param>
    /// <param name="gain">Factor on the fresh weights.</param>
    /// <param name="zeroSums">So many groups of so many of the first outputs each sum to zero, whatever the input.</param>
    public Convolution(int inputs, int outputs, int stride = 1, double? slope = null, double gain = 1, (int Groups, int Size) zeroSums = default)
        : base("convolution")
    {
        using Scalar deviation = (Math.Sqrt(2.0 / (9 * inputs)) * gain).ToScalar();
        using Tensor values = randn(outputs, 3, 3, inputs).mul_(deviation);
        weight = new Parameter(values.permute(0, 3, 1, 2));
        bias = new Parameter(zeros(outputs));
        _stride = stride;
        _zeroSums = zeroSums;
        _rectify = slope is not null;
        _slope = slope is null or 0 ? null : slope.Value.ToScalar(); // kept: see Scalars
        RegisterComponents();
    }

    /// <summary>Sets the fresh bias.</summary>
    public void SetBias(float[] values)
    {
        using IDisposable noGradient = no_grad();
        using Tensor source = tensor(values);
        bias.copy_(source);
    }

    /// <summary>Keeps the weights in a type from here on: a cast for each frame less. Those with zero sums stay, the sums are taken in float32.</summary>
    public void Narrow(ScalarType type)
    {
        if (_zeroSums.Groups == 0)
        {
            this.to(type);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// [N, ≥I, H, W] → [N, O rounded up to a multiple of 32, H/stride, W/stride]; channels beyond I and O are zero: libtorch's
    /// bfloat16 convolutions gave NaN for other counts, and its float32 ones ran four times slower at 51.
    /// </remarks>
    public override Tensor forward(Tensor input)
    {
        Tensor weights = WithZeroSums(weight).to(input.dtype), offsets = WithZeroSums(bias).to(input.dtype);
        long inputPad = input.shape[1] - weight.shape[1], outputPad = PaddedWidth((int)weight.shape[0]) - weight.shape[0];
        if (inputPad > 0 || outputPad > 0)
        {
            weights = nn.functional.pad(weights, [0L, 0L, 0L, 0L, 0L, inputPad, 0L, outputPad], PaddingModes.Constant, 0);
            offsets = nn.functional.pad(offsets, [0L, outputPad], PaddingModes.Constant, 0);
        }

        Tensor output = nn.functional.conv2d(input, weights, offsets, strides: [_stride, _stride], padding: [1L, 1L]);
        return _slope is not null ? output.leaky_relu_(_slope) : _rectify ? output.relu_() : output;
    }

    // The mean over a group's outputs taken off its weights is the mean taken off the outputs: the layer is linear.
    private Tensor WithZeroSums(Tensor values)
    {
        var (groups, size) = _zeroSums;
        if (groups == 0)
        {
            return values;
        }

        Tensor grouped = values.slice(0, 0, groups * size, 1).reshape([groups, size, .. values.shape[1..]]);
        Tensor centred = (grouped - grouped.mean([1], keepdim: true)).reshape([groups * size, .. values.shape[1..]]);
        return cat([centred, values.slice(0, groups * size, values.shape[0], 1)], 0);
    }

    /// <summary>Multiply-adds for each value of an output plane: 9 I O, padding not counted.</summary>
    public double MultiplyAdds => 9.0 * weight.shape[0] * weight.shape[1];

    /// <summary>The next multiple of 32.</summary>
    public static int PaddedWidth(int channels) => (channels + 31) / 32 * 32;
}
