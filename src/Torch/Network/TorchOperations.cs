using AdaConv.Engine;
using AdaConv.Engine.Search;
using AdaConv.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>
/// A network's operations on tensors: planes are [N, C, H, W] float32, contiguous; activations [N, C, H, W] of the network's compute type,
/// channels last, C a multiple of
/// 32, or 16 where the engine convolves. All are differentiable. What an operation makes on the way goes with it.
/// </summary>
internal sealed class TorchOperations(TorchNetwork network) : INetworkOperations<Tensor>
{
    private EngineOptions Engine => network.Engine;

    public Tensor Zeros(Tensor like, int planes) => zeros(like.shape[0], planes, like.shape[2], like.shape[3], device: like.device);

    public Tensor NoMotion(Tensor like, Tensor? time) => time is null ? Zeros(like, 5) : Keep(() =>
    {
        Tensor logit = (Scalars.One - time).div(time).log();                        // [N, 1, 1, 1]
        return cat([Zeros(like, 4), logit.expand(like.shape[0], 1, like.shape[2], like.shape[3])], 1);
    });

    public Tensor Slice(Tensor planes, int first, int count) => Keep(() => planes.slice(1, first, first + count, 1).contiguous());

    public Tensor Pad(Tensor planes, int multiple)
    {
        long rows = (multiple - planes.shape[2] % multiple) % multiple, columns = (multiple - planes.shape[3] % multiple) % multiple;
        return rows + columns == 0 ? planes : nn.functional.pad(planes, [0L, columns, 0L, rows], PaddingModes.Replicate);
    }

    public Tensor Crop(Tensor planes, Tensor like) => planes.shape[2] == like.shape[2] && planes.shape[3] == like.shape[3]
        ? planes
        : Keep(() => planes.slice(2, 0, like.shape[2], 1).slice(3, 0, like.shape[3], 1).contiguous());

    public Tensor Halve(Tensor planes) => HalvedPlanes.Of(planes, Engine);

    public Tensor Upsample(Tensor planes, int factor, Tensor? added = null, int flows = 0) => Keep(() =>
    {
        Tensor small = planes;
        if (flows > 0)
        {
            using Scalar scale = ((double)factor).ToScalar();
            long count = planes.shape[1];
            small = cat([planes.slice(1, 0, flows, 1).mul(scale), planes.slice(1, flows, count, 1)], 1);
        }

        return added is null ? UpsampledSum.Apply(small, factor, Engine) : UpsampledSum.Apply(small, added, Engine);
    });

    public Tensor Warp(Tensor pair, Tensor motion, WarpSampling sampling = WarpSampling.Bilinear) => Keep(() => PairWarp.Apply(pair, motion, sampling, Engine));

    public Tensor Detail(Tensor frames) => Keep(() => FrameDetails.EnergyOf(frames));

    public Tensor Blend(Tensor pair, Tensor logits, KeptDetail<Tensor>? kept = null) => Keep(() =>
    {
        Tensor blend = MaskedBlend.Apply(pair, logits, Engine);
        return kept is null ? blend : FrameDetails.Keep(blend, logits, kept.Energy, kept.Motion);
    });

    public Tensor ConvolveSeparably(Tensor pair, Tensor taps, int kernelSize, int tapScale, bool normalize) =>
        Keep(() => PairConvolution.Apply(pair.to(taps.dtype), taps, kernelSize, tapScale, normalize, Engine));

    public Tensor SumNormalized(Tensor pair, Tensor taps, int kernelSize) => Keep(() =>
    {
        long k = kernelSize, batch = taps.shape[0], height = taps.shape[2], width = taps.shape[3], planes = pair.shape[1] / 2;
        Tensor sums = taps.slice(1, 0, 4 * k, 1).view(batch, 4, k, height, width).sum(2, type: ScalarType.Float32);
        Tensor norm = (sums.slice(1, 0, 1, 1) * sums.slice(1, 1, 2, 1)).Plus(sums.slice(1, 2, 3, 1) * sums.slice(1, 3, 4, 1)); // [N, 1, H, W]

        // As in revisiting-sepconv: a sum within a hundredth of zero counts as one.
        norm = where(norm.abs().lt(Scalars.Hundredth), ones_like(norm), norm);
        return pair.slice(1, 0, planes, 1).Plus(pair.slice(1, planes, 2 * planes, 1)) / norm;
    });

