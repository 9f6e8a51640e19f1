using AdaConv.Engine;
using AdaConv.Engine.Search;
using AdaConv.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Operations;

/// <summary>The autograd operations: gradients arrive in the right channels and agree with numerical ones.</summary>
public sealed class PairOperationTests
{
    private const float Step = 1e-2f;

    [Theory]
    [InlineData(WarpSampling.Bilinear)]
    [InlineData(WarpSampling.Cubic)]
    [InlineData(WarpSampling.SixPointCubic)]
    public void Warp_gradients_agree_with_numerical_ones(WarpSampling sampling)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(1);
        Tensor frames = Smooth(2, 6, 9, 13);
        Tensor[] learning = sampling == WarpSampling.Bilinear ? [frames.requires_grad_()] : []; // sampled cubically they have no gradient
        // Away from whole pixels, where bilinear interpolation has a kink.
        Tensor motion = (randint(-2, 3, [2, 5, 9, 13]).to(ScalarType.Float32) + 0.3f + 0.4f * rand(2, 5, 9, 13)).requires_grad_();
        CompareGradients(() => PairWarp.Apply(frames, motion, sampling, EngineOptions.Default), [.. learning, motion]);
        Assert.Equal(0, motion.grad!.slice(1, 4, 5, 1).abs().sum().ToDouble());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void Convolution_gradients_agree_with_numerical_ones(int tapScale, bool normalize)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(2);
        Tensor frames = rand(2, 6, 10, 12).requires_grad_();
        Tensor taps = (rand(2, 21, 10 / tapScale, 12 / tapScale) * 0.5f + 0.1f).requires_grad_();
        CompareGradients(() => PairConvolution.Apply(frames, taps, 5, tapScale, normalize, EngineOptions.Default), frames, taps);
        Assert.Equal(0, taps.grad!.slice(1, 20, 21, 1).abs().sum().ToDouble());
    }

    [Fact]
    public void Taps_that_pick_one_pixel_move_each_frame_by_their_offset()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor frames = rand(1, 6, 8, 8);
        Tensor taps = zeros(1, 12, 8, 8);
        taps[0, 0].fill_(1); // first frame, vertical: one row up
        taps[0, 4].fill_(1); // first frame, horizontal: the same column
        taps[0, 7].fill_(1); // second frame, vertical: the same row
        taps[0, 11].fill_(1); // second frame, horizontal: one column right
        Tensor moved = PairConvolution.Apply(frames, taps, 3, 1, normalize: false, EngineOptions.Default);
        Assert.True(allclose(moved.slice(1, 0, 3, 1).slice(2, 1, 8, 1), frames.slice(1, 0, 3, 1).slice(2, 0, 7, 1), rtol: 0, atol: 0));
        Assert.True(allclose(moved.slice(1, 3, 6, 1).slice(3, 0, 7, 1), frames.slice(1, 3, 6, 1).slice(3, 1, 8, 1), rtol: 0, atol: 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_blocks_input_is_that_of_libtorchs_operations_and_so_are_its_gradients(int hiddenChannels)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(3);
        Tensor frames = rand(2, 6, 8, 12), mean = rand(2, 3, 1, 1);
        Tensor warped = rand(2, 6, 8, 12).requires_grad_(), motion = randn(2, 5, 8, 12).requires_grad_();
        Tensor hidden = randn(2, hiddenChannels, 8, 12).requires_grad_();
        MotionInput.Settings settings = new(0.3f, ScalarType.Float32, EngineOptions.Default);
        CompareWithLibtorch(
            () => MotionInput.Apply(frames, warped, motion, hidden, mean, settings), () => MotionInput.Compose(frames, warped, motion, hidden, mean, settings),
            [warped, motion, .. hiddenChannels > 0 ? [hidden] : Array.Empty<Tensor>()]);
        Tensor narrow = MotionInput.Apply(frames, warped, motion, hidden, mean, settings with { Type = ScalarType.BFloat16 });
        Tensor wide = MotionInput.Apply(frames, warped, motion, hidden, mean, settings);
        Assert.Equal(ScalarType.BFloat16, narrow.dtype);
        Assert.True(allclose(narrow.to(ScalarType.Float32), wide, rtol: 1.0 / 256, atol: 1e-6)); // half a unit of 8 bits
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.25f)]
    [InlineData(0.7f)]
    public void A_search_finds_what_libtorchs_operations_find(float? at)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(17);
        Tensor texture = rand(2, 3, 80, 90);
        Tensor pair = cat([texture.slice(2, 4, 68, 1).slice(3, 8, 80, 1), texture.slice(2, 8, 72, 1).slice(3, 2, 74, 1)], 1).contiguous();
        Tensor? time = at is { } t ? tensor([t, 1 - t]).view(2, 1, 1, 1) : null;
        foreach (SearchCriteria criteria in (SearchCriteria[])[SearchCriteria.Coarsest, SearchCriteria.Finer, SearchCriteria.Whole])
        {
            Tensor found = SearchedMotion.Of(pair, pair, 5, criteria, time, EngineOptions.Default);
            Tensor compared = criteria.GreenAlone ? FittedFlows.Green(pair) : pair;
            Assert.True(allclose(found, SearchedMotion.Compose(compared, compared, 5, criteria, time), rtol: 0, atol: 0));
            Assert.True(at is not null || found.slice(1, 0, 1, 1).mean().ToDouble() > 0.7, "little was found");
            foreach ((int row, int column) in ((int, int)[])[(0, 0), (20, 28), (40, 48)]) // frames that differ in one place, or nowhere
            {
                Tensor alike = cat([compared.slice(1, 0, compared.shape[1] / 2, 1), compared.slice(1, 0, compared.shape[1] / 2, 1)], 1).contiguous();
                Tensor local = alike.clone();
                local.slice(2, row, row + 24, 1).slice(3, column, column + 24, 1).copy_(compared.slice(2, row, row + 24, 1).slice(3, column, column + 24, 1));
                Tensor some = SearchedMotion.Of(compared, local, 5, criteria with { GreenAlone = false }, time, EngineOptions.Default);
                Assert.True(allclose(some, SearchedMotion.Compose(compared, local, 5, criteria, time), rtol: 0, atol: 0));
                Assert.True(at is not null || some.slice(1, 0, 1, 1).mean().ToDouble() is > 0.02 and < 0.4);
                Assert.Equal(0, SearchedMotion.Compose(compared, alike, 5, criteria, time).abs().max().ToSingle());
            }
        }

        Tensor motion = randn(2, 5, 12, 20).requires_grad_(), replaced = cat([rand(2, 1, 12, 20), randn(2, 2, 12, 20)], 1);
        using TorchNetwork network = new(NetworkConfiguration.Guided with { SearchRadius = 5, BlockWidths = [32, 32], BlockResiduals = [0, 0] });
        TorchOperations operations = new(network);
        CompareGradients(() => operations.ReplaceMotion(motion, replaced, time), motion);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.3f)]
    public void A_fit_of_flows_is_that_of_libtorchs_operations(float? at)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(19);
        Tensor warped = cat([rand(2, 3, 40, 52), rand(2, 3, 40, 52)], 1);
        Tensor? time = at is { } t ? tensor([t, 1 - t]).view(2, 1, 1, 1) : null;
        Tensor fitted = FittedFlows.Of(warped, time, EngineOptions.Default), composed = FittedFlows.Compose(FittedFlows.Green(warped), time);
        Assert.Equal(composed.shape, fitted.shape);
        Assert.True(allclose(fitted, composed, rtol: 0, atol: 1e-4));
        Assert.InRange(fitted.abs().mean().ToDouble(), 0.01, 0.5);
    }

    [Fact]
    public void Halved_planes_are_those_of_libtorchs_operations()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(7);
        Tensor frames = rand(2, 6, 10, 38);
        Assert.True(allclose(HalvedPlanes.Of(frames, EngineOptions.Default), HalvedPlanes.Compose(frames), rtol: 0, atol: 1e-6));
    }

    [Fact]
    public void Planar_channels_are_those_of_libtorchs_operations_and_so_are_their_gradients()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(4);
        Tensor first = randn(2, 32, 5, 7).requires_grad_(), second = randn(2, 32, 5, 7).requires_grad_();
        ChannelRange[] ranges = [new(3, 4, 2.5f), new(7, 2)];
        Tensor offsets = randn(1, 4, 1, 1);
        CompareWithLibtorch(
            () => PlanarChannels.Apply([first, second], ranges, EngineOptions.Default, offsets: offsets),
            () => PlanarChannels.Compose([first, second], ranges, offsets: offsets), first, second);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void The_upsampled_sum_is_that_of_libtorchs_operations_and_so_are_its_gradients(int factor)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(5);
        Tensor small = randn(2, 5, 4, 3).requires_grad_(), large = randn(2, 5, 4 * factor, 3 * factor).requires_grad_();
        CompareWithLibtorch(() => UpsampledSum.Apply(small, large, EngineOptions.Default), () => UpsampledSum.Compose(small, large), small, large);
        Tensor alone = randn(2, 5, 4, 3).requires_grad_();
        CompareWithLibtorch(() => UpsampledSum.Apply(alone, factor, EngineOptions.Default), () => UpsampledSum.Compose(alone, factor), alone);
    }

    [Fact]
    public void The_masked_blend_is_that_of_libtorchs_operations_and_so_are_its_gradients()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(6);
        Tensor pictures = rand(2, 6, 5, 9).requires_grad_(), logits = randn(2, 5, 5, 9).requires_grad_();
        CompareWithLibtorch(
            () => MaskedBlend.Apply(pictures, logits, EngineOptions.Default), () => MaskedBlend.Compose(pictures, logits), pictures, logits);
    }

    // Values and gradients to 10⁻⁵ of a range of about one.
    private static void CompareWithLibtorch(Func<Tensor> operation, Func<Tensor> composed, params Tensor[] inputs)
    {
        Tensor actual = operation(), expected = composed(), weights = randn(expected.shape);
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(allclose(expected, actual, rtol: 0, atol: 1e-5), "the values differ");
        (expected * weights).sum().backward();
        Tensor[] gradients = [.. inputs.Select(input => input.grad!.clone())];
        foreach (Tensor input in inputs)
        {
            input.grad!.zero_();
        }

        (actual * weights).sum().backward();
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.True(allclose(gradients[i], inputs[i].grad!, rtol: 0, atol: 1e-5), $"the gradients of input {i} differ");
        }
    }

    private static Tensor Smooth(params long[] shape) => nn.functional.avg_pool2d(rand([shape[0], shape[1], shape[2] + 2, shape[3] + 2]), 3, 1);

    // Directional derivatives: the gradient times a random direction against a central difference along it.
    private static void CompareGradients(Func<Tensor> operation, params Tensor[] inputs)
    {
        Tensor weights = randn(operation().shape);
        (operation() * weights).sum().backward();
        using IDisposable noGradient = no_grad();
        foreach (Tensor input in inputs)
        {
            Tensor direction = randn_like(input), start = input.clone();
            input.add_(direction, alpha: Step);
            double above = (operation() * weights).to(ScalarType.Float64).sum().ToDouble();
            input.copy_(start).add_(direction, alpha: -Step);
            double below = (operation() * weights).to(ScalarType.Float64).sum().ToDouble();
            input.copy_(start);
            double numerical = (above - below) / (2 * Step), analytic = (input.grad! * direction).sum().ToDouble();
            double size = (input.grad!.square() * direction.square()).sum().sqrt().ToDouble();
            Assert.InRange(Math.Abs(numerical - analytic) / size, 0, 0.05);
        }
    }
}
