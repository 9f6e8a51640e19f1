using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.FrameFilter.Measurement;
using AdaConv.Model;
using AdaConv.OnnxRuntime;
using AdaConv.Tests.Support.Networks;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Onnx.Tests;

/// <summary>What <c>bench</c> finds out about devices, and <c>--device auto</c> and <c>doctor</c> make of it.</summary>
public sealed class FastestDeviceTests : IDisposable
{
    private readonly ClipFolder _folder = new();
    private readonly ApplicationFiles _files;
    private readonly FastestDevice _fastest;

    public FastestDeviceTests()
    {
        Directory.CreateDirectory(_folder["models"]);
        RandomNetwork.Of("""{"kind":"guided","blockWidths":[32],"blockResiduals":[0],"headResiduals":0}""")
            .Save(_folder["models/guided.safetensors"], half: true);
        _files = new(_folder.Path, _folder["user"]);
        _fastest = new(_files);
        NetworkExecutors.Onnx = new OnnxExecutor();
        NetworkExecutors.Measured = _fastest.Of;
    }

    public void Dispose()
    {
        (NetworkExecutors.Onnx, NetworkExecutors.Measured) = (null, null);
        _folder.Dispose();
    }

    [Fact]
    public void Each_device_of_the_build_is_measured()
    {
        IReadOnlyList<SpeedOfDevice> speeds = _fastest.Measure(new InterpolationOptions(), 64, 48, TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(["cpu", "onnx"], speeds.Select(one => one.Device));
        Assert.All(speeds, one => Assert.InRange(one.Seconds!.Value, 1e-6, 60));
        Assert.Equal(FastestDevice.Choose(speeds), _fastest.Of("guided.safetensors") is { } device ? NetworkExecutors.WordOf(device) : null);
    }

    [Fact]
    public void Auto_takes_a_device_of_ONNX_Runtime_only_after_it_was_found_faster()
    {
        string weights = _folder["models/guided.safetensors"];
        Assert.Null(_fastest.Of(weights));
        Assert.Contains("auto runs none with it", Networks(), StringComparison.Ordinal);

        _fastest.Remember("guided.safetensors", FastestDevice.Choose([new("cpu", 0.2, null), new("onnx", 0.15, null), new("onnx:cuda", null, "no card")]));
        Assert.Equal(ComputeDevice.Onnx, _fastest.Of(weights));
        Assert.Null(_fastest.Of("other.safetensors"));
        Assert.Contains("guided with onnx, as bench found it faster", Networks(), StringComparison.Ordinal);
        using (TiledInterpolator auto = NetworkExecutors.Load(weights, new()), onnx = NetworkExecutors.Load(weights, new() { Device = ComputeDevice.Onnx }))
        {
            // Bit for bit: the engine's frames differ in their last digits.
            using var first = MovingPattern.Frame(40, 40, 0, areRgb: true);
            using var second = MovingPattern.Frame(40, 40, 3, areRgb: true);
            using var one = first.CreateAlike();
            using var other = first.CreateAlike();
            auto.Interpolate(first, second, 0.5, one);
            onnx.Interpolate(first, second, 0.5, other);
            Assert.Equal(0, MovingPattern.Difference(one, other));
            using TiledInterpolator engine = NetworkExecutors.Load(weights, new() { Device = ComputeDevice.Cpu });
            engine.Interpolate(first, second, 0.5, other);
            Assert.NotEqual(0, MovingPattern.Difference(one, other));
        }

        // Another machine, or another build.
        File.WriteAllText(_fastest.File, File.ReadAllText(_fastest.File).Replace("\"machine\": \"", "\"machine\": \"another ", StringComparison.Ordinal));
        Assert.Null(_fastest.Of(weights));
        File.WriteAllText(_fastest.File, "no JSON");
        Assert.Null(_fastest.Of(weights));
    }

    [Fact]
    public void What_is_faster_by_chance_alone_or_no_longer_does_not_count()
    {
        Assert.Null(FastestDevice.Choose([new("cpu", 0.2, null), new("onnx", 0.195, null)]));
        Assert.Null(FastestDevice.Choose([new("cpu", 0.2, null), new("cuda", 0.01, null), new("onnx:cuda", 0.02, null)]));
        _fastest.Remember("guided.safetensors", "onnx");
        _fastest.Remember("guided.safetensors", null);
        Assert.Null(_fastest.Of("guided.safetensors"));
    }

    private string Networks() => string.Join('\n', Doctor.Examine([new ExecutorCheck(_files)]).Select(finding => finding.Text));
}
