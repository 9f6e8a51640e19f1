using AdaConv.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A layer of a network with its weights.</summary>
/// <remarks>
/// Runs in the input's type; weights are float32 and cast on the way unless they were <see cref="Narrow">narrowed</see>. Weights lie channels-last, as the activations do:
/// the bfloat16 kernels are twice as fast that way.
/// </remarks>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [O, I, 3, 3]
    private readonly Parameter bias;   // [O]
    private readonly ConvolutionLayer _layer;
    private readonly Scalar? _slope;

    /// <summary>Creates the layer with fresh weights.</summary>
    public Convolution(ConvolutionLayer layer)
        : base("convolution")
    {
        _layer = layer;
        using Scalar deviation = (Math.Sqrt(2.0 / (9 * layer.StoredInputs)) * layer.Gain).ToScalar();
        using Tensor random = randn(layer.StoredOutputs, 3, 3, layer.StoredInputs), values = random.mul_(deviation), ordered = values.permute(0, 3, 1, 2);
        weight = new Parameter(ordered);
        bias = new Parameter(layer.FreshBias is { } fresh ? tensor([.. fresh]) : zeros(layer.StoredOutputs));
        _slope = layer.Slope is 0 or 1 ? null : layer.Slope.ToScalar(); // kept: see Scalars
        RegisterComponents();
    }

    /// <summary>Keeps the weights in a type from here on: a cast for each frame less. Those with zero sums stay, the sums are taken in float32.</summary>
    public void Narrow(ScalarType type)
    {
        if (_layer.ZeroSums.Groups == 0)
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
        long inputPad = input.shape[1] - weight.shape[1], outputPad = -weight.shape[0] & 31;
        if (inputPad > 0 || outputPad > 0)
        {
            weights = nn.functional.pad(weights, [0L, 0L, 0L, 0L, 0L, inputPad, 0L, outputPad], PaddingModes.Constant, 0);
            offsets = nn.functional.pad(offsets, [0L, outputPad], PaddingModes.Constant, 0);
        }

        Tensor output = nn.functional.conv2d(input, weights, offsets, strides: [_layer.Stride, _layer.Stride], padding: [1L, 1L]);
        return _slope is not null ? output.leaky_relu_(_slope) : _layer.Slope == 0 ? output.relu_() : output;
    }

    // The mean over a group's outputs taken off its weights is the mean taken off the outputs: the layer is linear.
    private Tensor WithZeroSums(Tensor values)
    {
        var (groups, size) = _layer.ZeroSums;
        if (groups == 0)
        {
            return values;
        }

        Tensor grouped = values.slice(0, 0, groups * size, 1).reshape([groups, size, .. values.shape[1..]]);
        Tensor centred = (grouped - grouped.mean([1], keepdim: true)).reshape([groups * size, .. values.shape[1..]]);
        return cat([centred, values.slice(0, groups * size, values.shape[0], 1)], 0);
    }
}
