using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class FrameDetailTests
{
    // Of the greatest expected magnitude: some hundred products in another order, a quotient and a root.
    private const double Tolerance = 5e-6;

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_and_threads_change_no_bit()
    {
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 90], Gen.Int[1, 70], Gen.Bool, Gen.Int).Sample(
            (planes, height, width, guardStart, seed) =>
            {
                WarpShape shape = new(1, planes, height, width);
                Random random = new(seed);
                using NativeBuffer blend = Noise(random, planes * height * width, guardStart), target = Energies(random, height * width, guardStart);
                float[]? expected = null;
                foreach (KernelLevel level in Levels.All)
                {
                    float[]? once = null;
                    foreach (int threads in (int[])[1, 3])
                    {
                        using NativeBuffer output = new(planes * height * width, guardStart);
                        FrameDetail.Keep(shape, blend.Data, target.Data, output.Data, new(level, threads));
                        output.AssertIntact();
                        expected ??= output.Span.ToArray();
                        once ??= output.Span.ToArray();
                        Closeness.Assert(expected, output.Span, Tolerance, $"{shape}, {level}");
                        Assert.True(output.Span.SequenceEqual(once), $"{shape}, {level}: threads change bits");
                    }
                }
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Energies_of_cells_agree_with_the_formula_at_every_level()
    {
        Random random = new(3);
        foreach ((int planes, int height, int width) in ((int, int, int)[])[(3, 16, 40), (1, 4, 4), (2, 12, 76)])
        {
            using NativeBuffer image = Noise(random, planes * height * width, guardStart: false);
            float[] expected = Formula(image.Span.ToArray(), planes, height, width);
            foreach (KernelLevel level in Levels.All)
            {
                using NativeBuffer cells = new(expected.Length), scratch = new(FrameDetail.EnergyScratch(width));
                for (int row = 0; row < height / 4; row++)
                {
                    FrameDetail.EnergyRow(
                        level, planes, height, width, row, new Rows(image.Data, height, width), cells.Data + row * (width / 4), scratch.Data);
                }

                cells.AssertIntact();
                scratch.AssertIntact();
                Closeness.Assert(expected, cells.Span, Tolerance, $"{level}");
            }
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.01f)]
    public void Grain_of_two_frames_that_a_blend_halves_comes_back_by_four_fifths_of_what_is_missing(float scale)
    {
        const int width = 160, height = 120;
        Random random = new(8);
        float[] first = [.. Enumerable.Range(0, width * height).Select(_ => scale * (0.5f + 0.1f * (random.NextSingle() - 0.5f)))];
        float[] second = [.. Enumerable.Range(0, width * height).Select(_ => scale * (0.5f + 0.1f * (random.NextSingle() - 0.5f)))];
        float[] energies = Formula(first, 1, height, width);
        float mean = energies.Average();
        using NativeBuffer blend = NativeBuffer.From([.. first.Zip(second, (a, b) => (a + b) / 2)]), output = new(width * height);
        using NativeBuffer target = NativeBuffer.From([.. Enumerable.Repeat(mean, width * height)]);
        FrameDetail.Keep(new(1, 1, height, width), blend.Data, target.Data, output.Data);
        double before = Math.Sqrt(Formula(blend.Span.ToArray(), 1, height, width).Average() / mean);
        double after = Math.Sqrt(Formula(output.Span.ToArray(), 1, height, width).Average() / mean);
        Assert.InRange(before, 0.68, 0.73);                             // √½
        Assert.InRange(after, 0.2 * before + 0.73, 0.2 * before + 0.83);
    }

    [Fact]
    public void No_more_detail_is_added_than_a_few_code_values_however_much_is_missing()
    {
        const int width = 96, height = 64;
        Random random = new(11);
        using NativeBuffer blend = NativeBuffer.From([.. Enumerable.Range(0, width * height).Select(_ => 0.5f + 0.2f * (random.NextSingle() - 0.5f))]);
        using NativeBuffer target = NativeBuffer.From([.. Enumerable.Repeat(0.1f, width * height)]), output = new(width * height);
        foreach (KernelLevel level in Levels.All)
        {
            FrameDetail.Keep(new(1, 1, height, width), blend.Data, target.Data, output.Data, new(level));
            float[] before = blend.Span.ToArray(), after = output.Span.ToArray();
            double added = Math.Sqrt(before.Zip(after, (a, b) => (double)(b - a) * (b - a)).Average());
            Assert.InRange(added, 0.9 * FrameDetail.MostAdded, 1.1 * FrameDetail.MostAdded); // of the mean over 5×5 pixels
        }
    }

    [Fact]
    public void Detail_as_strong_as_wanted_or_stronger_stays_and_none_becomes_none()
    {
        Random random = new(5);
        using NativeBuffer blend = Noise(random, 30 * 20, guardStart: false), weak = NativeBuffer.From(new float[30 * 20]), output = new(30 * 20);
        using NativeBuffer flat = NativeBuffer.From([.. Enumerable.Repeat(0.3f, 30 * 20)]), strong = NativeBuffer.From([.. Enumerable.Repeat(9f, 30 * 20)]);
        foreach (KernelLevel level in Levels.All)
        {
            FrameDetail.Keep(new(1, 1, 20, 30), blend.Data, weak.Data, output.Data, new(level));
            Assert.Equal(blend.Span.ToArray(), output.Span.ToArray());
            FrameDetail.Keep(new(1, 1, 20, 30), flat.Data, strong.Data, output.Data, new(level));
            Assert.All(output.Span.ToArray(), value => Assert.Equal(0.3f, value, 1e-6f));
        }
    }

    private static float[] Formula(float[] image, int planes, int height, int width)
    {
        float[] cells = new float[height / 4 * (width / 4)];
        for (int p = 0; p < planes; p++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double soft = 0;
                    for (int i = -1; i <= 1; i++)
                        for (int j = -1; j <= 1; j++)
                            soft += (2 - Math.Abs(i)) * (2 - Math.Abs(j)) / 16.0 * At(y + i, x + j);
                    double detail = At(y, x) - soft;
                    cells[y / 4 * (width / 4) + x / 4] += (float)(detail * detail / 16);
                }
            }

            double At(int y, int x) => image[(p * height + Math.Clamp(y, 0, height - 1)) * width + Math.Clamp(x, 0, width - 1)];
        }

        return cells;
    }

    private static NativeBuffer Noise(Random random, int count, bool guardStart) =>
        NativeBuffer.From([.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)], guardStart);

    private static NativeBuffer Energies(Random random, int count, bool guardStart) =>
        NativeBuffer.From([.. Enumerable.Range(0, count).Select(_ => 4 * random.NextSingle())], guardStart);

    private readonly struct Rows(float* planes, int height, int width) : IPlaneRow
    {
        public void Copy(int plane, int row, float* target) =>
            new ReadOnlySpan<float>(planes + (plane * height + row) * width, width).CopyTo(new(target, width));
    }
}
