using System.Globalization;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Tests.Support.Networks;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace AdaConv.Onnx.Tests;

/// <summary>The warps of a graph are the engine's, on the hardest of pictures: noise.</summary>
public sealed class OnnxWarpTests
{
    private const int Planes = 3;

    [Theory]
    [InlineData(WarpSampling.Bilinear, 37, 29, 3)]
    [InlineData(WarpSampling.Bilinear, 37, 29, 60)]
    [InlineData(WarpSampling.Cubic, 37, 29, 0.9)]
    [InlineData(WarpSampling.Cubic, 37, 29, 60)]
    [InlineData(WarpSampling.Cubic, 2, 3, 4)]
    [InlineData(WarpSampling.Cubic, 640, 45, 20)]
    [InlineData(WarpSampling.SixPointCubic, 37, 29, 0.9)]
    [InlineData(WarpSampling.SixPointCubic, 37, 29, 60)]
    [InlineData(WarpSampling.SixPointCubic, 2, 3, 4)]
    [InlineData(WarpSampling.SixPointCubic, 640, 45, 20)]
    public void Values_are_the_engines_inside_at_borders_and_beyond(WarpSampling sampling, int width, int height, double reach)
    {
        Random random = new(width);
        int length = width * height;
        float[] pair = [.. Enumerable.Range(0, 2 * Planes * length).Select(_ => 255 * random.NextSingle())];
        float[] motion = [.. Enumerable.Range(0, 5 * length).Select(i => Flow(i % 4))];
        float[] expected = Engine(sampling, width, height, pair, motion), actual = Graph(sampling, width, height, pair, motion);

        double difference = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{difference:F5} code values at most"));
        Assert.InRange(difference, 0, 0.1);

        // A quarter of the flows are whole pixels, and some lead exactly to a border.
        float Flow(int kind)
        {
            double flow = reach * (2 * random.NextDouble() - 1);
            return (float)(kind == 0 ? Math.Round(flow) : flow);
        }
    }

    private static unsafe float[] Engine(WarpSampling sampling, int width, int height, float[] pair, float[] motion)
    {
        float[] output = new float[pair.Length];
        WarpShape shape = new(2, Planes, height, width);
        fixed (float* image = pair, flow = motion, target = output)
        {
            TensorView from = new(image), flows = new(flow), to = new(target);
            if (sampling.CubicFarShare() is { } far)
            {
                CubicWarp.Forward(shape, from, flows, to, far);
            }
            else
            {
                BilinearWarp.Forward(shape, from, flows, to);
            }
        }

        return output;
    }

    private static float[] Graph(WarpSampling sampling, int width, int height, float[] pair, float[] motion)
    {
        OnnxGraph graph = new();
        OnnxOperations operations = new(graph, RandomNetwork.Of("""{"kind":"guided","blockWidths":[32],"blockResiduals":[0]}"""));
        GridSize size = new(0, 1, 1);
        OnnxPlanes frames = new(graph.Input("pair", 2 * Planes, isPicture: true), 2 * Planes, size);
        OnnxPlanes flows = new(graph.Input("motion", 5, isPicture: true), 5, size);
        graph.Output("warped", operations.Warp(frames, flows, sampling).Name, 2 * Planes);
        using InferenceSession session = new(graph.Finish([]).ToByteArray());
        using var results = session.Run(
            [
                NamedOnnxValue.CreateFromTensor("pair", new DenseTensor<float>(pair, [1, 2 * Planes, height, width])),
                NamedOnnxValue.CreateFromTensor("motion", new DenseTensor<float>(motion, [1, 5, height, width])),
            ]);
        Tensor<float> warped = results.Single().AsTensor<float>();
        Assert.Equal([1, 2 * Planes, height, width], warped.Dimensions.ToArray());
        return [.. warped];
    }
}
