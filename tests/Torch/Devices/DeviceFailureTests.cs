using AdaConv.Engine;
using AdaConv.Engine.Cuda;
using AdaConv.Model;
using AdaConv.Tests.Support.Cuda;
using AdaConv.Tests.Support.Networks;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests.Devices;

/// <summary>What becomes of frames when a device's memory does not suffice, a call fails, or a conversion is given up on the way.</summary>
[Collection(nameof(FakeDriver))]
public sealed class DeviceFailureTests : IDisposable
{
    private const int OutOfMemory = 2, LaunchFailed = 719;
    private static readonly InterpolatorOptions Exact = new() { Precision = Precision.Float32, Device = ComputeDevice.Cpu };
    private readonly TorchNetwork _network = Small();
    private readonly TorchNetwork _reference = Small();
    private readonly FakeDriver _driver = FakeDriver.Reset();

    public DeviceFailureTests()
    {
        using IDisposable noGradient = no_grad();
        foreach (var (parameter, source) in _reference.parameters().Zip(_network.parameters()))
        {
            parameter.copy_(source);
        }
    }

    [Fact]
    public void Out_of_memory_once_halves_the_tiles_with_one_message()
    {
        using PlanarFrame first = MovingPattern.Frame(300, 16, 0), second = MovingPattern.Frame(300, 16, 2), expected = new(300, 16, 3),
            actual = new(300, 16, 3);
        Reference(first, second, expected);
        List<string> messages = [];
        using (TiledInterpolator device = Open(messages))
        {
            Assert.Equal(1, device.TileCount(300, 16));
            _driver.Fail("cuLaunchKernel", OutOfMemory);
            device.Interpolate(first, second, 0.5, actual);
            Assert.Equal(6, device.TileCount(300, 16));
            Assert.Equal(["The GPU has too little memory for that size; frames are now predicted in 6 tiles."], messages);
        }

        Assert.InRange(MovingPattern.Difference(expected, actual), 0, 1); // as tiles and whole frames on the processor: docs/numerics.md
        Assert.Equal(0, _driver.Open);
    }

    [Theory]
    [InlineData("cuLaunchKernel")]
    [InlineData("cuMemHostAlloc")]
    public void Out_of_memory_for_good_ends_on_the_processor_and_loses_no_frame(string call)
    {
        using PlanarFrame first = MovingPattern.Frame(300, 16, 0), second = MovingPattern.Frame(300, 16, 2), third = MovingPattern.Frame(300, 16, 3);
        using PlanarFrame expected = new(300, 16, 3), earlier = new(300, 16, 3), actual = new(300, 16, 3);
        List<string> messages = [];
        using (TiledInterpolator device = Open(messages))
        {
            // One frame is still on its way when the memory gives out.
            Action? finishEarlier = call == "cuLaunchKernel" ? device.Begin(second, third, 0.5, earlier) : null;
            _driver.FailAlways(call, OutOfMemory);
            Action? finish = device.Begin(first, second, 0.5, actual);
            Assert.Null(finish);
            finishEarlier?.Invoke();
            Assert.Equal(
                [
                    "The GPU has too little memory for that size; frames are now predicted in 6 tiles.",
                    "The GPU has too little memory for that size; frames are now predicted in 10 tiles.",
                    "The GPU has too little memory even for the smallest tiles; continuing on the CPU.",
                ],
                messages);
            Assert.Equal(0, _driver.Open);
            Reference(first, second, expected);
            Assert.Equal(0, MovingPattern.Difference(expected, actual)); // the very same way
            if (finishEarlier is not null)
            {
                Reference(second, third, expected);
                Assert.InRange(MovingPattern.Difference(expected, earlier), 0, 0.01f);
            }
        }
    }

