using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class PlaneUpsamplingTests
{
    // Of the greatest expected magnitude: the levels mix rows and columns in another order, and a gradient sums up to (2f)² values.
    private const double Tolerance = 4e-6;

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_strides_and_guards()
    {
        var factors = Gen.OneOf(Gen.Const(2), Gen.Const(4), Gen.Int[2, 17]);
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 12], Gen.Int[1, 45], factors, Gen.Bool, Gen.Int).Sample(
            (batch, planes, rows, columns, factor, guardStart, seed) =>
            {
                UpsamplingShape shape = new(batch, planes, rows, columns, factor);
                var random = new Random(seed);
                using NativeBuffer small = NativeBuffer.From(Values(random, batch * planes * rows * columns), guardStart);
                using NativeBuffer large = NativeBuffer.From(Values(random, batch * planes * (int)shape.LargeSize), guardStart);
                float[]? expected = null, expectedGradient = null;
                foreach (var level in Levels.All)
                {
                    foreach (int threads in new[] { 1, 3 })
                    {
                        EngineOptions options = new(level, threads);
                        using NativeBuffer output = new(large.Length, guardStart), gradient = new(small.Length, guardStart);
                        PlaneUpsampling.Forward(shape, small.Data, large.Data, output.Data, options);
                        PlaneUpsampling.Backward(shape, large.Data, gradient.Data, options);
                        output.AssertIntact();
                        gradient.AssertIntact();
                        expected ??= output.Span.ToArray();
                        expectedGradient ??= gradient.Span.ToArray();
                        Closeness.Assert(expected, output.Span, Tolerance, $"output, {level}");
                        Closeness.Assert(expectedGradient, gradient.Span, Tolerance, $"gradient, {level}");
                    }
                }
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Pixels_are_areas_and_borders_repeat()
    {
        using NativeBuffer small = NativeBuffer.From([0, 4]), output = new(16);
        foreach (var level in Levels.All)
        {
            PlaneUpsampling.Forward(new(1, 1, 1, 2, 2), small.Data, default, output.Data, new(level));
            Assert.Equal([0, 1, 3, 4, 0, 1, 3, 4], output.Span[..8].ToArray());
        }
    }

    [Fact]
    public void The_gradient_is_the_adjoint()
    {
        UpsamplingShape shape = new(2, 2, 5, 3, 4);
        var random = new Random(5);
        float[] a = Values(random, 2 * 2 * 15), b = Values(random, 2 * 2 * (int)shape.LargeSize);
        using NativeBuffer small = NativeBuffer.From(a), large = NativeBuffer.From(b), up = new(b.Length), down = new(a.Length);
        foreach (var level in Levels.All)
        {
            PlaneUpsampling.Forward(shape, small.Data, default, up.Data, new(level));
            PlaneUpsampling.Backward(shape, large.Data, down.Data, new(level));
            double forward = 0, backward = 0;
            for (int i = 0; i < b.Length; i++)
                forward += (double)up.Span[i] * b[i];
            for (int i = 0; i < a.Length; i++)
                backward += (double)down.Span[i] * a[i];
            Assert.Equal(forward, backward, 1e-4);
        }
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
}
