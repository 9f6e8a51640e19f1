using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class SeparableConvolutionTests
{
    // Of the greatest expected magnitude. Up to 63² products, summed in another order and with fused multiply-add: the
    // levels differ by a few times 1e-6 (docs/numerics.md); a wrong tap, weight or border is off by 1e-3 and more.
    private const double Tolerance = 2e-5;

    // A pixel at the border stands for all that are replicated from it; the reference adds their many terms one by one and loses
    // more digits than the levels, which add them in parts. Measured up to 2e-5.
    private const double ImageGradientTolerance = 1e-4;

    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1, 1 }, { 1, 3, 1, 1, 9 }, { 2, 2, 1, 1, 63 }, { 1, 1, 1, 37, 5 }, { 1, 4, 41, 1, 7 }, { 3, 3, 2, 2, 3 }, { 1, 2, 3, 5,
            63 },
        { 2, 3, 7, 13, 9 }, { 1, 3, 16, 16, 9 }, { 1, 3, 17, 31, 51 }, { 1, 1, 33, 32, 11 }, { 2, 4, 5, 33, 13 }, { 1, 3, 67, 47, 9 },
        { 1, 2, 37, 65, 15 }, { 1, 3, 9, 300, 9 }, { 1, 1, 4, 517, 3 }, { 1, 3, 131, 20, 5 }, { 1, 5, 6, 18, 9 }, { 1, 3, 12, 140, 51 },
        { 1, 3, 66, 259, 3 }, { 1, 7, 8, 257, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_level_agrees_with_the_reference(int batch, int planes, int height, int width, int taps)
    {
        foreach (int scale in new[] { 1, 2 })
        {
            foreach (bool normalize in new[] { false, true })
            {
                using var inputs = new SeparableCase(
                    new(batch, planes, height, width, taps, scale, normalize), seed: width * 31 + height,
                        smallestTap: normalize ? 0.2f : -1);
                AssertLevelsAgree(inputs);
            }
        }
    }

    [Fact]
    public void Every_level_agrees_with_the_reference_at_random_sizes_strides_and_guards()
    {
        var shapes = Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[0, 31], Gen.Int[1, 2], Gen.Bool);
        Gen.Select(shapes, Gen.Int[0, 40], Gen.Bool, Gen.Int).Sample(
            (shape, gap, guardStart, seed) =>
            {
                var (batch, planes, height, width, radius, scale, normalize) = shape;
                using var inputs = new SeparableCase(new(batch, planes, height, width, 2 * radius + 1, scale, normalize), seed, gap,
                    normalize ? 0.2f : -1, guardStart);
                AssertLevelsAgree(inputs);
            },
            iter: 30, threads: 1);
    }

    [Theory]
    [InlineData(5, 6, 3, 1, true)]
    [InlineData(5, 6, 3, 2, true)]
    [InlineData(6, 5, 5, 2, true)]
    [InlineData(7, 19, 3, 2, false)]
    [InlineData(1, 4, 7, 1, false)]
    [InlineData(4, 1, 5, 2, true)]
    public void The_reference_follows_the_definition_and_gradients_are_those_of_it(int height, int width, int taps, int scale,
        bool normalize)
    {
        var shape = new SeparableConvolutionShape(2, 2, height, width, taps, scale, normalize);
        using var inputs = new SeparableCase(shape, seed: 7, smallestTap: normalize ? 0.2f : -1);
        double[] image = Doubles(inputs.Image), vertical = Doubles(inputs.Vertical), horizontal = Doubles(inputs.Horizontal);
        float[] weights = inputs.GradOutput.Span.ToArray();
        double[] Oracle() => SeparableOracle.Forward(shape, image, vertical, horizontal);

        float[] output = [.. Oracle().Select(value => (float)value)];
        float[] gradImage = NumericalGradient.Of(image, weights, Oracle);
        float[] gradVertical = NumericalGradient.Of(vertical, weights, Oracle);
        float[] gradHorizontal = NumericalGradient.Of(horizontal, weights, Oracle);
        foreach (var level in Levels.All)
        {
            var options = new EngineOptions(level);
            Closeness.Assert(output, inputs.Forward(options), 2e-6, $"output, {level}");
            var gradients = inputs.Backward(options);
            Closeness.Assert(gradImage, gradients.Image, 1e-5, $"image gradient, {level}");
            Closeness.Assert(gradVertical, gradients.Vertical, 1e-5, $"vertical gradient, {level}");
            Closeness.Assert(gradHorizontal, gradients.Horizontal, 1e-5, $"horizontal gradient, {level}");
        }
    }

    [Fact]
    public void Half_resolution_taps_are_upsampled_a_quarter_and_three_quarters()
    {
        // K = 1 on an image of ones shows the upsampled taps themselves.
        var shape = new SeparableConvolutionShape(1, 1, 4, 4, 1, 2, Normalize: false);
        using NativeBuffer image = NativeBuffer.From(Enumerable.Repeat(1f, 16).ToArray()), output = new(16);
        using NativeBuffer vertical = NativeBuffer.From([0, 4, 8, 12]), horizontal = NativeBuffer.From([1, 1, 1, 1]);
        foreach (var level in Levels.All)
        {
            SeparableConvolution.Forward(shape, image.Data, vertical.Data, horizontal.Data, output.Data, new EngineOptions(level));
            Assert.Equal([0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12], output.Span.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_number_of_threads_gives_the_same_bits(int scale)
    {
        using var inputs = new SeparableCase(new(3, 3, 70, 300, 9, scale, true), seed: 3);
        foreach (var level in Levels.Vectorised)
        {
            float[] output = inputs.Forward(new EngineOptions(level, Threads: 1));
            var gradients = inputs.Backward(new EngineOptions(level, Threads: 1));
            foreach (int threads in new[] { 2, 3, 7, 0 })
            {
                var options = new EngineOptions(level, threads);
                Assert.Equal(output, inputs.Forward(options));
                var others = inputs.Backward(options);
                Assert.Equal(gradients.Image, others.Image);
                Assert.Equal(gradients.Vertical, others.Vertical);
                Assert.Equal(gradients.Horizontal, others.Horizontal);
            }
        }
    }

    [Fact]
    public void Both_vector_widths_give_the_same_bits()
    {
        Assert.SkipUnless(KernelLevels.Best == KernelLevel.Vector512, "This processor has no AVX-512.");
        foreach (int scale in new[] { 1, 2 })
        {
            using var inputs = new SeparableCase(new(2, 4, 67, 331, 11, scale, true), seed: 14);
            EngineOptions narrow = new(KernelLevel.Vector256), wide = new(KernelLevel.Vector512);
            Assert.Equal(inputs.Forward(narrow), inputs.Forward(wide));
            var (a, b) = (inputs.Backward(narrow), inputs.Backward(wide));
            Assert.Equal(a.Image, b.Image);
            Assert.Equal(a.Vertical, b.Vertical);
            Assert.Equal(a.Horizontal, b.Horizontal);
        }
    }

    [Fact]
    public void The_reference_gives_the_same_bits_for_every_number_of_threads()
    {
        using var inputs = new SeparableCase(new(3, 2, 11, 17, 5, 2, true), seed: 4);
        float[] output = inputs.Forward(new EngineOptions(KernelLevel.Scalar, Threads: 1));
        var gradients = inputs.Backward(new EngineOptions(KernelLevel.Scalar, Threads: 1));
        var options = new EngineOptions(KernelLevel.Scalar, Threads: 3);
        Assert.Equal(output, inputs.Forward(options));
        Assert.Equal(gradients.Image, inputs.Backward(options).Image);
    }

    [Fact]
    public void The_image_gradient_may_be_left_out()
    {
        using var inputs = new SeparableCase(new(2, 3, 9, 21, 7, 2, true), seed: 5);
        foreach (var level in Levels.All)
        {
            var options = new EngineOptions(level);
            var (all, some) = (inputs.Backward(options), inputs.Backward(options, wantImage: false));
            Assert.Equal(all.Vertical, some.Vertical);
            Assert.Equal(all.Horizontal, some.Horizontal);
        }
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(9, 2)]
    [InlineData(51, 1)]
    public void Normalised_taps_keep_a_constant_image_to_rounding(int taps, int scale)
    {
        var shape = new SeparableConvolutionShape(1, 3, 21, 75, taps, scale, Normalize: true);
        using var inputs = new SeparableCase(shape, seed: 6);
        foreach (float constant in new[] { 0, 1f / 3, 1, 255 })
        {
            inputs.Image.Span.Fill(constant);
            foreach (var level in Levels.All)
                Assert.All(inputs.Forward(new EngineOptions(level)), value => Assert.InRange(value, constant * (1 - 4e-6f),
                    constant * (1 + 4e-6f)));
        }
    }

    [Fact]
    public void Products_of_sums_too_small_to_divide_by_count_as_one()
    {
        // Three blocks of columns: a product of 0.0081, of −0.0081, and of 0.04.
        var shape = new SeparableConvolutionShape(1, 1, 3, 51, 3, 1, Normalize: true);
        using var inputs = new SeparableCase(shape, seed: 8);
        for (int i = 0; i < inputs.TapItemSize; i++)
        {
            int block = i % 51 / 17;
            inputs.Vertical.Span[i] = block == 2 ? 0.2f / 3 : 0.03f;
            inputs.Horizontal.Span[i] = block == 2 ? 0.2f / 3 : block == 1 ? -0.03f : 0.03f;
        }
        inputs.Image.Span.Fill(1);
        foreach (var level in Levels.All)
        {
            float[] output = inputs.Forward(new EngineOptions(level));
            for (int i = 0; i < output.Length; i++)
                Assert.Equal((i % 51 / 17) switch { 0 => 0.0081f, 1 => -0.0081f, _ => 1 }, output[i], 1e-6f);
        }
        AssertLevelsAgree(inputs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-255)]
    [InlineData(255)]
    public void Levels_agree_on_constant_taps(float tap)
    {
        using var inputs = new SeparableCase(new(1, 3, 19, 45, 13, 2, Normalize: true), seed: 9);
        inputs.Vertical.Span.Fill(tap);
        inputs.Horizontal.Span.Fill(tap);
        AssertLevelsAgree(inputs);
    }

    [Fact]
    public void One_pixel_that_is_not_a_number_spoils_only_the_outputs_that_see_it()
    {
        var shape = new SeparableConvolutionShape(1, 1, 23, 41, 5, 2, Normalize: true);
        using var inputs = new SeparableCase(shape, seed: 10, smallestTap: 0.1f);
        inputs.Image.Span[11 * 41 + 20] = float.NaN;
        foreach (var level in Levels.All)
        {
            float[] output = inputs.Forward(new EngineOptions(level));
            for (int i = 0; i < output.Length; i++)
                Assert.Equal(Math.Abs(i / 41 - 11) <= 2 && Math.Abs(i % 41 - 20) <= 2, float.IsNaN(output[i]));
        }
    }

    public static TheoryData<SeparableConvolutionShape, string> WrongShapes => new()
    {
        { new(0, 1, 1, 1, 1, 1, false), "Batch" },
        { new(1, 0, 1, 1, 1, 1, false), "Planes" },
        { new(1, 1, 0, 1, 1, 1, false), "Height" },
        { new(1, 1, 1, -5, 1, 1, false), "Width" },
        { new(1, 1, 1, 1, 4, 1, false), "Taps" },
        { new(1, 1, 1, 1, 65, 1, false), "Taps" },
        { new(1, 1, 1, 1, -1, 1, false), "Taps" },
        { new(1, 1, 1, 1, 1, 3, false), "TapScale" },
    };

    [Theory]
    [MemberData(nameof(WrongShapes))]
    public void A_wrong_shape_is_refused_by_name(SeparableConvolutionShape shape, string name)
    {
        using var memory = new NativeBuffer(16);
        float* m = memory.Data;
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => SeparableConvolution.Forward(shape, m, m, m, m)).ParamName);
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => SeparableConvolution.Backward(shape, m, m, m, m, m, m, m)).ParamName);
    }

    [Fact]
    public void Missing_pointers_and_overlapping_items_are_refused_by_name()
    {
        var shape = new SeparableConvolutionShape(2, 1, 4, 4, 3, 1, false);
        using var memory = new NativeBuffer(96);
        float* m = memory.Data;
        Assert.Equal("image", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Forward(shape, default, m, m, m)).ParamName);
        Assert.Equal("vertical", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Forward(shape, m, default, m,
            m)).ParamName);
        Assert.Equal("horizontal", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Forward(shape, m, m, default,
            m)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Forward(shape, m, m, m, default)).ParamName);
        Assert.Equal("gradOutput", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Backward(shape, m, m, m, default, m, m,
            m)).ParamName);
        Assert.Equal("gradVertical", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Backward(shape, m, m, m, m, default,
            default, m)).ParamName);
        Assert.Equal("gradHorizontal", Assert.Throws<ArgumentNullException>(() => SeparableConvolution.Backward(shape, m, m, m, m, default,
            m, default)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentException>(() => SeparableConvolution.Forward(shape, m, m, m, new TensorView(m,
            15))).ParamName);
        Assert.Equal("Threads", Assert.Throws<ArgumentOutOfRangeException>(() => SeparableConvolution.Forward(shape, m, m, m, m,
            new EngineOptions(Threads: -1))).ParamName);
    }

    private static void AssertLevelsAgree(SeparableCase inputs)
    {
        float[] output = inputs.Forward(new EngineOptions(KernelLevel.Scalar));
        var gradients = inputs.Backward(new EngineOptions(KernelLevel.Scalar));
        // Through the normalisation the gradients of taps are differences of terms of about this size, and may cancel wholly.
        double smallest = 1.0 / inputs.Shape.Taps;
        foreach (var level in Levels.Vectorised)
        {
            var options = new EngineOptions(level);
            Closeness.Assert(output, inputs.Forward(options), Tolerance, $"output, {level}, {inputs}");
            var actual = inputs.Backward(options);
            Closeness.Assert(gradients.Vertical, actual.Vertical, Tolerance, $"vertical gradient, {level}, {inputs}", smallest);
            Closeness.Assert(gradients.Horizontal, actual.Horizontal, Tolerance, $"horizontal gradient, {level}, {inputs}", smallest);
            Closeness.Assert(gradients.Image, actual.Image, ImageGradientTolerance, $"image gradient, {level}, {inputs}");
        }
    }

    private static double[] Doubles(NativeBuffer buffer) => [.. buffer.Span.ToArray().Select(value => (double)value)];
}
