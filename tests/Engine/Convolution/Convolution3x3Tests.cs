using AdaConv.Engine.Convolution;
using CsCheck;

namespace AdaConv.Engine.Tests.Convolution;

public sealed unsafe class Convolution3x3Tests
{
    // Of the results' scale; measured: 3·10⁻⁷ (stride 2), 3·10⁻⁶ (stride 1 with 128 channels), 6·10⁻⁶ (large tiles).
    private const double Tolerance = 2e-5, SmallTolerance = 2e-6; // packed small; measured: 6·10⁻⁷

    // Root mean square of random results by construction (see Case). Errors are rounding of the products: where a few results happen to be small, by the
    // bias or the rectifier, they are not.
    private const double Scale = 1.0 / 3;

    private static readonly Gen<int> Inputs = AnyOf(1, 3, 6, 17, 24, 32, 51), Outputs = AnyOf(1, 5, 13, 16, 33, 51, 96);
    private static readonly Gen<float> Slopes = AnyOf(0f, 0.1f, 1f);

    [Fact]
    public void Every_level_is_close_to_the_formula_at_random_sizes_and_guards() =>
        Gen.Select(Gen.Int[1, 22], Gen.Int[1, 40], Inputs, Outputs, Gen.Int[1, 2], Slopes, Gen.Int[0, 2], Gen.Int)
            .Sample(
                (height, width, inputs, outputs, stride, slope, sum, seed) => CheckLevels(new(inputs, outputs, stride, slope), height, width, sum, seed),
                iter: 80,
                threads: 1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 70)]
    [InlineData(70, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 4)]
    [InlineData(6, 7)]
    public void Pictures_smaller_than_a_tile_are_all_border(int height, int width)
    {
        foreach (int stride in (int[])[1, 2])
        {
            CheckLevels(new(9, 20, stride, 0.1f), height, width, sum: 1, seed: height * 100 + width);
            CheckLevels(new(9, 80, stride, 0.1f), height, width, sum: 1, seed: height * 100 + width);
        }
    }

    [Fact]
    public void Wide_layers_are_close_to_the_formula()
    {
        CheckLevels(new(128, 128, 1, 0.1f), 23, 21, sum: 2, seed: 1);
        CheckLevels(new(64, 128, 2, 0.1f), 23, 21, sum: 0, seed: 2);
        CheckLevels(new(512, 40, 1, 0), 9, 9, sum: 0, seed: 3);
    }

    [Theory]
    [InlineData(64, 64, 1, 64)]
    [InlineData(65, 13, 1, 36)]
    [InlineData(30, 37, 2, 25)]
    [InlineData(64, 64, 1, 16, WeightPacking.Small)]
    [InlineData(65, 13, 1, 16, WeightPacking.Small)]
    [InlineData(30, 37, 2, 25, WeightPacking.Small)]
    public void Packed_weights_take_what_is_said(int inputs, int outputs, int stride, int points, WeightPacking packing = WeightPacking.Fast)
    {
        ConvolutionShape shape = new(inputs, outputs, stride);
        long values = (long)inputs * ActivationView.Rounded(outputs);
        Assert.InRange(Convolution3x3.PackedBytes(shape, packing), 4 * points * values, 4 * points * (values + 16));
        foreach (KernelLevel level in Levels.Vectorised)
        {
            using var layer = Convolution3x3.Create(shape, level, packing);
            Assert.Equal(layer.Bytes, Convolution3x3.PackedBytes(shape, packing) + sizeof(float) * ActivationView.Rounded(outputs));
        }
    }

    [Fact]
    public void Pictures_of_a_batch_are_convolved_apart()
    {
        foreach (KernelLevel level in Levels.All)
        {
            foreach (int stride in (int[])[1, 2])
            {
                CheckBatch(new(5, 7, stride, 0.1f), level);
                CheckBatch(new(5, 80, stride, 0.1f), level);
            }
        }
    }

    [Fact]
    public void Large_and_small_values_side_by_side_keep_the_largest_s_accuracy()
    {
        foreach (int outputs in (int[])[32, 80])
        {
            var shape = new ConvolutionShape(32, outputs);
            using var pass = new Case(shape, 20, 20, 0, seed: 5, value: random => (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-6, 5)));
            foreach (KernelLevel level in Levels.Vectorised)
                Closeness.Assert(pass.Expected, pass.Run(level, 1), Tolerance, $"{outputs}, {level}");
        }
    }

    [Fact]
    public void A_constant_picture_stays_constant_inside_to_rounding()
    {
        // Taps 1/9 of one channel: the mean of nine equal values.
        float[] weights = [.. Enumerable.Repeat(1 / 9f, 9)];
        foreach (KernelLevel level in Levels.All)
        {
            using var layer = Convolution3x3.Create(new(1, 1), weights, [0.25f], level);
            using var input = NativeBuffer.From([.. Enumerable.Repeat(0.5f, 12 * 12 * 16)]);
            using var output = new NativeBuffer(12 * 12 * 16);
            layer.Run(new(input.Data, 12, 12, 1), new(output.Data, 12, 12, 1));
            for (int y = 1; y < 11; y++)
            {
                for (int x = 1; x < 11; x++)
                    Assert.Equal(0.75f, output.Span[(y * 12 + x) * 16], 5e-7f);
            }
        }
    }

    [Fact]
    public void What_is_not_a_number_spoils_its_surroundings_only()
    {
        foreach (KernelLevel level in Levels.All)
        {
            using var layer = Convolution3x3.Create(new(4, 4), [.. Enumerable.Repeat(0.1f, 9 * 16)], new float[4], level);
            using var input = NativeBuffer.From(new float[24 * 24 * 16]);
            input.Span[(5 * 24 + 5) * 16] = float.NaN;
            using var output = new NativeBuffer(24 * 24 * 16);
            layer.Run(new(input.Data, 24, 24, 4), new(output.Data, 24, 24, 4));
            Assert.True(float.IsNaN(output.Span[(5 * 24 + 5) * 16]));
            Assert.Equal(0, output.Span[(15 * 24 + 15) * 16]);
        }
    }

    [Fact]
    public void Weights_and_pictures_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Convolution3x3.Create(new(2, 2), new float[35], new float[2], KernelLevel.Scalar));
        Assert.Throws<ArgumentException>(() => Convolution3x3.Create(new(2, 2), new float[36], new float[1], KernelLevel.Scalar));
        Assert.Throws<ArgumentException>(() => Convolution3x3.Create(new(2, 2, 3), new float[36], new float[2], KernelLevel.Scalar));
        Assert.Throws<ArgumentException>(() => Convolution3x3.Create(new(2, 2, 1, 1.5f), new float[36], new float[2], KernelLevel.Scalar));
        Assert.Throws<ArgumentOutOfRangeException>(() => Convolution3x3.Create(new(0, 2), [], new float[2], KernelLevel.Scalar));
        using var memory = new NativeBuffer(8 * 8 * 16);
        using var layer = Convolution3x3.Create(new(2, 2), new float[36], new float[2], KernelLevel.Scalar);
        ActivationView view = new(memory.Data, 8, 8, 2), pair = new(memory.Data, 8, 8, 2, 0, pictures: 2);
        Assert.Throws<ArgumentException>(() => layer.Run(new(memory.Data, 8, 8, 1), view));
        Assert.Throws<ArgumentException>(() => layer.Run(view, new(memory.Data, 8, 7, 2)));
        Assert.Throws<ArgumentException>(() => layer.Run(view, view, new ActivationView(memory.Data, 4, 8, 2)));
        Assert.Throws<ArgumentException>(() => layer.Run(view, pair));
        Assert.Throws<ArgumentException>(() => layer.Run(view, view, pair));
        Assert.Throws<ArgumentException>(() => layer.SetWeights(WeightView.Planar(memory.Data, 2), new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.SetWeights(default, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Run(view, view, null, threads: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationView(memory.Data, 8, 8, 3, pictures: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationView(memory.Data, 8, 8, 17, pixelStride: 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationView(memory.Data, 8, 8, 3, pixelStride: 20));
        Assert.Throws<ArgumentNullException>(() => new ActivationView(null, 8, 8, 3));
    }

    [Fact]
    public void A_convolution_disposed_twice_is_freed_once_and_refuses_work()
    {
        using var memory = new NativeBuffer(8 * 8 * 16);
        ActivationView view = new(memory.Data, 8, 8, 2);
        foreach (KernelLevel level in Levels.Vectorised)
        {
            var layer = Convolution3x3.Create(new(2, 2), level);
            var gradient = ConvolutionGradient3x3.Create(new(2, 2), level);
            for (int i = 0; i < 2; i++)
            {
                layer.Dispose();
                gradient.Dispose();
            }
            Assert.Throws<ObjectDisposedException>(() => layer.Run(view, view));
            Assert.Throws<ObjectDisposedException>(() => gradient.OfInput(view, view));
        }
    }

    private static void CheckBatch(ConvolutionShape shape, KernelLevel level)
    {
        const int pictures = 3, size = 9;
        int outputSize = shape.OutputSize(size), channels = ActivationView.Rounded(shape.Outputs);
        int floats = size * size * 16, outputFloats = outputSize * outputSize * channels;
        var random = new Random(4);
        float[] weights = [.. Enumerable.Range(0, 9 * shape.Inputs * shape.Outputs).Select(_ => random.NextSingle() - 0.5f)];
        using var layer = Convolution3x3.Create(shape, weights, new float[shape.Outputs], level);
        using var input = NativeBuffer.From([.. Enumerable.Range(0, pictures * floats).Select(_ => random.NextSingle())]);
        using NativeBuffer together = new(pictures * outputFloats), one = new(outputFloats);
        layer.Run(
            new(input.Data, size, size, shape.Inputs, 0, pictures), new(together.Data, outputSize, outputSize, shape.Outputs, 0, pictures), null, threads: 2);
        for (int picture = 0; picture < pictures; picture++)
        {
            layer.Run(new(input.Data + picture * floats, size, size, shape.Inputs), new(one.Data, outputSize, outputSize, shape.Outputs));
            for (int pixel = 0; pixel < outputSize * outputSize; pixel++)
            {
                int at = pixel * channels;
                Assert.Equal(one.Span.Slice(at, shape.Outputs), together.Span.Slice(picture * outputFloats + at, shape.Outputs));
            }
        }
        together.AssertIntact();
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // sum: 0 nothing is added, 1 something else, 2 the output itself.
    private static void CheckLevels(ConvolutionShape shape, int height, int width, int sum, int seed)
    {
        using var pass = new Case(shape, height, width, sum, seed, random => random.NextSingle() * 2 - 1);
        foreach (KernelLevel level in Levels.Vectorised)
        {
            foreach (WeightPacking packing in (WeightPacking[])[WeightPacking.Fast, WeightPacking.Small])
            {
                float[] one = pass.Run(level, 1, packing);
                double tolerance = packing == WeightPacking.Fast ? Tolerance : SmallTolerance;
                Closeness.Assert(pass.Expected, one, tolerance, $"{shape} {height}×{width}, {level}, {packing}", Scale);
                Assert.Equal(one, pass.Run(level, 3, packing));
            }
        }
        Assert.Equal(pass.Expected, pass.Run(KernelLevel.Scalar, 2));
    }

    private sealed class Case : IDisposable
    {
        private readonly ConvolutionShape shape;
        private readonly int height, width, sum;
        private readonly float[] weights, bias, others;
        private readonly NativeBuffer input;

        public Case(ConvolutionShape shape, int height, int width, int sum, int seed, Func<Random, float> value)
        {
            (this.shape, this.height, this.width, this.sum) = (shape, height, width, sum);
            var random = new Random(seed);
            weights = [.. Enumerable.Range(0, 9 * shape.Inputs * shape.Outputs).Select(_ => value(random) / (3 * MathF.Sqrt(shape.Inputs)))];
            bias = [.. Enumerable.Range(0, shape.Outputs).Select(_ => value(random))];
            // What lies behind a pixel's channels must not matter.
            int stride = ActivationView.Rounded(shape.Inputs);
            input = NativeBuffer.From(
                [.. Enumerable.Range(0, height * width * stride).Select(i => i % stride < shape.Inputs ? value(random) : float.NaN)], seed % 2 == 0);
            others = [.. Enumerable.Range(0, OutputFloats).Select(_ => value(random))];
            using var output = NativeBuffer.From(others);
            using var added = NativeBuffer.From(others);
            ConvolutionReference.Apply(shape, weights, bias, Input, Output(output), sum == 0 ? null : Output(added));
            Expected = Channels(output);
        }

        public float[] Expected { get; }

        private int OutputFloats => (int)ActivationView.Floats(shape.OutputSize(height), shape.OutputSize(width), shape.Outputs);

        private ActivationView Input => new(input.Data, height, width, shape.Inputs);

        public float[] Run(KernelLevel level, int threads, WeightPacking packing = WeightPacking.Fast)
        {
            using var layer = Convolution3x3.Create(shape, weights, bias, level, packing);
            using NativeBuffer output = sum == 2 ? NativeBuffer.From(others) : new(OutputFloats), added = NativeBuffer.From(others);
            layer.Run(Input, Output(output), sum switch { 0 => null, 1 => Output(added), _ => Output(output) }, threads);
            output.AssertIntact();
            input.AssertIntact();
            return Channels(output);
        }

        public void Dispose() => input.Dispose();

        private ActivationView Output(NativeBuffer buffer) => new(buffer.Data, shape.OutputSize(height), shape.OutputSize(width), shape.Outputs);

        private float[] Channels(NativeBuffer buffer)
        {
            float[] values = buffer.Span.ToArray();
            return [.. values.Where((_, i) => i % ActivationView.Rounded(shape.Outputs) < shape.Outputs)];
        }
    }
}
