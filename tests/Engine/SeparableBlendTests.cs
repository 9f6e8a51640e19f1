using System.Runtime.InteropServices;

namespace AdaConv.Engine.Tests;

public sealed unsafe class SeparableBlendTests
{
    [Fact]
    public void The_pass_gives_the_bits_of_convolving_and_blending_and_where_wanted_of_keeping_detail()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        (int, int, int, int, int)[] cases =
        [
            (3, 1, 1, 9, 2), (3, 37, 300, 9, 2), (1, 70, 33, 5, 1), (4, 33, 259, 3, 2), (2, 5, 64, 51, 1),
            .. Enumerable.Range(0, 5).Select(_ => (random.Next(1, 5), random.Next(1, 80), random.Next(1, 90), random.Next(0, 8) * 2 + 1, random.Next(1, 3))),
        ];
        foreach ((int planes, int height, int width, int taps, int scale) in cases)
        {
            SeparableConvolutionShape shape = new(1, planes, height, width, taps, scale, Normalize: true);
            using NativeBuffer frames = Noise(random, 2 * planes * height * width), logits = Noise(random, height * width);
            using NativeBuffer kernels = Noise(random, 4 * taps * (int)shape.TapPlaneSize);
            using NativeBuffer energies = NativeBuffer.From([.. Enumerable.Range(0, 2 * height * width).Select(_ => random.NextSingle())]);
            foreach (KernelLevel level in Levels.All.Where(SeparableBlend.Supports))
            {
                foreach (NativeBuffer? detail in (NativeBuffer?[])[null, energies])
                {
                    float[] expected = OneAfterTheOther(shape, frames, logits, kernels, detail, level);
                    foreach (int threads in (int[])[1, 3])
                    {
                        float[] actual = Run(shape, frames, logits, kernels, detail, new(level, threads));
                        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{shape}, {level}, {threads} threads, detail {detail is not null}");
                        int unit = SeparableBlend.UnitRows(detail is not null);
                        actual = Run(shape, frames, logits, kernels, detail, new(level, threads), rowsAtOnce: unit * random.Next(1, 3));
                        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{shape}, {level}, {threads} threads, some rows at a time");
                    }
                }
            }
        }
    }

    [Fact]
    public void Every_row_belongs_to_one_band()
    {
        SeparableConvolutionShape shape = new(1, 1, 101, 20, 9, 2, Normalize: true);
        Random random = new(4);
        using NativeBuffer frames = Noise(random, 2 * 101 * 20), logits = Noise(random, 101 * 20), kernels = Noise(random, 36 * (int)shape.TapPlaneSize);
        using NativeBuffer energies = NativeBuffer.From(new float[2 * 101 * 20]);
        foreach (NativeBuffer? detail in (NativeBuffer?[])[null, energies])
        {
            int[] own = new int[101];
            Run(shape, frames, logits, kernels, detail, new(KernelLevel.Vector128, 2), own);
            Assert.All(own, count => Assert.Equal(1, count));
        }
    }

    private static float[] OneAfterTheOther(
        in SeparableConvolutionShape shape, NativeBuffer frames, NativeBuffer logits, NativeBuffer kernels, NativeBuffer? detail,
        KernelLevel level)
    {
        long frame = shape.Planes * shape.PlaneSize, taps = shape.Taps * shape.TapPlaneSize;
        using NativeBuffer convolved = new((int)(2 * frame)), output = new((int)frame);
        for (int i = 0; i < 2; i++)
        {
            SeparableConvolution.Forward(
                shape, frames.Data + i * frame, kernels.Data + 2 * i * taps, kernels.Data + (2 * i + 1) * taps, convolved.Data + i * frame, new(level, 1));
        }
        FrameBlend.Forward(new(1, shape.Planes, shape.Height, shape.Width), convolved.Data, logits.Data, output.Data, new(level, 1));
        if (detail is null)
            return output.Span.ToArray();
        using NativeBuffer target = new((int)shape.PlaneSize), detailed = new((int)frame);
        FrameBlend.Forward(new(1, 1, shape.Height, shape.Width), detail.Data, logits.Data, target.Data, new(level, 1));
        FrameDetail.Keep(new(1, shape.Planes, shape.Height, shape.Width), output.Data, target.Data, detailed.Data, new(level, 1));
        return detailed.Span.ToArray();
    }

    private static float[] Run(
        SeparableConvolutionShape shape, NativeBuffer frames, NativeBuffer logits, NativeBuffer kernels, NativeBuffer? detail, EngineOptions options,
        int[]? own = null, int rowsAtOnce = int.MaxValue)
    {
        const int rowScratch = 7;
        int width = shape.Width;
        nuint bytes = (nuint)SeparableBlend.ScratchFloats(shape, rowScratch, options.ResolveThreads(), detail is not null) * sizeof(float);
        float* scratch = (float*)NativeMemory.AlignedAlloc(bytes, 64), pair = frames.Data, mask = logits.Data, maps = kernels.Data;
        float* energies = detail is null ? null : detail.Data;
        NativeMemory.Fill(scratch, bytes, 0xFF); // not a number, whatever was there before
        using NativeBuffer output = new((int)(shape.Planes * shape.PlaneSize));
        bool keepsDetail = detail is not null;
        for (int first = 0, end = 0; first < shape.Height; first = end)
        {
            end = Math.Min(shape.Height - first, rowsAtOnce) + first;
            int firstTaps = SeparableBlend.FirstTapRow(shape, keepsDetail, first), lastTaps = SeparableBlend.LastTapRow(shape, keepsDetail, end - 1);
            SeparableBlend.Run(
                shape,
                (y, isHalo, target, stride, free) =>
                {
                    new Span<float>(free, rowScratch).Fill(float.NaN);
                    for (int plane = 0; plane < 2 * shape.Planes; plane++)
                        new ReadOnlySpan<float>(pair + plane * shape.PlaneSize + (long)y * width, width).CopyTo(new(target + plane * stride, width));
                    if (own is not null && !isHalo)
                        Interlocked.Increment(ref own[y]);
                },
                (y, target, _, _) => new ReadOnlySpan<float>(mask + (long)y * width, width).CopyTo(new(target, width)),
                (y, target, stride, _) =>
                {
                    Assert.InRange(y, firstTaps, lastTaps);
                    for (int plane = 0; plane < 4 * shape.Taps; plane++)
                    {
                        float* row = maps + plane * shape.TapPlaneSize + (long)y * shape.TapWidth;
                        new ReadOnlySpan<float>(row, shape.TapWidth).CopyTo(new(target + plane * stride, shape.TapWidth));
                    }
                },
                detail is null ? null : (y, target, stride, _) =>
                {
                    for (int frame = 0; frame < 2; frame++)
                        new ReadOnlySpan<float>(energies + frame * shape.PlaneSize + (long)y * width, width).CopyTo(new(target + frame * stride, width));
                },
                rowScratch, output.Data, scratch, options, rowsAtOnce == int.MaxValue ? null : new(first, end));
        }

        NativeMemory.AlignedFree(scratch);
        output.AssertIntact();
        return output.Span.ToArray();
    }

    private static NativeBuffer Noise(Random random, int count) =>
        NativeBuffer.From([.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)]);
}
