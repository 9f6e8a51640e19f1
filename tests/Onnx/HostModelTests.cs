using System.Globalization;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Tests.Support.Networks;
using AdaConv.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;
using Xunit;

namespace AdaConv.Onnx.Tests;

/// <summary>Models for other hosts, run by ONNX Runtime as those run them, give the engine's frames.</summary>
public sealed class HostModelTests
{
    // Code values of 255 that a sample may differ by.
    private const double Most = 0.1;

    private static readonly (int Width, int Height)[] s_sizes = [(64, 48), (131, 77), (256, 144)];

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "models"), "*.safetensors")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_weights_give_the_engines_frames_at_every_size(string name) =>
        Same(NetworkWeights.Load(Path.Combine(RepositoryFiles.Root, "models", name + ".safetensors")), [0.5], s_sizes, way: 2);

    [Theory]
    [InlineData("""{"kind":"guided","knowsTime":true,"blockWidths":[64,32],"blockResiduals":[1,1],"coarsePasses":1}""")]
    [InlineData("""
        {"kind":"guided","knowsTime":true,"coarsePasses":2,"inputScale":2,"hiddenChannels":0,"kernelSize":5,"blockWidths":[32],"blockResiduals":[0]}
        """)]
    [InlineData("""{"kind":"guided","sampling":"sixPointCubic","knowsTime":true,"blockWidths":[32,32],"blockResiduals":[0,0]}""")]
    public void Networks_that_know_the_time_give_the_engines_frames_at_any(string configuration) =>
        Same(RandomNetwork.Of(configuration), [0.5, 0.1, 2.0 / 3], s_sizes);

    [Fact]
    public void The_papers_network_gives_the_engines_frames() => Same(RandomNetwork.Of("""{"kind":"paper","kernelSize":13}"""), [0.5], [(64, 45)]);

    [Fact]
    public void A_model_has_the_names_shapes_and_operators_that_hosts_of_RIFE_take()
    {
        NetworkWeights weights = RandomNetwork.Of("""{"kind":"guided","knowsTime":true,"coarsePasses":1,"blockWidths":[32,32],"blockResiduals":[0,0]}""");
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxModel.ForHosts(weights));

        // The first version with GridSample; more than these operators TensorRT's, OpenVINO's and DirectML's lists need not have.
        Assert.Equal([("", 16)], model.OpsetImport.Select(set => (set.Domain, set.Version)));
        Assert.Equal("Abs Add AveragePool Cast Concat Conv Div Expand GridSample Identity LeakyRelu Less Log Mul Pad Range ReduceMean ReduceSum Reshape "
            + "Resize Shape Sigmoid Slice Squeeze Sub Transpose Where", string.Join(' ', Operators(model)));
        foreach (WarpSampling sampling in (WarpSampling[])[WarpSampling.Cubic, WarpSampling.SixPointCubic])
        {
            NetworkWeights cubic = RandomNetwork.Of(weights.Network.Configuration with { Sampling = sampling });
            Assert.Equal(["Floor", "Max", "Min"], Operators(ModelProto.Parser.ParseFrom(OnnxModel.ForHosts(cubic))).Except(Operators(model)));
        }

        Assert.All(model.Graph.Node, node => Assert.Equal("", node.Domain));
        Assert.Equal(["input: 1 7 height width"], model.Graph.Input.Select(Text));
        Assert.Equal(["output: 1 3 height width"], model.Graph.Output.Select(Text));
        Assert.Equal("none", model.MetadataProps.Single(pair => pair.Key == "sources").Value);
        Assert.Equal(weights.Network.Configuration.ToJson(), model.MetadataProps.Single(pair => pair.Key == NetworkWeights.ConfigurationKey).Value);

        static IEnumerable<string> Operators(ModelProto model) => model.Graph.Node.Select(node => node.OpType).Distinct().Order(StringComparer.Ordinal);

        static string Text(ValueInfoProto value) => $"{value.Name}: "
            + string.Join(' ', value.Type.TensorType.Shape.Dim.Select(side => side.DimParam.Length > 0 ? side.DimParam : $"{side.DimValue}"));
    }

    [Fact]
    public void A_graph_searches_at_half_the_size_and_less_and_not_whole_frames()
    {
        NetworkWeights weights = RandomNetwork.Of(
            """{"kind":"guided","fitsFlows":true,"searchRadius":3,"coarsePasses":1,"blockWidths":[32,32],"blockResiduals":[0,0]}""");
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxModel.ForHosts(weights));
        Assert.Equal(2, model.Graph.Node.Count(node => node.OpType == "ArgMin")); // of three sizes
    }

    // Of a texture that moves so far; a graph does not search whole frames, so that with weights that the engine does it for, the way must be short.
    private static void Same(NetworkWeights weights, double[] times, (int Width, int Height)[] sizes, int way = 5)
    {
        using InferenceSession session = new(OnnxModel.ForHosts(weights));
        using TiledInterpolator engine = EngineExecutor.Create(weights, new());
        foreach (var (width, height) in sizes)
        {
            using PlanarFrame first = MovingPattern.Frame(width, height, 0, areRgb: true), second = MovingPattern.Frame(width, height, way, areRgb: true),
                middle = first.CreateAlike();
            engine.Interpolate(first, second, 0.5, middle);
            foreach (double time in times)
            {
                using PlanarFrame expected = first.CreateAlike(), actual = first.CreateAlike();
                engine.Interpolate(first, second, time, expected);
                Run(session, first, second, time, actual);
                double difference = 255 * MovingPattern.Difference(expected, actual);
                TestContext.Current.TestOutputHelper?.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{width}x{height} at {time:F2}: {difference:F5} code values at most"));
                Assert.InRange(difference, 0, Most);
                Assert.True(time == 0.5 || 255 * MovingPattern.Difference(expected, middle) > 5, "The time changes nothing.");
            }
        }
    }

    private static void Run(InferenceSession session, PlanarFrame first, PlanarFrame second, double time, PlanarFrame between)
    {
        int length = (int)first.PlaneLength;
        DenseTensor<float> input = new([1, 7, first.Height, first.Width]);
        Span<float> planes = input.Buffer.Span;
        for (int plane = 0; plane < 3; plane++)
        {
            first.RgbPlane(plane).CopyTo(planes[(plane * length)..]);
            second.RgbPlane(plane).CopyTo(planes[((3 + plane) * length)..]);
        }

        planes[(6 * length)..].Fill((float)time);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", input)]);
        DenseTensor<float> output = results.Single(result => result.Name == "output").AsTensor<float>().ToDenseTensor();
        Assert.Equal([1, 3, first.Height, first.Width], output.Dimensions.ToArray());
        for (int plane = 0; plane < 3; plane++)
        {
            output.Buffer.Span.Slice(plane * length, length).CopyTo(between.SamplePlane(plane));
        }
    }
}