    public Tensor Pack(Tensor frames, Tensor mean, Tensor? warped = null, Tensor? motion = null, Tensor? hidden = null, float flowScale = 1,
        Tensor? time = null) => Keep(() =>
    {
        if (warped is null || motion is null)
        {
            Tensor input = (frames - cat([mean, mean], 1)).to(network.ComputeType);
            input = nn.functional.pad(input, [0L, 0L, 0L, 0L, 0L, MotionInput.Channels - input.shape[1]], PaddingModes.Constant, 0);
            return input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        }

        Tensor none = hidden ?? Zeros(frames, 0);
        Tensor even = time is null ? motion : motion.div(FlowFactors(time));
        return MotionInput.Apply(frames, warped, even, none, mean, new(flowScale, network.ComputeType, Engine));
    });

    public Tensor Convolve(ConvolutionLayer layer, Tensor activations, Tensor? added = null, Tensor? time = null) =>
        Keep(() => network[layer].Forward(activations, added, layer.KnowsTime ? time : null));

    public Tensor SearchMotion(Tensor pair, Tensor warped, int radius, SearchCriteria criteria, Tensor? time) =>
        Keep(() => SearchedMotion.Of(pair, warped, radius, criteria, time, Engine));

    public Tensor ReplaceMotion(Tensor motion, Tensor found, Tensor? time) => Keep(() =>
    {
        Tensor way = found.slice(1, 1, 3, 1), flows = cat([way, way.neg()], 1);
        flows = time is null ? flows : flows.mul(FlowFactors(time).slice(1, 0, 4, 1));
        Tensor kept = motion.slice(1, 0, 4, 1).mul(Scalars.One - found.slice(1, 0, 1, 1));
        return cat([kept.Plus(flows), motion.slice(1, 4, 5, 1)], 1);
    });

    public Tensor FitFlows(Tensor warped, Tensor? time, Tensor? added = null, float flowScale = 1) => Keep(() =>
    {
        using Scalar scale = flowScale.ToScalar();
        Tensor change = FittedFlows.Of(warped, time, Engine).mul(scale);
        return added is null ? change : added.Plus(change);
    });

    public Tensor Pool(Tensor activations) => nn.functional.avg_pool2d(activations, 2, 2);

    public Tensor Enlarge(Tensor activations) =>
        nn.functional.interpolate(activations, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true);

    public Tensor Planes(Tensor activations, params ReadOnlySpan<ChannelRange> ranges)
    {
        ChannelRange[] taken = [.. ranges];
        return Keep(() => PlanarChannels.Apply([activations], taken, Engine));
    }

    public Tensor MotionChange(Tensor activations, float flowScale, Tensor? time) => Keep(() =>
    {
        Tensor change = Planes(activations, new(0, 4, flowScale), new(4, 1));
        return time is null ? change : change.mul(FlowFactors(time));
    });

    public Tensor Taps(IReadOnlyList<Tensor> activations, int count, bool centred) =>
        Keep(() => PlanarChannels.Apply(activations, [new(0, count)], Engine, network.TapType, centred ? network.NarrowGaussians : null));

    public void Release(Tensor? planes) => planes?.Dispose();

    // By what motion at a time differs from that in the middle: 2t, 2t, 2 (1 − t), 2 (1 − t), and 1 for the mask: [N, 5, 1, 1].
    private static Tensor FlowFactors(Tensor time)
    {
        Tensor first = time.mul(Scalars.Two), second = Scalars.Two - first;
        return cat([first, first, second, second, ones_like(time)], 1);
    }

    // Disposes of all that was made on the way to a result.
    private static Tensor Keep(Func<Tensor> operation)
    {
        using DisposeScope scope = NewDisposeScope();
        return operation().MoveToOuterDisposeScope();
    }
}
