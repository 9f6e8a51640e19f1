using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class PlaneHalvingTests
{
    [Fact]
    public void Every_level_gives_the_reference_s_bits_at_random_sizes_and_guards()
    {
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Bool, Gen.Int).Sample(
            (planes, rows, columns, guardStart, seed) =>
            {
                HalvingShape shape = new(planes, 2 * rows, 2 * columns);
                var random = new Random(seed);
                using NativeBuffer input = NativeBuffer.From(
                    [.. Enumerable.Range(0, 4 * planes * rows * columns).Select(_ => random.NextSingle() * 2 - 1)], guardStart);
                float[]? expected = null;
                foreach (var level in Levels.All)
                {
                    foreach (int threads in new[] { 1, 3 })
                    {
                        using NativeBuffer output = new(planes * rows * columns, guardStart);
                        PlaneHalving.Apply(shape, input.Data, output.Data, new(level, threads));
                        output.AssertIntact();
                        expected ??= output.Span.ToArray();
                        Assert.Equal(expected, output.Span.ToArray());
                    }
                }
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void A_pixel_is_the_mean_of_four()
    {
        using NativeBuffer input = NativeBuffer.From([1, 2, 3, 4, 5, 6, 7, 8]), output = new(2);
        foreach (var level in Levels.All)
        {
            PlaneHalving.Apply(new(1, 2, 4), input.Data, output.Data, new(level));
            Assert.Equal([3.5f, 5.5f], output.Span.ToArray());
        }
    }

    [Fact]
    public void Sizes_without_a_half_and_missing_memory_are_refused()
    {
        using NativeBuffer buffer = new(64);
        Assert.Throws<ArgumentException>(() => PlaneHalving.Apply(new(1, 3, 4), buffer.Data, buffer.Data));
        Assert.Throws<ArgumentException>(() => PlaneHalving.Apply(new(1, 4, 3), buffer.Data, buffer.Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlaneHalving.Apply(new(0, 4, 4), buffer.Data, buffer.Data));
        Assert.Throws<ArgumentNullException>(() => PlaneHalving.Apply(new(1, 4, 4), default, buffer.Data));
    }
}
