namespace AdaConv.Engine.Tests;

/// <summary>Inputs of a separable convolution in guarded memory, batch items <see cref="Gap"/> floats apart, and its results.</summary>
internal sealed unsafe class SeparableCase : IDisposable
{
    private readonly List<NativeBuffer> buffers = [];
    private readonly bool guardStart;

    public SeparableCase(SeparableConvolutionShape shape, int seed, int gap = 0, float smallestTap = 0, bool guardStart = false)
    {
        (Shape, Gap, this.guardStart) = (shape, gap, guardStart);
        var random = new Random(seed);
        ItemSize = shape.Planes * shape.Height * shape.Width;
        TapItemSize = shape.Taps * shape.TapHeight * shape.TapWidth;
        Image = Random(random, ItemSize, -1, 1);
        Vertical = Random(random, TapItemSize, smallestTap, 1);
        Horizontal = Random(random, TapItemSize, smallestTap, 1);
        GradOutput = Random(random, ItemSize, -1, 1);
    }

    public SeparableConvolutionShape Shape { get; }

    public int Gap { get; }

    public int ItemSize { get; }

    public int TapItemSize { get; }

    public NativeBuffer Image { get; }

    public NativeBuffer Vertical { get; }

    public NativeBuffer Horizontal { get; }

    public NativeBuffer GradOutput { get; }

    public float[] Forward(EngineOptions options)
    {
        using var output = new NativeBuffer(Length(ItemSize), guardStart);
        SeparableConvolution.Forward(Shape, View(Image, ItemSize), View(Vertical, TapItemSize), View(Horizontal, TapItemSize), View(output,
            ItemSize), options);
        AssertIntact();
        return Values(output, ItemSize);
    }

    public Gradients Backward(EngineOptions options, bool wantImage = true)
    {
        using NativeBuffer image = new(Length(ItemSize), guardStart), vertical = new(Length(TapItemSize), guardStart),
            horizontal = new(Length(TapItemSize), guardStart);
        SeparableConvolution.Backward(Shape, View(Image, ItemSize), View(Vertical, TapItemSize), View(Horizontal, TapItemSize),
            View(GradOutput, ItemSize),
            wantImage ? View(image, ItemSize) : default, View(vertical, TapItemSize), View(horizontal, TapItemSize), options);
        AssertIntact();
        return new Gradients(wantImage ? Values(image, ItemSize) : [], Values(vertical, TapItemSize), Values(horizontal, TapItemSize));
    }

    public void Dispose() => buffers.ForEach(buffer => buffer.Dispose());

    public override string ToString() => $"{Shape}, gap {Gap}";

    private int Length(int itemSize) => Shape.Batch * itemSize + (Shape.Batch - 1) * Gap;

    private TensorView View(NativeBuffer buffer, int itemSize) => Gap == 0 ? buffer.Data : new TensorView(buffer.Data, itemSize + Gap);

    // Between items a written buffer must stay as it was made: not a number.
    private float[] Values(NativeBuffer buffer, int itemSize)
    {
        buffer.AssertIntact();
        var values = new List<float>(Shape.Batch * itemSize);
        for (int n = 0; n < Shape.Batch; n++)
        {
            values.AddRange(buffer.Span.Slice(n * (itemSize + Gap), itemSize));
            if (n + 1 < Shape.Batch)
                Assert.All(buffer.Span.Slice(n * (itemSize + Gap) + itemSize, Gap).ToArray(), value => Assert.True(float.IsNaN(value)));
        }
        return [.. values];
    }

    private void AssertIntact() => buffers.ForEach(buffer => buffer.AssertIntact());

    private NativeBuffer Random(Random random, int itemSize, float low, float high)
    {
        var buffer = new NativeBuffer(Length(itemSize), guardStart);
        for (int n = 0; n < Shape.Batch; n++)
        {
            foreach (ref float value in buffer.Span.Slice(n * (itemSize + Gap), itemSize))
                value = low + (high - low) * random.NextSingle();
        }
        buffers.Add(buffer);
        return buffer;
    }

    public sealed record Gradients(float[] Image, float[] Vertical, float[] Horizontal);
}
