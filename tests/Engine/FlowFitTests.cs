using AdaConv.Engine.Fit;
using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class FlowFitTests
{
    // Of half a pixel: sums of some 400 products in another order, over a determinant. Measured: below 4e-6 for noise.
    private const double Tolerance = 2e-5;

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_and_times_and_threads_change_no_bit()
    {
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 20], Gen.Int[1, 40], Gen.Bool, Gen.Int).Sample(
            (planes, rows, columns, guardStart, seed) =>
            {
                WarpShape shape = new(1, planes, 4 * rows, 4 * columns);
                Random random = new(seed);
                float time = 0.01f + 0.98f * random.NextSingle();
                using NativeBuffer pair = Noise(random, 2 * planes * 16 * rows * columns, guardStart);
                float[]? expected = null;
                foreach (KernelLevel level in Levels.All)
                {
                    float[]? once = null;
                    foreach (int threads in (int[])[1, 3])
                    {
                        float[] change = Fit(shape, pair, time, level, threads, guardStart);
                        expected ??= change;
                        once ??= change;
                        Closeness.Assert(expected, change, Tolerance, $"{shape} at {time}, {level}", smallestScale: FlowFit.Longest);
                        Assert.True(change.AsSpan().SequenceEqual(once), $"{shape}, {level}: threads change bits");
                    }
                }
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Rows_that_are_made_some_at_a_time_have_the_same_bits_stay_in_their_working_memory_and_go_on_top_of_others()
    {
        FitShape shape = new(3, 28, 72);
        using NativeBuffer pair = Noise(new(4), 6 * 28 * 72, guardStart: false);
        foreach (KernelLevel level in Levels.All)
        {
            float[] whole = Fit(new(1, 3, 28, 72), pair, 0.3f, level, 1, guardStart: false);
            using NativeBuffer sums = new(FlowFit.Sums * 7 * 18), change = new(5 * 7 * 18), scratch = new(shape.SumScratch), solving = new(shape.SolveScratch);
            foreach (RowRange rows in (RowRange[])[new(3, 7), new(0, 3)])
                FlowFit.SumRows(level, shape, rows, 0.3f, new Rows(pair.Data, shape), sums.Data, scratch.Data);
            for (int row = 0; row < 7; row++)
                FlowFit.SolveRow(level, shape, row, new(0.3f), sums.Data, null, change.Data, solving.Data);
            sums.AssertIntact();
            change.AssertIntact();
            scratch.AssertIntact();
            solving.AssertIntact();
            Assert.Equal(whole, change.Span.ToArray());
            using NativeBuffer added = Noise(new(5), 5 * 7 * 18, guardStart: false);
            for (int row = 0; row < 7; row++)
                FlowFit.SolveRow(level, shape, row, new(0.3f, 0.5f), sums.Data, added.Data, change.Data, solving.Data);
            change.AssertIntact();
            Closeness.Assert([.. whole.Zip(added.Span.ToArray(), (fit, other) => other + 0.5f * fit)], change.Span, 1e-6, $"{level}, added");
        }
    }

    [Fact]
    public void The_last_sum_is_how_much_the_frames_differ_bit_for_bit_at_every_level()
    {
        FitShape shape = new(2, 12, 44);
        using NativeBuffer pair = Noise(new(8), 4 * 12 * 44, guardStart: false);
        float[] differences = [.. Enumerable.Range(0, 12 * 44).Select(i =>
            MathF.Abs(pair.Span[2 * 12 * 44 + i] - pair.Span[i]) + MathF.Abs(pair.Span[3 * 12 * 44 + i] - pair.Span[12 * 44 + i]))];
        float[] expected = [.. Enumerable.Range(0, 3 * 11).Select(cell =>
        {
            float Column(int x) => Enumerable.Range(0, 4).Aggregate(0f, (sum, y) => sum + differences[(cell / 11 * 4 + y) * 44 + cell % 11 * 4 + x]);
            return Column(0) + Column(1) + (Column(2) + Column(3));
        })];
        foreach (KernelLevel level in Levels.All)
        {
            using NativeBuffer sums = new(FlowFit.Sums * 3 * 11), scratch = new(shape.SumScratch);
            FlowFit.SumRows(level, shape, new(0, 3), 0.3f, new Rows(pair.Data, shape), sums.Data, scratch.Data);
            Assert.Equal(expected, sums.Span[(FlowFit.Difference * 3 * 11)..].ToArray());
        }
    }

    // The definition in float64: no displacement nearby costs less, unless it was cut.
    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.2f)]
    public void No_other_displacement_of_a_window_costs_less(float time)
    {
        const int height = 24, width = 32, planes = 2;
        Random random = new(9);
        float[] first = [.. Enumerable.Range(0, planes * height * width).Select(_ => random.NextSingle())];
        float[] texture = [.. first, .. first.Select(value => value + 0.2f * (random.NextSingle() - 0.5f))];
        using NativeBuffer pair = NativeBuffer.From(texture);
        float[] change = Fit(new(1, planes, height, width), pair, time, KernelLevel.Scalar, 1, guardStart: false);
        int cells = height * width / 16, within = 0;
        for (int row = 0; row < height / 4; row++)
        {
            for (int column = 0; column < width / 4; column++)
            {
                int cell = row * (width / 4) + column;
                double x = change[cell] / (2 * time), y = change[cells + cell] / (2 * time);
                Assert.Equal(-2 * (1 - time) * x, change[2 * cells + cell], 1e-5);
                Assert.Equal(-2 * (1 - time) * y, change[3 * cells + cell], 1e-5);
                Assert.Equal(0, change[4 * cells + cell]);
                double length = Math.Sqrt(x * x + y * y), least = Cost(texture, row, column, x, y);
                Assert.InRange(length, 0, FlowFit.Longest + 1e-5);
                if (length > FlowFit.Longest - 1e-5)
                    continue;
                within++;
                foreach (var (dx, dy) in ((double, double)[])[(0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)])
                    Assert.True(Cost(texture, row, column, x + dx, y + dy) > least, $"row {row}, column {column}: ({x}, {y})");
            }
        }

        Assert.InRange(within, cells / 4, cells);

        double Cost(float[] both, int row, int column, double x, double y)
        {
            double cost = 0;
            for (int i = 0; i < 9; i++)
            {
                int top = 4 * Math.Clamp(row + i / 3 - 1, 0, height / 4 - 1), left = 4 * Math.Clamp(column + i % 3 - 1, 0, width / 4 - 1);
                for (int p = 0; p < 16; p++)
                {
                    int v = top + p / 4, u = left + p % 4;
                    double misfit = 0, squares = 0;
                    for (int plane = 0; plane < planes; plane++)
                    {
                        double e = At(1, plane, u, v) - At(0, plane, u, v);
                        double gx = Between(plane, u + 1, v) - Between(plane, u - 1, v), gy = Between(plane, u, v + 1) - Between(plane, u, v - 1);
                        misfit += Math.Pow(gx * x + gy * y - e, 2);
                        squares += e * e / planes;
                    }

                    cost += misfit / (1 + squares / (FlowFit.Doubt * FlowFit.Doubt));
                }
            }

            return cost / FlowFit.Window + FlowFit.Damping * (x * x + y * y);

            double Between(int plane, int u, int v) => time * At(0, plane, u, v) + (1 - time) * At(1, plane, u, v);

            double At(int frame, int plane, int u, int v) =>
                both[((frame * planes + plane) * height + Math.Clamp(v, 0, height - 1)) * width + Math.Clamp(u, 0, width - 1)];
        }
    }

    // A picture sampled beside its place by what the flows are wrong by: the fit says so.
    [Theory]
    [InlineData(0.5f, 0.15, -0.1)]
    [InlineData(0.25f, -0.2, 0.1)]
    [InlineData(0.8f, 0.1, 0.25)]
    public void A_shift_of_a_fraction_of_a_pixel_is_found_in_texture_and_nothing_where_there_is_none(float time, double x, double y)
    {
        const int height = 48, width = 64;
        float[] pair = new float[2 * height * width];
        for (int frame = 0; frame < 2; frame++)
        {
            double share = frame == 0 ? -2 * time : 2 * (1 - time);             // what the flows must change by, the other way
            for (int v = 0; v < height; v++)
            {
                for (int u = 0; u < width; u++)
                    pair[(frame * height + v) * width + u] = (float)Texture(u + share * x, v + share * y);
            }
        }

        using NativeBuffer warped = NativeBuffer.From(pair);
        foreach (KernelLevel level in Levels.All)
        {
            float[] change = Fit(new(1, 1, height, width), warped, time, level, 1, guardStart: false);
            for (int row = 1; row < height / 4 - 1; row++)
            {
                for (int column = 1; column < width / 4 - 1; column++)
                {
                    int cell = row * (width / 4) + column, cells = height * width / 16;
                    double wanted = column < 6 ? 1 : 0;
                    if (column is >= 6 and <= 9)
                        continue;                                                // where the texture ends
                    Assert.Equal(wanted * 2 * time * x, change[cell], 0.05);
                    Assert.Equal(wanted * 2 * time * y, change[cells + cell], 0.05);
                    Assert.Equal(wanted * -2 * (1 - time) * x, change[2 * cells + cell], 0.05);
                    Assert.Equal(wanted * -2 * (1 - time) * y, change[3 * cells + cell], 0.05);
                }
            }
        }

        static double Texture(double u, double v) => u > 31.5 ? 0.5 : 0.5 + 0.2 * Math.Sin(0.7 * u + 0.3 * v) + 0.2 * Math.Cos(0.35 * v - 0.5 * u);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        using NativeBuffer pair = Noise(new(1), 6 * 8 * 8, guardStart: false), change = new(5 * 4), scratch = new(FlowFit.Sums * 4);
        WarpShape fits = new(1, 3, 8, 8);
        foreach (WarpShape shape in (WarpShape[])[fits with { Height = 6 }, fits with { Width = 7 }, fits with { Batch = 2 }, fits with { Planes = 0 }])
            Assert.ThrowsAny<ArgumentException>(() => FlowFit.Apply(shape, pair.Data, 0.5f, change.Data, scratch.Data));
        foreach (float time in (float[])[0, 1, -0.5f, float.NaN])
            Assert.Contains("time", Assert.ThrowsAny<ArgumentException>(() =>
                FlowFit.Apply(fits, pair.Data, time, change.Data, scratch.Data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => FlowFit.Apply(fits, null, 0.5f, change.Data, scratch.Data));
        Assert.Throws<ArgumentNullException>(() => FlowFit.Apply(fits, pair.Data, 0.5f, change.Data, null));
    }

    private static float[] Fit(WarpShape shape, NativeBuffer pair, float time, KernelLevel level, int threads, bool guardStart)
    {
        int cells = shape.Height * shape.Width / 16;
        using NativeBuffer change = new(FlowFit.Planes * cells, guardStart), scratch = new(FlowFit.Sums * cells, guardStart);
        FlowFit.Apply(shape, pair.Data, time, change.Data, scratch.Data, new(level, threads));
        change.AssertIntact();
        scratch.AssertIntact();
        return change.Span.ToArray();
    }

    private static NativeBuffer Noise(Random random, int count, bool guardStart) =>
        NativeBuffer.From([.. Enumerable.Range(0, count).Select(_ => random.NextSingle())], guardStart);

    private readonly struct Rows(float* planes, FitShape shape) : IPairRow
    {
        public void Copy(int row, float* target, nint stride)
        {
            for (int plane = 0; plane < 2 * shape.Planes; plane++, target += stride)
                new ReadOnlySpan<float>(planes + (plane * shape.Height + row) * shape.Width, shape.Width).CopyTo(new(target, shape.Width));
        }
    }
}
