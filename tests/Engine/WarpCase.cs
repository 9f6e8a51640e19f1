namespace AdaConv.Engine.Tests;

/// <summary>Inputs of a warp in guarded memory, batch items a gap apart, and the results of both warps.</summary>
internal sealed unsafe class WarpCase : IDisposable
{
    private readonly WarpShape shape;
    private readonly int gap, size;
    private readonly bool guardStart;

    public WarpCase(WarpShape shape, int seed, int gap, int reach, bool guardStart)
    {
        (this.shape, this.gap, this.guardStart) = (shape, gap, guardStart);
        size = shape.Height * shape.Width;
        var random = new Random(seed);
        Image = Make(shape.Planes);
        Flow = Make(2);
        GradOutput = Make(shape.Planes);
        foreach (ref float value in Image.Span)
            value = random.NextSingle();
        foreach (ref float value in Flow.Span)
            value = (2 * random.NextSingle() - 1) * reach;
        foreach (ref float value in GradOutput.Span)
            value = 2 * random.NextSingle() - 1;
    }

    public NativeBuffer Image { get; }

    public NativeBuffer Flow { get; }

    public NativeBuffer GradOutput { get; }

    public float[] Forward(EngineOptions options)
    {
        using NativeBuffer output = Make(shape.Planes);
        BilinearWarp.Forward(shape, View(Image, shape.Planes), View(Flow, 2), View(output, shape.Planes), options);
        return Values(output, shape.Planes);
    }

    public (float[] GradImage, float[] GradFlow) Backward(EngineOptions options, bool wantImage = true)
    {
        using NativeBuffer gradImage = Make(shape.Planes), gradFlow = Make(2);
        BilinearWarp.Backward(shape, View(Image, shape.Planes), View(Flow, 2), View(GradOutput, shape.Planes),
            wantImage ? View(gradImage, shape.Planes) : default, View(gradFlow, 2), options);
        return (wantImage ? Values(gradImage, shape.Planes) : [], Values(gradFlow, 2));
    }

    /// <summary>f of the cubic warp.</summary>
    public float Far { get; init; }

    public float[] CubicForward(EngineOptions options)
    {
        using NativeBuffer output = Make(shape.Planes);
        CubicWarp.Forward(shape, View(Image, shape.Planes), View(Flow, 2), View(output, shape.Planes), Far, options);
        return Values(output, shape.Planes);
    }

    /// <summary>The flow's gradient.</summary>
    public float[] CubicBackward(EngineOptions options)
    {
        using NativeBuffer gradFlow = Make(2);
        CubicWarp.Backward(shape, View(Image, shape.Planes), View(Flow, 2), View(GradOutput, shape.Planes), View(gradFlow, 2), Far, options);
        return Values(gradFlow, 2);
    }

    /// <summary>Asserts that pixels which look some whole pixels farther than their neighbours get the bits that they get where all look as far.</summary>
    /// <param name="farthest">How much farther at most, along either axis.</param>
    /// <param name="forward">The warp.</param>
    public void AssertNeighboursDoNotMatter(int farthest, Func<float[]> forward)
    {
        int side = farthest + 1;
        var together = new float[side * side][];
        for (int i = 0; i < together.Length; i++)
        {
            for (int n = 0; n < shape.Batch; n++)
            {
                Flow.Span.Slice(2 * n * size, size).Fill(i % side - 0.3f);
                Flow.Span.Slice((2 * n + 1) * size, size).Fill(i / side - 1.6f);
            }

            together[i] = forward();
        }

        var random = new Random(5);
        int[] looks = [.. Enumerable.Range(0, shape.Batch * size).Select(_ => random.Next(together.Length))];
        for (int i = 0; i < looks.Length; i++)
        {
            int x = i / size * 2 * size + i % size;
            (Flow.Span[x], Flow.Span[x + size]) = (looks[i] % side - 0.3f, looks[i] / side - 1.6f);
        }

        float[] apart = forward();
        for (int i = 0; i < apart.Length; i++)
        {
            int item = i / (shape.Planes * size);
            Assert.Equal(together[looks[item * size + i % size]][i], apart[i]);
        }
    }

    public void Dispose()
    {
        Image.Dispose();
        Flow.Dispose();
        GradOutput.Dispose();
    }

    private NativeBuffer Make(int channels) => new(shape.Batch * channels * size + (shape.Batch - 1) * gap, guardStart);

    private TensorView View(NativeBuffer buffer, int channels) => new(buffer.Data, gap == 0 ? 0 : channels * size + gap);

    // Between items a written buffer must stay as it was made: not a number.
    private float[] Values(NativeBuffer buffer, int channels)
    {
        buffer.AssertIntact();
        var values = new List<float>();
        for (int n = 0; n < shape.Batch; n++)
        {
            int start = n * (channels * size + gap);
            values.AddRange(buffer.Span.Slice(start, channels * size));
            if (n + 1 < shape.Batch)
                Assert.All(buffer.Span.Slice(start + channels * size, gap).ToArray(), value => Assert.True(float.IsNaN(value)));
        }
        return [.. values];
    }
}
