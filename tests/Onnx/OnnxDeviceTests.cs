using System.Globalization;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.OnnxRuntime;
using AdaConv.Tests.Support.Networks;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Onnx.Tests;

/// <summary>ONNX Runtime as a device: the frames of its processor are the engine's but for rounding.</summary>
public sealed class OnnxDeviceTests
{
    private const string Timed = """{"kind":"guided","knowsTime":true,"coarsePasses":1,"blockWidths":[32,32],"blockResiduals":[1,0],"headResiduals":1}""";
    private const string Searching = """{"kind":"guided","knowsTime":true,"searchRadius":5,"blockWidths":[32,32],"blockResiduals":[0,0],"headResiduals":0}""";
    private const string Cubic =
        """{"kind":"guided","sampling":"sixPointCubic","knowsTime":true,"blockWidths":[32,32],"blockResiduals":[0,0],"headResiduals":0}""";
    private const string Fitting =
        """{"kind":"guided","fitsFlows":true,"inputScale":2,"knowsTime":true,"blockWidths":[32,32],"blockResiduals":[0,0],"headResiduals":0}""";
    private static readonly InterpolatorOptions s_onnx = new() { Device = ComputeDevice.Onnx };

    [Theory]
    [InlineData(Timed, 3, true, Synthesis.Convolution, Grain.Smooth)]
    [InlineData(Timed, 3, true, Synthesis.Convolution, Grain.Keep)]
    [InlineData(Timed, 4, false, Synthesis.Convolution, Grain.Keep)]
    [InlineData(Timed, 1, false, Synthesis.Warping, Grain.Smooth)]
    [InlineData(Searching, 3, true, Synthesis.Convolution, Grain.Smooth)]
    [InlineData(Fitting, 3, true, Synthesis.Convolution, Grain.Smooth)]
    [InlineData(Cubic, 3, true, Synthesis.Convolution, Grain.Smooth)]
    [InlineData(Cubic, 4, false, Synthesis.Convolution, Grain.Keep)]
    [InlineData(Cubic, 1, false, Synthesis.Warping, Grain.Smooth)]
    [InlineData("""{"kind":"guided","inputScale":2,"blockWidths":[32],"blockResiduals":[0]}""", 3, true, Synthesis.Convolution, Grain.Keep)]
    public void Frames_are_the_engines(string configuration, int samples, bool areRgb, Synthesis synthesis, Grain grain)
    {
        NetworkWeights weights = RandomNetwork.Of(configuration);
        using TiledInterpolator engine = EngineExecutor.Create(weights, new() { Synthesis = synthesis, Grain = grain }),
            onnx = OnnxExecutor.Create(weights, s_onnx with { Synthesis = synthesis, Grain = grain });
        foreach (var (width, height, time) in ((int, int, double)[])[(97, 50, 0.5), (97, 50, 0.25), (33, 40, 0.5)])
        {
            if (time == 0.5 || weights.Network.Configuration.KnowsTime)
            {
                Same(engine, onnx, width, height, samples, areRgb, time);
            }
        }
    }

    [Theory]
    [InlineData(Grain.Smooth)]
    [InlineData(Grain.Keep)]
    public void Tiles_of_a_network_that_samples_cubically_agree_with_the_engines_whole_frame(Grain grain)
    {
        const int width = 401, height = 151;
        NetworkWeights weights = RandomNetwork.Of(NetworkConfiguration.Parse(Cubic), size: 0.2);
        using TiledInterpolator engine = EngineExecutor.Create(weights, new() { Grain = grain }),
            onnx = new(new TileOf(new OnnxTileNetwork(weights, s_onnx with { Grain = grain }), 320 * height), s_onnx);
        Assert.Equal(1, engine.TileCount(width, height));
        Assert.Equal(2, onnx.TileCount(width, height)); // each has one inner side
        Same(engine, onnx, width, height, 3, areRgb: false, 0.5);
    }

    [Fact]
    public void Shipped_weights_give_the_engines_frames_in_an_ensemble()
    {
        string file = Path.Combine(RepositoryFiles.Root, "models", "fast.safetensors");
        InterpolatorOptions options = new() { Ensemble = 2 };
        using TiledInterpolator engine = EngineExecutor.Load(file, options), onnx = new OnnxExecutor().Load(file, options with { Device = ComputeDevice.Onnx });
        Same(engine, onnx, 200, 120, 3, areRgb: false, 0.5, way: 2); // a graph does not search whole frames
    }

    [Fact]
    public void Work_that_is_no_longer_wanted_ends()
    {
        using TiledInterpolator onnx = OnnxExecutor.Create(RandomNetwork.Of(Timed), s_onnx);
        using PlanarFrame first = MovingPattern.Frame(1000, 800, 0, areRgb: true), second = MovingPattern.Frame(1000, 800, 3, areRgb: true),
            between = first.CreateAlike();
        onnx.Interpolate(first, second, 0.5, between);
        using CancellationTokenSource enough = new();
        enough.CancelAfter(TimeSpan.FromMilliseconds(20)); // a frame of this size takes many times as long
        Assert.ThrowsAny<OperationCanceledException>(() => onnx.Interpolate(first, second, 0.5, between, enough.Token));
        onnx.Interpolate(first, second, 0.5, between); // and it goes on working
    }

    [Fact]
    public void A_device_that_the_build_has_not_is_refused_with_what_it_has_and_how_to_build()
    {
        OnnxExecutor executor = new();
        Assert.Equal([ComputeDevice.Onnx], executor.Devices);
        Assert.Null(executor.WhyNot(ComputeDevice.Onnx));
        Assert.StartsWith("This build's ONNX Runtime 1.", executor.WhyNot(ComputeDevice.OnnxCuda), StringComparison.Ordinal);
        Assert.EndsWith("has onnx only. Build on Windows with -p:Onnx=directml.", executor.WhyNot(ComputeDevice.OnnxDirectMl), StringComparison.Ordinal);
        Assert.Contains("for onnx (CPUExecutionProvider)", executor.Description, StringComparison.Ordinal);
        Assert.Contains("float32", Assert.Throws<ModelException>(() =>
            OnnxExecutor.Create(RandomNetwork.Of(Timed), s_onnx with { Precision = Precision.BFloat16 })).Message, StringComparison.Ordinal);
    }

    private static void Same(TiledInterpolator engine, TiledInterpolator onnx, int width, int height, int samples, bool areRgb, double time, int way = 5)
    {
        using PlanarFrame first = MovingPattern.Frame(width, height, 0, samples, areRgb), second = MovingPattern.Frame(width, height, way, samples, areRgb);
        using PlanarFrame expected = first.CreateAlike(), actual = first.CreateAlike();
        engine.Interpolate(first, second, time, expected);
        onnx.Interpolate(first, second, time, actual);
        double difference = MovingPattern.Difference(expected, actual) * (areRgb ? 255 : 1);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{width}x{height} at {time:F2}: {difference:F5} code values at most"));
        Assert.InRange(difference, 0, 0.1);
    }

    /// <summary>A network that has memory for so many pixels.</summary>
    private sealed class TileOf(OnnxTileNetwork network, int pixels) : ITileNetwork
    {
        public int SizeMultiple => network.SizeMultiple;

        public int Context => network.Context;

        public int KernelSize => network.KernelSize;

        public bool KnowsTime => network.KnowsTime;

        public int BytesPerPixel => network.BytesPerPixel;

        public long? DeviceMemory() => (long)pixels * BytesPerPixel;

        public TilePrediction CreatePrediction() => network.CreatePrediction();

        public void Dispose() => network.Dispose();
    }
}
