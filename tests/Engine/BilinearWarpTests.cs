using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class BilinearWarpTests
{
    // Of the greatest expected magnitude: three fused multiply-adds instead of six rounded operations; a pixel's gradient
    // sums what many flows bring in the same order at every level.
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 1, 17)]
    [InlineData(1, 4, 19, 1)]
    [InlineData(3, 2, 7, 5)]
    [InlineData(2, 3, 37, 53)]
    [InlineData(1, 3, 16, 64)]
    public void Every_level_agrees_with_the_reference(int batch, int planes, int height, int width) =>
        AssertLevelsAgree(new(batch, planes, height, width), seed: width, gap: 0, reach: 6, guardStart: false);

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_strides_and_guards()
    {
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 50], Gen.Int[1, 70], Gen.Int[0, 30], Gen.Int[0, 100], Gen.Bool, Gen.Int).Sample(
            (batch, planes, height, width, gap, reach, guardStart, seed) => AssertLevelsAgree(new(batch, planes, height, width), seed, gap,
                reach, guardStart),
            iter: 60, threads: 1);
    }

    [Fact]
    public void No_flow_gives_the_image_itself()
    {
        using var inputs = new WarpCase(new(2, 3, 13, 35), seed: 1, gap: 0, reach: 0, guardStart: false);
        foreach (var level in Levels.All)
            Assert.Equal(inputs.Image.Span.ToArray(), inputs.Forward(new EngineOptions(level)));
    }

    // Neighbouring pixels then look at neighbouring values, which are loaded together, but not where a whole number is passed or the border clamps.
    [Theory]
    [InlineData(-2.25f, 0.75f, 0)]
    [InlineData(3, -1, 0)]
    [InlineData(-8.5f, 5.25f, 0.02f)]
    [InlineData(70, 40, 0.3f)]
    public void Smooth_flows_give_the_reference_s_values(float x, float y, float zoom)
    {
        WarpShape shape = new(1, 3, 33, 77);
        Random random = new(8);
        using NativeBuffer image = NativeBuffer.From([.. Enumerable.Range(0, 3 * 33 * 77).Select(_ => random.NextSingle())]);
        using NativeBuffer flow = new(2 * 33 * 77);
        for (int i = 0; i < 33 * 77; i++)
            (flow.Data[i], flow.Data[33 * 77 + i]) = (x - zoom * (i % 77), y - zoom * (i / 77));
        float[]? expected = null;
        foreach (var level in Levels.All)
        {
            using NativeBuffer output = new(image.Length);
            BilinearWarp.Forward(shape, image.Data, flow.Data, output.Data, new EngineOptions(level));
            output.AssertIntact();
            expected ??= output.Span.ToArray();
            Closeness.Assert(expected, output.Span, Tolerance, $"{level}");
        }
    }

    [Fact]
    public void A_flow_points_to_where_the_value_comes_from()
    {
        var shape = new WarpShape(1, 1, 3, 4);
        using NativeBuffer image = NativeBuffer.From([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]), flow = new(24), output = new(12);
        flow.Span[..12].Fill(1.5f); // to the right
        flow.Span[12..].Fill(-1); // up
        foreach (var level in Levels.All)
        {
            BilinearWarp.Forward(shape, image.Data, flow.Data, output.Data, new EngineOptions(level));
            Assert.Equal([1.5f, 2.5f, 3, 3, 1.5f, 2.5f, 3, 3, 11.5f, 12.5f, 13, 13], output.Span.ToArray());
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
        using var inputs = new WarpCase(new(2, planes, 23, 61), seed: 9, gap: 0, reach: 0, guardStart: false);
        foreach (var level in Levels.All)
        {
            inputs.AssertNeighboursDoNotMatter(farthest, () => inputs.Forward(new EngineOptions(level)));
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
            using var inputs = new WarpCase(shape, seed: 2, gap: 0, reach: 3, guardStart);
            for (int i = 0; i < inputs.Flow.Length; i += 3)
                inputs.Flow.Span[i] = wild;
            (float[] Output, float[] GradImage, float[] GradFlow)? expected = null;
            foreach (var level in Levels.All)
            {
                var options = new EngineOptions(level);
                float[] output = inputs.Forward(options);
                var (gradImage, gradFlow) = inputs.Backward(options);
                expected ??= (output, gradImage, gradFlow);
                Assert.All(output, value => Assert.InRange(value, 0, 1)); // the image's own range
                for (int i = 0; i < inputs.Flow.Length; i += 3)
                    Assert.Equal(0, gradFlow[i]);
                Closeness.Assert(expected.Value.Output, output, Tolerance, $"output, {level}");
                Closeness.Assert(expected.Value.GradImage, gradImage, Tolerance, $"image gradient, {level}");
                Closeness.Assert(expected.Value.GradFlow, gradFlow, Tolerance, $"flow gradient, {level}");
            }
        }
    }

    [Fact]
    public void Gradients_are_those_of_the_definition()
    {
        var shape = new WarpShape(1, 2, 6, 7);
        using var inputs = new WarpCase(shape, seed: 11, gap: 0, reach: 2, guardStart: false);
        // Numerical differences need room: the sampling is not smooth at whole pixels and at the border.
        foreach (ref float value in inputs.Flow.Span)
            value = MathF.Floor(value) + 0.1f + 0.8f * (value - MathF.Floor(value));
        double[] image = [.. inputs.Image.Span.ToArray().Select(value => (double)value)];
        double[] flow = [.. inputs.Flow.Span.ToArray().Select(value => (double)value)];
        double[] Oracle() => WarpDefinition.Of(shape, image, flow, WarpDefinition.Linear);

        float[] weights = inputs.GradOutput.Span.ToArray();
        float[] output = [.. Oracle().Select(value => (float)value)];
        float[] gradImage = NumericalGradient.Of(image, weights, Oracle), gradFlow = NumericalGradient.Of(flow, weights, Oracle);
        Assert.Contains(gradFlow, value => value == 0); // some look past the border
        foreach (var level in Levels.All)
        {
            var options = new EngineOptions(level);
            Closeness.Assert(output, inputs.Forward(options), 2e-6, $"output, {level}");
            var actual = inputs.Backward(options);
            Closeness.Assert(gradImage, actual.GradImage, 1e-5, $"image gradient, {level}");
            Closeness.Assert(gradFlow, actual.GradFlow, 1e-5, $"flow gradient, {level}");
        }
    }

    [Fact]
    public void Every_number_of_threads_gives_the_same_bits()
    {
        using var inputs = new WarpCase(new(3, 3, 61, 83), seed: 12, gap: 0, reach: 20, guardStart: false);
        foreach (var level in Levels.All)
        {
            float[] output = inputs.Forward(new EngineOptions(level, Threads: 1));
            var gradients = inputs.Backward(new EngineOptions(level, Threads: 1));
            foreach (int threads in new[] { 2, 3, 7, 0 })
            {
                var options = new EngineOptions(level, threads);
                Assert.Equal(output, inputs.Forward(options));
                var others = inputs.Backward(options);
                Assert.Equal(gradients.GradImage, others.GradImage);
                Assert.Equal(gradients.GradFlow, others.GradFlow);
            }
        }
    }

    [Fact]
    public void Both_vector_widths_give_the_same_bits()
    {
        Assert.SkipUnless(KernelLevels.Best == KernelLevel.Vector512, "This processor has no AVX-512.");
        using var inputs = new WarpCase(new(2, 3, 29, 75), seed: 14, gap: 0, reach: 9, guardStart: false);
        EngineOptions narrow = new(KernelLevel.Vector256), wide = new(KernelLevel.Vector512);
        Assert.Equal(inputs.Forward(narrow), inputs.Forward(wide));
        Assert.Equal(inputs.Backward(narrow).GradImage, inputs.Backward(wide).GradImage);
        Assert.Equal(inputs.Backward(narrow).GradFlow, inputs.Backward(wide).GradFlow);
    }

    [Fact]
    public void The_image_gradient_may_be_left_out()
    {
        using var inputs = new WarpCase(new(2, 3, 9, 21), seed: 13, gap: 0, reach: 4, guardStart: false);
        foreach (var level in Levels.All)
        {
            var options = new EngineOptions(level);
            Assert.Equal(inputs.Backward(options).GradFlow, inputs.Backward(options, wantImage: false).GradFlow);
        }
    }

    public static TheoryData<WarpShape, string> WrongShapes => new()
    {
        { new(0, 1, 1, 1), "Batch" },
        { new(1, -1, 1, 1), "Planes" },
        { new(1, 1, 0, 1), "Height" },
        { new(1, 1, 1, 0), "Width" },
        { new(1, 1, 1, WarpShape.MaximumSize + 1), "Width" },
        { new(1, 1, 1 << 20, 1 << 20), "Height" },
    };

    [Theory]
    [MemberData(nameof(WrongShapes))]
    public void A_wrong_shape_is_refused_by_name(WarpShape shape, string name)
    {
        using var memory = new NativeBuffer(16);
        float* m = memory.Data;
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => BilinearWarp.Forward(shape, m, m, m)).ParamName);
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => BilinearWarp.Backward(shape, m, m, m, m, m)).ParamName);
    }

    [Fact]
    public void Missing_pointers_and_overlapping_items_are_refused_by_name()
    {
        var shape = new WarpShape(2, 1, 4, 4);
        using var memory = new NativeBuffer(96);
        float* m = memory.Data;
        Assert.Equal("image", Assert.Throws<ArgumentNullException>(() => BilinearWarp.Forward(shape, default, m, m)).ParamName);
        Assert.Equal("flow", Assert.Throws<ArgumentNullException>(() => BilinearWarp.Forward(shape, m, default, m)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentNullException>(() => BilinearWarp.Forward(shape, m, m, default)).ParamName);
        Assert.Equal("gradOutput", Assert.Throws<ArgumentNullException>(() => BilinearWarp.Backward(shape, m, m, default, m, m)).ParamName);
        Assert.Equal("gradFlow", Assert.Throws<ArgumentNullException>(() => BilinearWarp.Backward(shape, m, m, m, default,
            default)).ParamName);
        Assert.Equal("flow", Assert.Throws<ArgumentException>(() => BilinearWarp.Forward(shape, m, new TensorView(m, 31), m)).ParamName);
    }

    private static void AssertLevelsAgree(WarpShape shape, int seed, int gap, int reach, bool guardStart)
    {
        using var inputs = new WarpCase(shape, seed, gap, reach, guardStart);
        float[] output = inputs.Forward(new EngineOptions(KernelLevel.Scalar));
        var gradients = inputs.Backward(new EngineOptions(KernelLevel.Scalar));
        foreach (var level in Levels.Vectorised)
        {
            var options = new EngineOptions(level);
            Closeness.Assert(output, inputs.Forward(options), Tolerance, $"output, {level}, {shape}");
            var actual = inputs.Backward(options);
            Closeness.Assert(gradients.GradImage, actual.GradImage, Tolerance, $"image gradient, {level}, {shape}");
            Closeness.Assert(gradients.GradFlow, actual.GradFlow, Tolerance, $"flow gradient, {level}, {shape}");
        }
    }
}
