using AdaConv.Engine.Convolution;
using Xunit;

namespace AdaConv.Engine.Tests;

public sealed unsafe class PackedConvolutionTests
{
    [Theory]
    [InlineData(KernelLevel.Scalar)]
    [InlineData(KernelLevel.Vector128)]
    [InlineData(KernelLevel.Vector256)]
    [InlineData(KernelLevel.Vector512)]
    public void Strips_give_the_bits_of_packing_all_first(KernelLevel level)
    {
        Assert.SkipUnless(Levels.All.Contains(level), "The processor lacks this level.");
        const int seed = 21;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        foreach ((int height, int width, int stride, int hidden) in ((int, int, int, int)[])[(1, 1, 2, 0), (7, 5, 1, 0), (64, 40, 2, 8),
            (101, 333, 2, 3), (50, 700, 1, 2), (300, 64, 2, 8)])
        {
            int plane = height * width, channels = 6 + 4 + 1 + hidden, outputs = 32;
            ConvolutionShape sizes = new(channels, outputs, stride, 0.1f);
            using Convolution3x3 layer = Convolution3x3.Create(sizes, Noise(random, 9 * channels * outputs), Noise(random, outputs), level);
            using NativeBuffer planes = NativeBuffer.From(Noise(random, channels * plane)), offsets = NativeBuffer.From(Noise(random, 6));
            PackingShape shape = new(1, height, width);
            PlaneGroup[] groups =
                [new(planes.Data, 6, offsets: offsets.Data), new(planes.Data + 6 * plane, 4, 0.3f), new(planes.Data + 10 * plane, 1 + hidden)];
            int rows = sizes.OutputSize(height), columns = sizes.OutputSize(width);
            float[] expected = Reference(layer, shape, groups, level);
            foreach (int threads in (int[])[1, 3])
            {
                EngineOptions options = new(level, threads);
                using NativeBuffer output = new((int)ActivationView.Floats(rows, columns, outputs));
                float* scratch = (float*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(
                    (nuint)PackedConvolution.ScratchFloats(layer, shape, options) * sizeof(float), 64);
                PackedConvolution.Run(layer, shape, groups, new(output.Data, rows, columns, outputs), scratch, options);
                System.Runtime.InteropServices.NativeMemory.AlignedFree(scratch);
                output.AssertIntact();
                Assert.True(output.Span.SequenceEqual(expected), $"{height}x{width}, stride {stride}, {threads} threads");
            }
        }
    }

    private static float[] Reference(Convolution3x3 layer, PackingShape shape, PlaneGroup[] groups, KernelLevel level)
    {
        int channels = layer.Shape.Inputs, rows = layer.Shape.OutputSize(shape.Height), columns = layer.Shape.OutputSize(shape.Width);
        using NativeBuffer packed = new((int)ActivationView.Floats(shape.Height, shape.Width, channels));
        using NativeBuffer output = new((int)ActivationView.Floats(rows, columns, layer.Shape.Outputs));
        PlanePacking.Pack(shape, groups, new InterleavedView(packed.Data, ActivationView.Rounded(channels), isBFloat16: false), new(level, 1));
        layer.Run(new(packed.Data, shape.Height, shape.Width, channels), new(output.Data, rows, columns, layer.Shape.Outputs));
        return output.Span.ToArray();
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
