using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A layer of a network with its weights.</summary>
/// <remarks>
/// Runs in the input's type; weights are float32 and cast on the way unless they were <see cref="Narrow">narrowed</see>. Weights lie
/// channels-last, as the activations do:
/// the bfloat16 kernels are twice as fast that way.
/// </remarks>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [O, I, 3, 3]
    private readonly Parameter bias;   // [O]
    private readonly Parameter? time;  // [2, O], of layers that know the time: what 2t − 1 and its square change the bias by
    private readonly ConvolutionLayer _layer;
    private readonly Scalar? _slope;
    private ConvolutionKernels? _kernels;

    /// <summary>Creates the layer with fresh weights.</summary>
    /// <param name="layer">Its shape.</param>
    /// <param name="generator">Where the random weights come from; null: libtorch's own, which the whole process shares.</param>
    public Convolution(ConvolutionLayer layer, Generator? generator = null)
        : base("convolution")
    {
        _layer = layer;
        using Scalar deviation = (Math.Sqrt(2.0 / (9 * layer.StoredInputs)) * layer.Gain).ToScalar();
        using Tensor random = randn([layer.StoredOutputs, 3, 3, layer.StoredInputs], generator: generator);
        using Tensor values = random.mul_(deviation), ordered = values.permute(0, 3, 1, 2);
        weight = new Parameter(ordered);
        bias = new Parameter(layer.FreshBias is { } fresh ? tensor([.. fresh]) : zeros(layer.StoredOutputs));
        time = layer.KnowsTime ? new Parameter(zeros(2, layer.StoredOutputs)) : null;
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

    /// <summary>Has the engine's kernels convolve what they can (see <see cref="EngineConvolution.Takes"/>); null: libtorch convolves everything.</summary>
    public void UseEngine(EngineOptions? options)
    {
        _kernels?.Dispose();
        _kernels = options is null ? null : new(new(_layer.Inputs, _layer.Outputs, _layer.Stride, _layer.KnowsTime ? 1 : _layer.Slope), options);
    }

    /// <summary>The convolution, plus what is added behind its rectifier.</summary>
    /// <param name="input">As <see cref="forward"/> takes it.</param>
    /// <param name="added">Of the result's shape.</param>
    /// <param name="at">When each frame between lies, [N, 1, 1, 1], for a layer that knows the time; null: in the middle.</param>
    public Tensor Forward(Tensor input, Tensor? added, Tensor? at = null)
    {
        if (at is not null)
        {
            Tensor linear = Linear(input), late = at.mul(Scalars.Two) - Scalars.One;
            Tensor parts = time!.slice(1, 0, linear.shape[1], 1).unsqueeze(1).unsqueeze(3).unsqueeze(4); // the engine leaves out what nothing reads
            Tensor change = late.mul(parts[0]).Plus(late.mul(late).mul(parts[1])); // [N, O, 1, 1]
            Tensor timed = Rectified(linear.Plus(change.to(input.dtype)), inPlace: false);
            return added is null ? timed : timed.Plus(added);
        }

        if (added is null || _layer.Slope != 1)
        {
            Tensor rectified = forward(input);
            return added is null ? rectified : rectified.Plus(added); // the rectifier's gradient needs its own result
        }

        return IsForEngine(input) ? ByEngine(input, added) : forward(input).PlusInPlace(added);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// [N, ≥I, H, W] → [N, O rounded up to a multiple of 32, H/stride, W/stride]; channels beyond I and O are zero: libtorch's
    /// bfloat16 convolutions gave NaN for other counts, and its float32 ones ran four times slower at 51.
    /// </remarks>
    public override Tensor forward(Tensor input)
    {
        bool isFused = !_layer.KnowsTime && IsForEngine(input);
        return isFused ? ByEngine(input, null) : Rectified(Linear(input), inPlace: !_layer.KnowsTime);
    }

    // The convolution without its rectifier. (The engine's kernels have one inside but for layers that know the time.)
    private Tensor Linear(Tensor input)
    {
        if (IsForEngine(input))
        {
            return ByEngine(input, null);
        }

        Tensor weights = WithZeroSums(weight).to(input.dtype), offsets = WithZeroSums(bias).to(input.dtype);
        long inputPad = input.shape[1] - weight.shape[1], outputPad = -weight.shape[0] & 31;
        if (inputPad > 0 || outputPad > 0)
        {
            weights = nn.functional.pad(weights, [0L, 0L, 0L, 0L, 0L, inputPad, 0L, outputPad], PaddingModes.Constant, 0);
            offsets = nn.functional.pad(offsets, [0L, outputPad], PaddingModes.Constant, 0);
        }

        return nn.functional.conv2d(input, weights, offsets, strides: [_layer.Stride, _layer.Stride], padding: [1L, 1L]);
    }

    private Tensor Rectified(Tensor output, bool inPlace) =>
        _slope is not null ? (inPlace ? output.leaky_relu_(_slope) : output.leaky_relu(_slope))
        : _layer.Slope == 0 ? (inPlace ? output.relu_() : output.relu())
        : output;

    private bool IsForEngine(Tensor input) => _kernels is not null && EngineConvolution.Takes(input);

    private Tensor ByEngine(Tensor input, Tensor? added) => EngineConvolution.Apply(input, WithZeroSums(weight), WithZeroSums(bias), _kernels!, added);

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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _kernels?.Dispose();
        }

        base.Dispose(disposing);
    }
}
