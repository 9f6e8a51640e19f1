using AdaConv.Engine;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Model.Tests.Operations;

/// <summary>The autograd operations: gradients arrive in the right channels and agree with numerical ones.</summary>
public sealed class PairOperationTests
{
    private const float Step = 1e-2f;

    [Fact]
    public void Warp_gradients_agree_with_numerical_ones()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(1);
        Tensor frames = Smooth(2, 6, 9, 13).requires_grad_();
        // Away from whole pixels, where bilinear interpolation has a kink.
        Tensor motion = (randint(-2, 3, [2, 5, 9, 13]).to(ScalarType.Float32) + 0.3f + 0.4f * rand(2, 5, 9, 13)).requires_grad_();
        CompareGradients(() => PairWarp.Apply(frames, motion, EngineOptions.Default), frames, motion);
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