    [Fact]
    public void A_frame_on_its_way_that_is_lost_when_the_memory_gives_out_is_an_error_by_name()
    {
        using PlanarFrame first = MovingPattern.Frame(24, 16, 0), second = MovingPattern.Frame(24, 16, 2), earlier = new(24, 16, 3), between = new(24, 16, 3);
        using (TiledInterpolator device = Open([]))
        {
            Assert.NotNull(device.Begin(first, second, 0.5, earlier));
            _driver.FailAlways("cuStreamSynchronize", OutOfMemory);
            _driver.Fail("cuLaunchKernel", OutOfMemory);
            string message = Assert.Throws<ModelException>(() => device.Begin(first, second, 0.5, between)).Message;
            Assert.Contains("CUDA failed at waiting for the device: CUDA_ERROR_OUT_OF_MEMORY", message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _driver.Open);
    }

    [Fact]
    public void Out_of_memory_at_the_beginning_ends_on_the_processor()
    {
        CudaNetworkDevice place = FakeCuda.Open(_driver, Exact);
        _driver.FailAlways("cuStreamCreate", OutOfMemory);
        using TiledInterpolator device = TorchExecutor.Create(_network, Exact, place);
        List<string> messages = [];
        device.Listen(messages.Add);
        Assert.Equal(["The GPU has too little memory for the network; continuing on the CPU."], messages);
        Assert.Equal(0, _driver.Open);
    }

    [Fact]
    public void The_first_and_last_of_each_call_failing_is_an_error_by_name_and_leaves_nothing_open()
    {
        using PlanarFrame first = MovingPattern.Frame(24, 16, 0), second = MovingPattern.Frame(24, 16, 2), expected = new(24, 16, 3), actual = new(24, 16, 3);
        Reference(first, second, expected);
        Assert.Null(Attempt(call: -1));
        string[] calls = [.. _driver.Calls.Where(line => line[0] != ' ').SkipWhile(line => line != "cuStreamCreate")];
        Assert.InRange(calls.Length, 50, 100);
        foreach (int call in Enumerable.Range(0, calls.Length)
            .Where(call => Array.IndexOf(calls, calls[call]) == call || Array.LastIndexOf(calls, calls[call]) == call))
        {
            ModelException? error = Attempt(call);
            Assert.Equal(0, _driver.Open);
            if (error is null)
            {
                // Behind the finished frame only, where all is given back.
                Assert.True(call > Array.IndexOf(calls, "cuStreamSynchronize"), calls[call]);
                Assert.InRange(MovingPattern.Difference(expected, actual), 0, 0.01f);
            }
            else
            {
                Assert.StartsWith("The GPU Emulated Device 0 failed while computing a frame: CUDA failed at ", error.Message, StringComparison.Ordinal);
                Assert.Contains("CUDA_ERROR_LAUNCH_FAILED. Try again. If it fails again, use --device cpu", error.Message, StringComparison.Ordinal);
            }
        }

        ModelException? Attempt(int call)
        {
            FakeDriver.Reset();
            CudaNetworkDevice place = FakeCuda.Open(_driver, Exact);
            _driver.FailAt(call < 0 ? -1 : call + 1, LaunchFailed); // the first is that which enters the context
            for (int plane = 0; plane < 3; plane++)
            {
                actual.SamplePlane(plane).Fill(float.NaN);
            }

            try
            {
                using TiledInterpolator device = TorchExecutor.Create(_network, Exact, place);
                device.Interpolate(first, second, 0.5, actual);
                return null;
            }
            catch (ModelException failure)
            {
                return failure;
            }
        }
    }

    [Fact]
    public void Two_pairs_may_be_on_their_way_and_their_frames_may_change_meanwhile()
    {
        using PlanarFrame first = MovingPattern.Frame(48, 16, 0), second = MovingPattern.Frame(48, 16, 2), third = MovingPattern.Frame(48, 16, 5);
        using PlanarFrame expected = new(48, 16, 3), between = new(48, 16, 3), after = new(48, 16, 3), wanted = new(48, 16, 3);
        Reference(first, second, expected);
        Reference(second, third, wanted);
        using TiledInterpolator device = Open([]);
        Action finish = device.Begin(first, second, 0.5, between)!;
        first.SamplePlane(0).Fill(float.NaN);
        first.RgbPlane(0).Fill(float.NaN);
        Action finishAfter = device.Begin(second, third, 0.5, after)!;
        second.SamplePlane(1).Fill(float.NaN);
        third.RgbPlane(2).Fill(float.NaN);
        finish();
        finishAfter();
        Assert.InRange(MovingPattern.Difference(expected, between), 0, 0.01f); // of 255: other orders of the same sums
        Assert.InRange(MovingPattern.Difference(wanted, after), 0, 0.01f);
    }

    [Fact]
    public void A_frame_that_nobody_finishes_harms_no_other()
    {
        using PlanarFrame first = MovingPattern.Frame(48, 16, 0), second = MovingPattern.Frame(48, 16, 2), expected = new(48, 16, 3), actual = new(48, 16, 3);
        Reference(first, second, expected);
        using TiledInterpolator device = Open([]);
        PlanarFrame lost = new(48, 16, 3);
        Assert.NotNull(device.Begin(second, first, 0.5, lost));
        lost.Dispose();
        for (int i = 0; i < 3; i++)
        {
            device.Interpolate(first, second, 0.5, actual);
            Assert.InRange(MovingPattern.Difference(expected, actual), 0, 0.01f);
        }
    }

    [Fact]
    public void Number_types_that_a_device_lacks_are_refused()
    {
        _driver.Capability = 7;
        using CudaDevice device = CudaDevice.Open(library: _driver.LibraryPath);
        string Message(Func<object> make) => Assert.Throws<ModelException>(make).Message;
        Assert.Contains("bfloat16 needs compute capability 8.0",
            Message(() => new CudaNetworkDevice(device, CPU, Exact with { Precision = Precision.BFloat16 })));
        Assert.Equal(ScalarType.Float16, new CudaNetworkDevice(device, CPU, new()).ComputeType);
        Assert.Contains("float16 is for CUDA devices", Message(() => new ProcessorDevice(Exact with { Precision = Precision.Float16 })));
    }

    public void Dispose()
    {
        _network.Dispose();
        _reference.Dispose();
    }

    private TiledInterpolator Open(List<string> messages)
    {
        TiledInterpolator interpolator = TorchExecutor.Create(_network, Exact, FakeCuda.Open(_driver, Exact));
        interpolator.Listen(messages.Add);
        return interpolator;
    }

    private void Reference(PlanarFrame first, PlanarFrame second, PlanarFrame between)
    {
        using TiledInterpolator processor = TorchExecutor.Create(_reference, Exact);
        processor.Interpolate(first, second, 0.5, between);
    }

    // Tiles of it overlap by 48 pixels only.
    private static TorchNetwork Small() =>
        (NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0 }).CreateNetwork();
}
