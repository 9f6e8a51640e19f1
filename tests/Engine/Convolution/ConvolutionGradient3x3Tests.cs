using AdaConv.Engine.Convolution;
using CsCheck;

namespace AdaConv.Engine.Tests.Convolution;

public sealed unsafe class ConvolutionGradient3x3Tests
{
    // Of the results' scale; measured: up to 3·10⁻⁶, the input's in large tiles 10⁻⁵.
    private const double Tolerance = 1e-5, InputTolerance = 3e-5;

    private static readonly Gen<int> Inputs = AnyOf(1, 3, 6, 17, 24, 32, 51), Outputs = AnyOf(1, 5, 13, 16, 33, 51, 96);

    [Fact]
    public void Every_level_is_close_to_the_formula_at_random_sizes_and_guards() =>
        Gen.Select(Gen.Int[1, 19], Gen.Int[1, 23], Inputs, Outputs, Gen.Int[1, 2], AnyOf(0f, 0.1f, 1f), Gen.Int[1, 3], Gen.Int)
            .Sample(
                (height, width, inputs, outputs, stride, slope, pictures, seed) =>
                    CheckLevels(new(inputs, outputs, stride, slope), pictures, height, width, seed),
                iter: 60,
                threads: 1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 30)]
    [InlineData(30, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 4)]
    [InlineData(6, 7)]
    public void Pictures_smaller_than_a_tile_are_all_border(int height, int width)
    {
        foreach (int stride in (int[])[1, 2])
            CheckLevels(new(9, 20, stride, 0.1f), 2, height, width, seed: height * 100 + width);
    }

    [Fact]
    public void Wide_layers_and_many_chunks_are_close_to_the_formula()
    {
        CheckLevels(new(128, 128, 1, 0.1f), 1, 23, 21, seed: 1);
        CheckLevels(new(64, 128, 2, 0.1f), 2, 23, 21, seed: 2);
        CheckLevels(new(6, 7, 1, 0.1f), 3, 70, 67, seed: 3);
        CheckLevels(new(6, 7, 2, 0.1f), 3, 99, 96, seed: 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_formulas_are_the_slopes_of_the_convolution(int stride)
    {
        using var pass = new Case(new(2, 3, stride, 0.1f), pictures: 2, height: 5, width: 4, seed: 7);
        double[] input = [.. pass.InputValues], weights = [.. pass.Weights], bias = [.. pass.Bias];
        double[] Oracle() => pass.Convolve(input, weights, bias);
        Gradients gradients = pass.Run(KernelLevel.Scalar, 1);
        Closeness.Assert(NumericalGradient.Of(input, pass.OutputGradient, Oracle), gradients.Input, 1e-5, "input");
        Closeness.Assert(NumericalGradient.Of(weights, pass.OutputGradient, Oracle), gradients.Weights, 1e-5, "weights");
        Closeness.Assert(NumericalGradient.Of(bias, pass.OutputGradient, Oracle), gradients.Bias, 1e-5, "bias");
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var memory = new NativeBuffer(8 * 8 * 16);
        using var gradient = ConvolutionGradient3x3.Create(new(2, 3), KernelLevel.Scalar);
        ActivationView input = new(memory.Data, 8, 8, 2), output = new(memory.Data, 8, 8, 3), small = new(memory.Data, 4, 8, 3);
        WeightView weights = WeightView.Planar(memory.Data, 2);
        Assert.Throws<ArgumentException>(() => gradient.OfInput(small, input));
        Assert.Throws<ArgumentException>(() => gradient.OfInput(input, input));
        Assert.Throws<ArgumentException>(() => gradient.OfWeights(input, small, weights, memory.Data));
        Assert.Throws<ArgumentException>(() => gradient.OfResult(output, small, output, new float[3], memory.Data));
        Assert.Throws<ArgumentException>(() => gradient.OfResult(output, output, output, new float[2], memory.Data));
        Assert.Throws<ArgumentNullException>(() => gradient.OfWeights(input, output, weights, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => gradient.OfInput(output, input, threads: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => gradient.SetWeights(default));
        Assert.Throws<ArgumentException>(() => ConvolutionGradient3x3.Create(new(2, 3, 3), KernelLevel.Scalar));
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void CheckLevels(ConvolutionShape shape, int pictures, int height, int width, int seed)
    {
        using var pass = new Case(shape, pictures, height, width, seed);
        Gradients expected = pass.Run(KernelLevel.Scalar, 1);
        foreach (KernelLevel level in Levels.Vectorised)
        {
            string what = $"{shape} {pictures}×{height}×{width}, {level}, ";
            Gradients one = pass.Run(level, 1), three = pass.Run(level, 3);
            Closeness.Assert(expected.Input, one.Input, InputTolerance, what + "input");
            Closeness.Assert(expected.Weights, one.Weights, Tolerance, what + "weights", smallestScale: 1); // sums of many, which may cancel out
            Closeness.Assert(expected.Bias, one.Bias, Tolerance, what + "bias", smallestScale: 1);
            Assert.Equal(one.Input, three.Input);
            Assert.Equal(one.Weights, three.Weights);
            Assert.Equal(one.Bias, three.Bias);
        }
    }

    private sealed record Gradients(float[] Input, float[] Weights, float[] Bias);

    private sealed class Case : IDisposable
    {
        private readonly ConvolutionShape shape;
        private readonly int pictures, height, width, outputHeight, outputWidth;
        private readonly NativeBuffer input, output, gradient, weights;

        public Case(ConvolutionShape shape, int pictures, int height, int width, int seed)
        {
            (this.shape, this.pictures, this.height, this.width) = (shape, pictures, height, width);
            (outputHeight, outputWidth) = (shape.OutputSize(height), shape.OutputSize(width));
            var random = new Random(seed);
            Weights = [.. Enumerable.Range(0, 9 * shape.Inputs * shape.Outputs).Select(_ => Value(random) / (3 * MathF.Sqrt(shape.Inputs)))];
            Bias = [.. Enumerable.Range(0, shape.Outputs).Select(_ => Value(random))];
            InputValues = [.. Enumerable.Range(0, pictures * height * width * shape.Inputs).Select(_ => (double)Value(random))];
            OutputGradient = [.. Enumerable.Range(0, pictures * outputHeight * outputWidth * shape.Outputs).Select(_ => Value(random))];
            // What lies behind a pixel's channels must not matter.
            input = Spaced([.. InputValues.Select(value => (float)value)], shape.Inputs, seed % 2 == 0);
            gradient = Spaced(OutputGradient, shape.Outputs, seed % 2 != 0);
            output = Spaced([.. Convolve(InputValues, [.. Weights], [.. Bias]).Select(value => (float)value)], shape.Outputs, seed % 2 == 0);
            weights = NativeBuffer.From(Weights);
        }

        public float[] Weights { get; }

        public float[] Bias { get; }

        public double[] InputValues { get; }

        public float[] OutputGradient { get; }

        public Gradients Run(KernelLevel level, int threads)
        {
            using var layer = ConvolutionGradient3x3.Create(shape, level);
            using NativeBuffer before = new(gradient.Length), inputGradient = new(input.Length), weightGradient = new(Weights.Length);
            using var workspace = new NativeBuffer((int)layer.WorkspaceFloats(pictures, outputHeight, outputWidth));
            var bias = new float[shape.Outputs];
            ActivationView source = View(input, shape.Inputs, height, width), result = View(before, shape.Outputs, outputHeight, outputWidth);
            ActivationView incoming = View(gradient, shape.Outputs, outputHeight, outputWidth);
            layer.OfResult(View(output, shape.Outputs, outputHeight, outputWidth), incoming, result, bias, workspace.Data, threads);
            if (shape.Slope == 1)
                result = incoming;
            layer.SetWeights(WeightView.Planar(weights.Data, shape.Inputs), threads);
            layer.OfInput(result, View(inputGradient, shape.Inputs, height, width), threads);
            layer.OfWeights(source, result, WeightView.Planar(weightGradient.Data, shape.Inputs), workspace.Data, threads);
            foreach (NativeBuffer buffer in (NativeBuffer[])[input, output, gradient, before, inputGradient, weightGradient, workspace])
                buffer.AssertIntact();
            return new(Channels(inputGradient, shape.Inputs), weightGradient.Span.ToArray(), bias);
        }

        // The convolution by its definition, in float64, apart from the product's code.
        public double[] Convolve(double[] input, double[] weights, double[] bias)
        {
            var result = new double[OutputGradient.Length];
            for (int at = 0; at < result.Length; at++)
            {
                int o = at % shape.Outputs, place = at / shape.Outputs, x = place % outputWidth, y = place / outputWidth % outputHeight;
                int picture = place / outputWidth / outputHeight;
                double sum = bias[o];
                for (int v = 0; v < 3; v++)
                {
                    for (int u = 0; u < 3; u++)
                    {
                        int row = y * shape.Stride + v - 1, column = x * shape.Stride + u - 1;
                        if (row < 0 || row >= height || column < 0 || column >= width)
                            continue;
                        for (int i = 0; i < shape.Inputs; i++)
                            sum += weights[((o * shape.Inputs + i) * 3 + v) * 3 + u] * input[((picture * height + row) * width + column) * shape.Inputs + i];
                    }
                }
                result[at] = sum > 0 ? sum : sum * shape.Slope;
            }
            return result;
        }

        public void Dispose()
        {
            foreach (NativeBuffer buffer in (NativeBuffer[])[input, output, gradient, weights])
                buffer.Dispose();
        }

        private static float Value(Random random) => random.NextSingle() * 2 - 1;

        private static NativeBuffer Spaced(float[] values, int channels, bool guardStart)
        {
            int stride = ActivationView.Rounded(channels);
            var spaced = new float[values.Length / channels * stride];
            for (int i = 0; i < spaced.Length; i++)
                spaced[i] = i % stride < channels ? values[i / stride * channels + i % stride] : float.NaN;
            return NativeBuffer.From(spaced, guardStart);
        }

        private ActivationView View(NativeBuffer buffer, int channels, int height, int width) => new(buffer.Data, height, width, channels, 0, pictures);

        private static float[] Channels(NativeBuffer buffer, int channels)
        {
            float[] values = buffer.Span.ToArray();
            return [.. values.Where((_, i) => i % ActivationView.Rounded(channels) < channels)];
        }
    }
}
