using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class CubicWarpTests
{
    // Of the greatest expected magnitude: weights, slopes and sums of 36 products in fused multiply-adds instead of rounded ones. Measured: below 5e-7.
    private const double Tolerance = 2e-6;

    /// <summary>What networks sample with: f of <see cref="CubicWarp"/>.</summary>
    public static readonly TheoryData<float> FarShares = [0, 0.125f];

    [Theory]
    [InlineData(1, 1, 1, 1, 0)]
    [InlineData(2, 3, 1, 17, 0.125f)]
    [InlineData(1, 4, 19, 1, 0.125f)]
    [InlineData(2, 1, 2, 3, 0)]
    [InlineData(3, 2, 7, 5, 0.125f)]
    [InlineData(2, 3, 37, 53, 0.125f)]
    [InlineData(2, 3, 37, 53, 0)]
    [InlineData(1, 3, 16, 64, 0.125f)]
    public void Every_level_agrees_with_the_reference(int batch, int planes, int height, int width, float far) =>
        AssertLevelsAgree(new(batch, planes, height, width), seed: width, gap: 0, reach: 6, guardStart: false, far);

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_strides_and_guards()
    {
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 50], Gen.Int[1, 70], Gen.Int[0, 30], Gen.Int[0, 100], Gen.Bool, Gen.Int).Sample(
            (batch, planes, height, width, gap, reach, guardStart, seed) =>
                AssertLevelsAgree(new(batch, planes, height, width), seed, gap, reach, guardStart, far: (seed & 3) / 16f),
            iter: 60, threads: 1);
    }

    [Theory]
    [MemberData(nameof(FarShares))]
    public void No_flow_gives_the_image_itself(float far)
    {
        using var inputs = new WarpCase(new(2, 3, 13, 35), seed: 1, gap: 0, reach: 0, guardStart: false) { Far = far };
        foreach (var level in Levels.All)
        {
            Assert.Equal(inputs.Image.Span.ToArray(), inputs.CubicForward(new EngineOptions(level)));
        }
    }

    // Rows of planes that are parts of larger ones. Neighbouring pixels look at neighbouring values, which are loaded together, but not where a whole number
    // is passed or the border is near. What lies beside the image is not a number, and so would be what looked at it.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-2.25f, 0.75f, 0)]
    [InlineData(3, -1, 0)]
    [InlineData(-8.5f, 5.25f, 0.02f)]
    [InlineData(0.5f, -0.5f, -0.01f)]
    [InlineData(70, 40, 0.3f)]
    public void Smooth_flows_give_the_reference_s_values_in_a_part_of_a_larger_plane(float x, float y, float zoom)
    {
        const int planes = 3, height = 33, beside = 9;
        foreach (int width in (int[])[77, 16, 3])
        {
            foreach (bool guardStart in new[] { false, true })
            {
                int stride = width + beside, plane = height * stride, length = planes * plane - beside;
                Random random = new(8);
                using NativeBuffer image = new(length, guardStart), flow = new(2 * width, guardStart);
                for (int i = 0; i < length; i++)
                {
                    image.Data[i] = i % stride < width ? random.NextSingle() : float.NaN;
                }

                PlaneView view = new(image.Data, plane, stride, height, width);
                for (int row = 0; row < height; row++)
                {
                    for (int i = 0; i < width; i++)
                    {
                        (flow.Data[i], flow.Data[width + i]) = (x - zoom * i, y - zoom * row + zoom * i / 4);
                    }

                    float[]? expected = null;
                    foreach (var level in Levels.All)
                    {
                        using NativeBuffer output = new(planes * width);
                        CubicWarp.Row(level, view, planes, flow.Data, flow.Data + width, far: 0.125f, row, width, height, output.Data, width);
                        output.AssertIntact();
                        expected ??= output.Span.ToArray();
                        Closeness.Assert(expected, output.Span, Tolerance, $"{level}, width {width}, row {row}");
                    }
                }
            }
        }
    }

    // A pixel among neighbours looks far to the right in the row before, which in memory is where the others look.
    [Fact]
    public void A_place_beyond_the_border_is_not_taken_for_one_in_the_next_row()
    {
        const int height = 9, width = 33, rows = 16, columns = 64, y = 4, x = 5;
        using NativeBuffer stored = new(height * width), flow = new(2 * columns), output = new(columns);
        for (int i = 0; i < stored.Length; i++)
        {
            stored.Data[i] = i / width;
        }

        flow.Span[..columns].Fill(1);
        flow.Span[columns..].Clear();
        (flow.Data[x], flow.Data[columns + x]) = (1 + width, -1);
        PlaneView image = new(stored.Data, height * width, width, height, width);
        foreach (var level in Levels.All)
        {
            CubicWarp.Row(level, image, 1, flow.Data, flow.Data + columns, far: 0.125f, y, columns, rows, output.Data, columns);
            Assert.Equal([y, y - 1, y], output.Span.Slice(x - 1, 3));
        }
    }

    [Theory]
    [InlineData(0, new float[] { 6, 36, 26, 0 })] // (−1, 9, 9, −1) / 16 of 0 0 16 48, 0 16 48 0 and 16 48 0 0; the border
    [InlineData(0.125f, new float[] { 4.25f, 38, 26.75f, 0 })] // (1, −7, 38, 38, −7, 1) / 64 of 0 0 0 16 48 0, 0 0 16 48 0 0 and 0 16 48 0 0 0
    public void A_flow_points_to_where_the_value_comes_from_and_what_lies_beyond_the_border_is_its_value(float far, float[] expected)
    {
        float[] values = [0, 16, 48, 0];
        foreach (WarpShape shape in (WarpShape[])[new(1, 1, 1, 4), new(1, 1, 4, 1)])
        {
            using NativeBuffer image = NativeBuffer.From(values), flow = new(8), output = new(4);
            flow.Span.Fill(0.5f);
            foreach (var level in Levels.All)
            {
                CubicWarp.Forward(shape, image.Data, flow.Data, output.Data, far, new EngineOptions(level));
                Assert.Equal(expected, output.Span.ToArray());
            }
        }
    }

    // A frame is looked at where it lies as its padded copy is.
    [Theory]
    [InlineData(6)]
    [InlineData(0)]
    public void An_image_that_its_border_is_to_continue_gives_the_bits_of_a_continued_copy(int reach)
    {
        const int height = 9, width = 37, rows = 16, columns = 48;
        using WarpCase inputs = new(new(1, 1, rows, columns), seed: 6, gap: 0, reach, guardStart: false) { Far = 0.125f };
        using NativeBuffer stored = new(height * width), output = new(columns);
        for (int i = 0; i < rows * columns; i++)
        {
            int y = Math.Min(i / columns, height - 1), x = Math.Min(i % columns, width - 1);
            stored.Span[y * width + x] = inputs.Image.Span[i] = inputs.Image.Span[y * columns + x];
            inputs.Flow.Span[i] += 1.25f; // beyond the border on the right
        }

        PlaneView image = new(stored.Data, height * width, width, height, width);
        foreach (var level in Levels.All)
        {
            float[] expected = inputs.CubicForward(new EngineOptions(level));
            for (int y = 0; y < rows; y++)
            {
                float* flow = inputs.Flow.Data + y * columns;
                CubicWarp.Row(level, image, 1, flow, flow + rows * columns, inputs.Far, y, columns, rows, output.Data, columns);
                output.AssertIntact();
                Assert.Equal(expected.AsSpan(y * columns, columns), output.Span);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(9, 5)]
    public void A_pixel_s_value_does_not_depend_on_where_its_neighbours_look(int farthest, int planes)
    {
        using var inputs = new WarpCase(new(2, planes, 23, 61), seed: 9, gap: 0, reach: 0, guardStart: false) { Far = 0.125f };
        foreach (var level in Levels.All)
        {
            inputs.AssertNeighboursDoNotMatter(farthest, () => inputs.CubicForward(new EngineOptions(level)));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(-3e9f)]
    public void Wild_flows_stay_inside_the_image(float wild)
    {
        var shape = new WarpShape(1, 2, 9, 37);
        foreach (bool guardStart in new[] { false, true })
        {
            using var inputs = new WarpCase(shape, seed: 2, gap: 0, reach: 3, guardStart) { Far = 0.125f };
            for (int i = 0; i < inputs.Flow.Length; i += 3)
            {
                inputs.Flow.Span[i] = wild;
            }

            (float[] Output, float[] GradFlow)? expected = null;
            foreach (var level in Levels.All)
            {
                var options = new EngineOptions(level);
                float[] output = inputs.CubicForward(options), gradFlow = inputs.CubicBackward(options);
                expected ??= (output, gradFlow);
                Assert.All(output, value => Assert.InRange(value, -0.534f, 1.534f)); // the image's own range is 0 to 1
                for (int i = 0; i < inputs.Flow.Length; i += 3)
                {
                    Assert.Equal(0, gradFlow[i]);
                }

                Closeness.Assert(expected.Value.Output, output, Tolerance, $"output, {level}");
                Closeness.Assert(expected.Value.GradFlow, gradFlow, Tolerance, $"flow gradient, {level}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(FarShares))]
    public void A_constant_image_stays_constant(float far)
    {
        const float value = 0.7f;
        using var inputs = new WarpCase(new(1, 2, 21, 51), seed: 3, gap: 0, reach: 9, guardStart: false) { Far = far };
        inputs.Image.Span.Fill(value);
        foreach (var level in Levels.All)
        {
            // Weights that sum to one are rounded, and so are six sums of six.
            Assert.All(inputs.CubicForward(new EngineOptions(level)), result => Assert.InRange(result / value, 1 - 5e-7f, 1 + 5e-7f));
            Assert.All(inputs.CubicBackward(new EngineOptions(level)), result => Assert.InRange(result, -2e-6f, 2e-6f));
        }
    }

    [Theory]
    [MemberData(nameof(FarShares))]
    public void A_parabola_is_reproduced_inside_and_so_is_its_slope(float far)
    {
        const int height = 24, width = 41;
        using var inputs = new WarpCase(new(1, 1, height, width), seed: 4, gap: 0, reach: 3, guardStart: false) { Far = far };
        for (int i = 0; i < height * width; i++)
        {
            inputs.Image.Span[i] = (float)Value(i % width, i / width);
        }

        inputs.GradOutput.Span.Fill(1);
        foreach (var level in Levels.All)
        {
            float[] output = inputs.CubicForward(new EngineOptions(level)), gradient = inputs.CubicBackward(new EngineOptions(level));
            int inside = 0;
            for (int i = 0; i < height * width; i++)
            {
                float x = i % width + inputs.Flow.Span[i], y = i / width + inputs.Flow.Span[height * width + i];
                if (x >= 2 && y >= 2 && x < width - 3 && y < height - 3)
                {
                    inside++;
                    Assert.Equal(Value(x, y), output[i], 2e-6); // values up to 2 are stored and summed
                    Assert.Equal(0.02 - 0.002 * x - 0.0008 * y, gradient[i], 4e-6);
                    Assert.Equal(-0.015 - 0.0008 * x + 0.0024 * y, gradient[height * width + i], 4e-6);
                }
            }

            Assert.True(inside > 500, $"{inside} pixels look inside");
        }

        static double Value(double x, double y) => 0.9 + 0.02 * x - 0.015 * y - 0.001 * x * x - 0.0008 * x * y + 0.0012 * y * y;
    }

    // At half a pixel both ways: the squares of the sums of the weights that count and of those that are taken away, and twice their product. At an edge: the
    // largest of what lies beyond it on its way.
    [Theory]
    [InlineData(0, 9 / 8f, 1 / 8f, 2 / 27.0)]
    [InlineData(0.125f, 78 / 64f, 14 / 64f, 0.10257)]
    public void Values_beyond_the_range_are_as_large_as_documented(float far, float counted, float taken, double beyondEdge)
    {
        const int side = 6, steps = 500;
        var shape = new WarpShape(1, 1, side, side);
        using NativeBuffer image = new(side * side), flow = new(2 * side * side), output = new(side * side);
        foreach (var level in Levels.All)
        {
            Assert.Equal(counted * counted + taken * taken, Sampled((x, y) => IsTaken(x) == IsTaken(y), 0.5f, 0.5f));
            Assert.Equal(-2 * counted * taken, Sampled((x, y) => IsTaken(x) != IsTaken(y), 0.5f, 0.5f));
            Assert.Equal(1 + beyondEdge, Enumerable.Range(0, steps).Max(i => Sampled((x, _) => x > 1, i / (float)steps, 0)), 1e-5);
            Assert.Equal(1 + beyondEdge, Enumerable.Range(0, steps).Max(i => Sampled((_, y) => y < 4, 0, i / (float)steps)), 1e-5);

            float Sampled(Func<int, int, bool> isWhite, float x, float y)
            {
                for (int i = 0; i < side * side; i++)
                {
                    (image.Data[i], flow.Data[i], flow.Data[side * side + i]) = (isWhite(i % side, i / side) ? 1 : 0, x, y);
                }

                CubicWarp.Forward(shape, image.Data, flow.Data, output.Data, far, new EngineOptions(level));
                return output.Data[2 * side + 2];
            }
        }

        static bool IsTaken(int place) => place is 1 or 4;
    }

    [Theory]
    [MemberData(nameof(FarShares))]
    public void Output_and_gradient_are_those_of_the_definition(float far)
    {
        var shape = new WarpShape(1, 2, 6, 7);
        using var inputs = new WarpCase(shape, seed: 11, gap: 0, reach: 2, guardStart: false) { Far = far };
        for (int i = 0; i < inputs.Flow.Length; i += 3)
        {
            // Whole pixels, where the slope is the same from both sides, except at the border.
            (int x, int y) = (i % 7, i / 7 % 6);
            inputs.Flow.Span[i] = x is 0 or 6 || y is 0 or 5 ? inputs.Flow.Span[i] : 0;
        }

        double[] image = [.. inputs.Image.Span.ToArray().Select(value => (double)value)];
        double[] flow = [.. inputs.Flow.Span.ToArray().Select(value => (double)value)];
        double[] Oracle() => WarpDefinition.Of(shape, image, flow, distance => WarpDefinition.Cubic(distance, far));

        float[] output = [.. Oracle().Select(value => (float)value)];
        float[] gradFlow = NumericalGradient.Of(flow, inputs.GradOutput.Span.ToArray(), Oracle);
        Assert.Contains(gradFlow, value => value == 0); // some look past the border
        foreach (var level in Levels.All)
        {
            Closeness.Assert(output, inputs.CubicForward(new EngineOptions(level)), Tolerance, $"output, {level}");
            Closeness.Assert(gradFlow, inputs.CubicBackward(new EngineOptions(level)), 1e-5, $"flow gradient, {level}");
        }
    }

    [Fact]
    public void Every_number_of_threads_gives_the_same_bits()
    {
        using var inputs = new WarpCase(new(3, 3, 61, 83), seed: 12, gap: 0, reach: 20, guardStart: false) { Far = 0.125f };
        foreach (var level in Levels.All)
        {
            float[] output = inputs.CubicForward(new EngineOptions(level, Threads: 1)), gradient = inputs.CubicBackward(new EngineOptions(level, Threads: 1));
            foreach (int threads in new[] { 2, 3, 7, 0 })
            {
                Assert.Equal(output, inputs.CubicForward(new EngineOptions(level, threads)));
                Assert.Equal(gradient, inputs.CubicBackward(new EngineOptions(level, threads)));
            }
        }
    }

    [Fact]
    public void Wrong_shapes_missing_pointers_and_overlapping_items_are_refused_by_name()
    {
        var shape = new WarpShape(2, 1, 4, 4);
        using var memory = new NativeBuffer(96);
        float* m = memory.Data;
        Assert.Equal("Planes", Assert.ThrowsAny<ArgumentException>(() => CubicWarp.Forward(shape with { Planes = 0 }, m, m, m, 0)).ParamName);
        Assert.Equal("Height", Assert.ThrowsAny<ArgumentException>(() => CubicWarp.Backward(shape with { Height = 0 }, m, m, m, m, 0)).ParamName);
        Assert.Equal("image", Assert.Throws<ArgumentNullException>(() => CubicWarp.Forward(shape, default, m, m, 0)).ParamName);
        Assert.Equal("flow", Assert.Throws<ArgumentNullException>(() => CubicWarp.Forward(shape, m, default, m, 0)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentNullException>(() => CubicWarp.Forward(shape, m, m, default, 0)).ParamName);
        Assert.Equal("gradOutput", Assert.Throws<ArgumentNullException>(() => CubicWarp.Backward(shape, m, m, default, m, 0)).ParamName);
        Assert.Equal("gradFlow", Assert.Throws<ArgumentNullException>(() => CubicWarp.Backward(shape, m, m, m, default, 0)).ParamName);
        Assert.Equal("flow", Assert.Throws<ArgumentException>(() => CubicWarp.Forward(shape, m, new TensorView(m, 31), m, 0)).ParamName);
        foreach (float far in (float[])[-0.01f, 0.26f, float.NaN])
        {
            Assert.Equal("far", Assert.Throws<ArgumentOutOfRangeException>(() => CubicWarp.Forward(shape, m, m, m, far)).ParamName);
            Assert.Equal("far", Assert.Throws<ArgumentOutOfRangeException>(() => CubicWarp.Backward(shape, m, m, m, m, far)).ParamName);
        }
    }

    private static void AssertLevelsAgree(WarpShape shape, int seed, int gap, int reach, bool guardStart, float far)
    {
        using var inputs = new WarpCase(shape, seed, gap, reach, guardStart) { Far = far };
        float[] output = inputs.CubicForward(new EngineOptions(KernelLevel.Scalar)), gradient = inputs.CubicBackward(new EngineOptions(KernelLevel.Scalar));
        foreach (var level in Levels.Vectorised)
        {
            Closeness.Assert(output, inputs.CubicForward(new EngineOptions(level)), Tolerance, $"output, {level}, {shape}");
            Closeness.Assert(gradient, inputs.CubicBackward(new EngineOptions(level)), Tolerance, $"flow gradient, {level}, {shape}");
        }
    }
}
