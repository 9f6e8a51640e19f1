using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class FrameBlendTests
{
    // Of the greatest expected magnitude: two exponential functions of up to 20, and m (1 − m), which cancels near 1.
    private const double Tolerance = 2e-5;

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_and_guards()
    {
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 9], Gen.Int[1, 50], Gen.Bool, Gen.Int).Sample(
            (batch, planes, height, width, guardStart, seed) =>
            {
                WarpShape shape = new(batch, planes, height, width);
                var random = new Random(seed);
                int size = batch * height * width;
                using NativeBuffer frames = Filled(random, 2 * planes * size, 1, guardStart), logit = Filled(random, size, 20, guardStart);
                using NativeBuffer gradient = Filled(random, planes * size, 1, guardStart);
                float[][]? expected = null;
                foreach (var level in Levels.All)
                {
                    foreach (int threads in new[] { 1, 3 })
                    {
                        EngineOptions options = new(level, threads);
                        using NativeBuffer output = new(planes * size, guardStart), gradFrames = new(frames.Length, guardStart),
                            gradLogit = new(size, guardStart);
                        FrameBlend.Forward(shape, frames.Data, logit.Data, output.Data, options);
                        FrameBlend.Backward(shape, frames.Data, logit.Data, gradient.Data, gradFrames.Data, gradLogit.Data, options);
                        NativeBuffer[] results = [output, gradFrames, gradLogit];
                        expected ??= [.. results.Select(result => result.Span.ToArray())];
                        for (int i = 0; i < results.Length; i++)
                        {
                            results[i].AssertIntact();
                            Closeness.Assert(expected[i], results[i].Span, Tolerance, $"result {i}, {level}");
                        }
                        FrameBlend.Backward(shape, frames.Data, logit.Data, gradient.Data, default, gradLogit.Data, options);
                        Closeness.Assert(expected[2], gradLogit.Span, Tolerance, $"logit alone, {level}");
                    }
                }
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void A_mask_far_to_one_side_takes_one_picture_and_equal_pictures_stay_themselves()
    {
        using NativeBuffer frames = NativeBuffer.From([0.125f, 0.25f, 0.3f, 0.75f, 0.5f, 0.3f]), logit = NativeBuffer.From([-200, 200, 0.37f]), output = new(3);
        foreach (var level in Levels.All)
        {
            FrameBlend.Forward(new(1, 1, 1, 3), frames.Data, logit.Data, output.Data, new(level));
            Assert.Equal([0.75f, 0.25f, 0.3f], output.Span.ToArray());
        }
    }

    [Fact]
    public void The_share_is_exact_to_a_few_units_in_the_last_place_and_its_bits_do_not_depend_on_the_width()
    {
        Random random = new(1);
        float[] logits = [.. Enumerable.Range(0, 20_000).Select(i => i < 10_000 ? (random.NextSingle() - 0.5f) * 180 : (random.NextSingle() - 0.5f) * 8)];
        foreach (KernelLevel level in Levels.All)
        {
            using NativeBuffer shares = NativeBuffer.From(logits);
            FrameBlend.Share(level, shares.Data, logits.Length);
            for (int i = 0; i < logits.Length; i++)
            {
                double expected = 1 / (1 + Math.Exp(-(double)logits[i]));
                Assert.True(Math.Abs(shares.Span[i] - expected) <= 4e-7 * expected + 1e-37, $"{level}: σ({logits[i]}) is {shares.Span[i]}, not {expected}");
            }

            foreach (int width in (int[])[1, 7, 16, 33])
            {
                using NativeBuffer part = NativeBuffer.From([.. logits.Take(width)]);
                FrameBlend.Share(level, part.Data, width);
                part.AssertIntact();
                Assert.Equal(shares.Span[..width].ToArray(), part.Span.ToArray());
            }
        }
    }

    private static NativeBuffer Filled(Random random, int count, float reach, bool guardStart) =>
        NativeBuffer.From([.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * reach)], guardStart);
}
