namespace AdaConv.Engine.Tests;

public sealed unsafe class BilinearWarpTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 1, 17)]
    [InlineData(1, 4, 19, 1)]
    [InlineData(3, 2, 7, 5)]
    [InlineData(2, 3, 37, 53)]
    [InlineData(1, 3, 16, 64)]
    public void Every_level_agrees_with_the_reference(int batch, int planes, int height, int width)
    {
        var shape = new WarpShape(batch, planes, height, width);
        var random = new Random(5);
        int size = height * width;
        using NativeBuffer image = new(batch * planes * size), flow = new(batch * 2 * size), gradOutput = new(batch * planes * size);
        foreach (ref float value in image.Span)
            value = random.NextSingle();
        foreach (ref float value in gradOutput.Span)
            value = random.NextSingle() - 0.5f;
        foreach (ref float value in flow.Span)
            value = (random.NextSingle() - 0.5f) * 12;
        float[]? output = null, gradImage = null, gradFlow = null;
        foreach (var level in Levels.All)
        {
            using NativeBuffer o = new(image.Length), gi = new(image.Length), gf = new(flow.Length);
            BilinearWarp.Forward(shape, image.Data, flow.Data, o.Data, new EngineOptions(level));
            BilinearWarp.Backward(shape, image.Data, flow.Data, gradOutput.Data, gi.Data, gf.Data, new EngineOptions(level));
            output ??= o.Span.ToArray();
            gradImage ??= gi.Span.ToArray();
            gradFlow ??= gf.Span.ToArray();
            Closeness.Assert(output, o.Span, 1e-6, $"output, {level}");
            Closeness.Assert(gradImage, gi.Span, 1e-5, $"image gradient, {level}");
            Closeness.Assert(gradFlow, gf.Span, 1e-5, $"flow gradient, {level}");
        }
    }
}
