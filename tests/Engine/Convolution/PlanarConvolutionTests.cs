using System.Runtime.InteropServices;
using AdaConv.Engine.Convolution;

namespace AdaConv.Engine.Tests.Convolution;

public sealed unsafe class PlanarConvolutionTests
{
    private const double Tolerance = 3e-6; // of the greatest magnitude: up to 9·25 products, each rounded once

    public static TheoryData<KernelLevel> AllLevels => [KernelLevel.Scalar, KernelLevel.Vector128, KernelLevel.Vector256, KernelLevel.Vector512];

    [Theory]
    [MemberData(nameof(AllLevels))]
    public void Random_sizes_give_the_formula_s_results_on_any_number_of_threads(KernelLevel level)
    {
        Assert.SkipUnless(Levels.All.Contains(level), "The processor lacks this level.");
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        (int, int, int, int, int)[] cases =
        [
            (1, 1, 2, 6, 32), (7, 5, 1, 25, 64), (64, 40, 2, 25, 32), (101, 333, 2, 13, 37), (1, 700, 1, 6, 32), (70, 1, 2, 25, 96), (33, 24, 2, 1, 1),
            .. Enumerable.Range(0, 6).Select(_ => (random.Next(1, 60), random.Next(1, 60), random.Next(1, 3), random.Next(1, 30), random.Next(1, 70))),
        ];
        foreach ((int height, int width, int stride, int inputs, int outputs) in cases)
        {
            ConvolutionShape shape = new(inputs, outputs, stride, 0.1f);
            float[] weights = Noise(random, 9 * inputs * outputs), bias = Noise(random, outputs), planes = Noise(random, inputs * height * width);
            float[] expected = Reference(shape, weights, bias, planes, height, width);
            using PlanarConvolution layer = PlanarConvolution.Create(shape, weights, bias, level);
            float[]? first = null;
            foreach (int threads in (int[])[1, 3])
            {
                float[] output = Run(layer, planes, height, width, threads);
                Closeness.Assert(expected, output, Tolerance, $"{height}x{width}, stride {stride}, {inputs} to {outputs}, {threads} threads");
                first ??= output;
                Assert.Equal(first, output);
                Assert.Equal(first, Run(layer, planes, height, width, threads, rowsAtOnce: random.Next(1, 50)));
            }
        }
    }

    [Fact]
    public void Outputs_of_the_wrong_size_are_refused()
    {
        using PlanarConvolution layer = PlanarConvolution.Create(new(2, 4, 2), new float[72], new float[4], KernelLevel.Scalar);
        using NativeBuffer memory = new(4096);
        Assert.Throws<ArgumentException>(() => layer.Run(8, 8, (_, _, _, _) => { }, 0, new(memory.Data, 5, 4, 4), memory.Data, 1));
        Assert.Throws<ArgumentException>(() => PlanarConvolution.Create(new(2, 4, 2), new float[71], new float[4], KernelLevel.Scalar));
    }

    [Theory]
    [MemberData(nameof(AllLevels))]
    public void Another_bias_gives_what_a_convolution_made_with_it_gives(KernelLevel level)
    {
        Assert.SkipUnless(Levels.All.Contains(level), "The processor lacks this level.");
        const int size = 12, inputs = 5, outputs = 18;
        Random random = new(6);
        float[] weights = Noise(random, 9 * inputs * outputs), one = Noise(random, outputs), other = Noise(random, outputs);
        float[] planes = Noise(random, inputs * size * size);
        ConvolutionShape shape = new(inputs, outputs, 2, 0.1f);
        using PlanarConvolution made = PlanarConvolution.Create(shape, weights, other, level), changed = PlanarConvolution.Create(shape, weights, one, level);
        changed.SetBias(other);
        Assert.Equal(Run(made, planes, size, size, threads: 1), Run(changed, planes, size, size, threads: 1));
        Assert.Throws<ArgumentException>(() => changed.SetBias(new float[outputs - 1]));
        if (level != KernelLevel.Scalar)
        {
            changed.Dispose();
            changed.Dispose();
            Assert.Throws<ObjectDisposedException>(() => changed.SetBias(other));
            Assert.Throws<ObjectDisposedException>(() => Run(changed, planes, size, size, threads: 1));
        }
    }

    private static float[] Run(PlanarConvolution layer, float[] planes, int height, int width, int threads, int rowsAtOnce = int.MaxValue)
    {
        const int rowScratch = 5;
        int rows = layer.Shape.OutputSize(height), columns = layer.Shape.OutputSize(width), inputs = layer.Shape.Inputs, outputs = layer.Shape.Outputs;
        using NativeBuffer source = NativeBuffer.From(planes), output = new((int)ActivationView.Floats(rows, columns, outputs));
        nuint bytes = (nuint)layer.ScratchFloats(height, width, rowScratch, threads) * sizeof(float);
        float* scratch = (float*)NativeMemory.AlignedAlloc(bytes, 64), from = source.Data;
        NativeMemory.Fill(scratch, bytes, 0xFF); // not a number, whatever was there before
        for (int first = 0, end = 0; first < rows; first = end)
        {
            end = Math.Min(rows - first, rowsAtOnce) + first;
            layer.Run(height, width, (row, target, stride, own) =>
            {
                new Span<float>(own, rowScratch).Fill(float.NaN);
                for (int plane = 0; plane < inputs; plane++)
                    new ReadOnlySpan<float>(from + ((long)plane * height + row) * width, width).CopyTo(new(target + plane * stride, width));
            }, rowScratch, new(output.Data, rows, columns, outputs), scratch, threads, rowsAtOnce == int.MaxValue ? null : new(first, end));
        }

        NativeMemory.AlignedFree(scratch);
        output.AssertIntact();
        return Used(output, rows, columns, outputs);
    }

    private static float[] Reference(ConvolutionShape shape, float[] weights, float[] bias, float[] planes, int height, int width)
    {
        int rows = shape.OutputSize(height), columns = shape.OutputSize(width);
        using NativeBuffer input = new((int)ActivationView.Floats(height, width, shape.Inputs));
        using NativeBuffer output = new((int)ActivationView.Floats(rows, columns, shape.Outputs));
        for (int i = 0; i < planes.Length; i++)
            input.Data[i % (height * width) * ActivationView.Rounded(shape.Inputs) + i / (height * width)] = planes[i];
        ConvolutionReference.Apply(
            shape, weights, bias, new(input.Data, height, width, shape.Inputs), new(output.Data, rows, columns, shape.Outputs), null);
        return Used(output, rows, columns, shape.Outputs);
    }

    private static float[] Used(NativeBuffer output, int rows, int columns, int outputs)
    {
        int stride = ActivationView.Rounded(outputs);
        float[] all = output.Span.ToArray();
        return [.. Enumerable.Range(0, rows * columns).SelectMany(pixel => all.AsSpan(pixel * stride, outputs).ToArray())];
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
