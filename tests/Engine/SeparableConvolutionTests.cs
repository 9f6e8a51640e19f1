namespace AdaConv.Engine.Tests;

public sealed class SeparableConvolutionTests
{
    // Sums of up to 63² products in another order, fused multiply-add against separate rounding; measured worst: see docs/numerics.md.
    private const double Tolerance = 2e-5;

    public static TheoryData<int, int, int, int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, int, int, int, bool>();
            (int Batch, int Planes, int Height, int Width, int Taps)[] sizes =
            [
                (1, 1, 1, 1, 1), (1, 3, 1, 1, 9), (2, 2, 1, 1, 63), (1, 1, 1, 37, 5), (1, 4, 41, 1, 7), (3, 3, 2, 2, 3), (1, 2, 3, 5, 63),
                (2, 3, 7, 13, 9), (1, 3, 16, 16, 9), (1, 3, 17, 31, 51), (1, 1, 33, 32, 11), (2, 4, 5, 33, 13), (1, 3, 67, 47, 9),
                (1, 2, 37, 65, 15), (1, 3, 9, 300, 9), (1, 1, 4, 517, 3), (1, 3, 131, 20, 5), (1, 5, 6, 18, 9), (1, 3, 12, 140, 51), (1, 3, 66, 259, 3),
            ];
            foreach (var size in sizes)
            {
                for (int scale = 1; scale <= 2; scale++)
                {
                    shapes.Add(size.Batch, size.Planes, size.Height, size.Width, size.Taps, scale, true);
                    shapes.Add(size.Batch, size.Planes, size.Height, size.Width, size.Taps, scale, false);
                }
            }
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_level_agrees_with_the_reference(int batch, int planes, int height, int width, int taps, int scale, bool normalize)
    {
        var shape = new SeparableConvolutionShape(batch, planes, height, width, taps, scale, normalize);
        using var inputs = new SeparableCase(shape, seed: width * 31 + height, smallestTap: normalize ? 0 : -1);
        float[] expected = inputs.Forward(new EngineOptions(KernelLevel.Scalar));
        var gradients = inputs.Backward(new EngineOptions(KernelLevel.Scalar));
        foreach (var level in Levels.Vectorised)
        {
            var options = new EngineOptions(level);
            Closeness.Assert(expected, inputs.Forward(options), Tolerance, $"output, {level}");
            var actual = inputs.Backward(options);
            Closeness.Assert(gradients.Vertical, actual.Vertical, Tolerance, $"vertical gradient, {level}");
            Closeness.Assert(gradients.Horizontal, actual.Horizontal, Tolerance, $"horizontal gradient, {level}");
            Closeness.Assert(gradients.Image, actual.Image, Tolerance, $"image gradient, {level}");
        }
    }
}
