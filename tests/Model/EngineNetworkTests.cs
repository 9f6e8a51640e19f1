using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed class EngineNetworkTests
{
    internal static readonly NetworkConfiguration Small =
        NetworkConfiguration.Guided with { BlockWidths = [32, 32], BlockResiduals = [1, 0], HeadResiduals = 0, KernelSize = 5, CoarsePasses = 1 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16383, 1)]
    [InlineData(1, 4097)]
    [InlineData(33, 17)]
    public void Any_size_gives_a_frame_of_that_size(int width, int height)
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small), new());
        using PlanarFrame first = Pattern(width, height, 0), second = Pattern(width, height, 1), between = new(width, height, 3, samplesAreRgb: true);
        between.SamplePlane(2).Fill(float.NaN);
        interpolator.Interpolate(first, second, 0.5, between);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.False(between.SamplePlane(plane).ContainsAnyExceptInRange(-1, 2));
        }
    }

    // Parts of frames, with samples of their own and without; copied, they are padded by repeating their border.
    [Theory]
    [InlineData(37, 50, false, WarpSampling.Bilinear)]
    [InlineData(64, 33, true, WarpSampling.Bilinear)]
    [InlineData(1, 1, false, WarpSampling.Bilinear)]
    [InlineData(37, 50, false, WarpSampling.Cubic)]
    [InlineData(65, 35, true, WarpSampling.Cubic)]
    [InlineData(65, 35, true, WarpSampling.SixPointCubic)]
    public unsafe void Planes_are_looked_at_where_they_lie_as_copies_are(int height, int width, bool samplesAreColours, WarpSampling sampling)
    {
        const int around = 5;
        using EngineNetwork network = new(RandomNetwork.Of(Small with { Sampling = sampling }), new());
        int multiple = network.SizeMultiple, stride = width + around;
        TileShape shape = new(RoundUp(width), RoundUp(height), 3, samplesAreColours, Depth: 8);
        using TilePrediction inPlace = network.CreatePrediction(), copied = network.CreatePrediction();
        Random random = new(height);
        float[] frames = [.. Enumerable.Range(0, 12 * (height + around) * stride).Select(_ => random.NextSingle())];
        float[] mean = [0.4f, 0.5f, 0.6f];
        long plane = (long)(height + around) * stride;
        fixed (float* memory = frames)
        {
            FramePair colours = Pair(memory), samples = samplesAreColours ? colours : Pair(memory + 6 * plane);
            Assert.True(inPlace.PrepareInPlace(shape, colours, samples));
            inPlace.Begin(mean, 0.5, default);
            copied.Prepare(shape);
            for (int p = 0; p < shape.InputPlanes; p++)
            {
                for (long i = 0; i < shape.PlaneLength; i++)
                {
                    (long y, long x) = (Math.Min(i / shape.Width, height - 1), Math.Min(i % shape.Width, width - 1));
                    copied.Input[p * shape.PlaneLength + i] = memory[p * plane + y * stride + x];
                }
            }

            copied.Begin(mean, 0.5, default);
            TileResult one = inPlace.Wait(), other = copied.Wait();
            int length = (int)(3 * shape.PlaneLength);
            Assert.Equal(new ReadOnlySpan<float>(other.Samples, length), new ReadOnlySpan<float>(one.Samples, length));
            Assert.Equal(new ReadOnlySpan<float>(other.Motion, length / 3), new ReadOnlySpan<float>(one.Motion, length / 3));
        }

        int RoundUp(int size) => (size + multiple - 1) / multiple * multiple;

        FramePair Pair(float* planes) => new(new(planes, plane, stride, height, width), new(planes + 3 * plane, plane, stride, height, width));
    }

    [Fact]
    public void Frames_of_8192_by_8192_are_cut_into_tiles_that_fit()
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small), new() { MemoryLimit = 8L << 30 });
        Assert.InRange(interpolator.TileCount(8192, 8192), 2, 100);
    }

    [Fact]
    public void Tiles_agree_with_the_whole_frame_to_one_code_value()
    {
        NetworkWeights weights = RandomNetwork.Of(Small, size: 0.2);
        using PlanarFrame first = Pattern(720, 400, 0), second = Pattern(720, 400, 2), whole = first.CreateAlike(), tiled = first.CreateAlike();
        using (TiledInterpolator interpolator = EngineExecutor.Create(weights, new()))
        {
            interpolator.Interpolate(first, second, 0.5, whole);
        }

        using EngineNetwork network = new(weights, new());
        long outside = network.ProcessBytes + (100L * 720 * 400);
        using (TiledInterpolator interpolator = EngineExecutor.Create(weights, new() { MemoryLimit = outside + (network.BytesPerPixel * 500L * 400) }))
        {
            Assert.True(interpolator.TileCount(720, 400) > 1);
            interpolator.Interpolate(first, second, 0.5, tiled);
        }

        for (int plane = 0; plane < 3; plane++)
        {
            for (int i = 0; i < whole.PlaneLength; i++)
            {
                Assert.InRange(Math.Abs(whole.SamplePlane(plane)[i] - tiled.SamplePlane(plane)[i]), 0, 1f / 255);
            }
        }
    }

    [Fact]
    public void A_prediction_of_several_views_is_cancelled_at_any_moment()
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small), new() { Ensemble = 8 });
        using PlanarFrame first = Pattern(96, 64, 0), second = Pattern(96, 64, 2), between = first.CreateAlike();
        interpolator.Interpolate(first, second, 0.5, between);
        long begin = Stopwatch.GetTimestamp();
        interpolator.Interpolate(first, second, 0.5, between);
        TimeSpan whole = Stopwatch.GetElapsedTime(begin);
        for (int i = 1; i < 40; i++)
        {
            using CancellationTokenSource cancelled = new(whole * i / 50);
            try
            {
                interpolator.Interpolate(first, second, 0.5, between, cancelled.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Fact]
    public void A_cancelled_prediction_ends_and_the_next_one_is_whole()
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small), new());
        using PlanarFrame first = Pattern(64, 48, 0), second = Pattern(64, 48, 2), between = first.CreateAlike(), again = first.CreateAlike();
        interpolator.Interpolate(first, second, 0.5, between);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => interpolator.Interpolate(first, second, 0.5, again, cancelled.Token));
        interpolator.Interpolate(first, second, 0.5, again);
        Assert.True(again.SamplePlane(1).SequenceEqual(between.SamplePlane(1)));
    }

    [Fact]
    public void Weights_that_take_more_memory_than_is_allowed_are_refused()
    {
        NetworkConfiguration wide = NetworkConfiguration.Guided with { BlockWidths = [256, 128], BlockResiduals = [2, 1] };
        string message = Assert.Throws<ModelException>(() => EngineExecutor.Create(RandomNetwork.Of(wide), new() { MemoryLimit = 8 << 20 })).Message;
        Assert.Matches("The weights take [0-9]+ MiB of memory once they are packed, more than the memory limit of 8 MiB", message);
    }

    [Theory]
    [InlineData(1920, 1080, 1)]
    [InlineData(1920, 1080, 4)]
    [InlineData(640, 480, 1)]
    [InlineData(16383, 1, 1)]
    public void The_least_memory_limit_that_is_stated_is_accepted_and_a_mebibyte_less_is_not(int width, int height, int ensemble)
    {
        long stated = Stated(100);
        Assert.Equal(stated, Stated(2)); // the weights take more than one
        Assert.Equal(stated, Stated(stated / 2));
        Assert.Equal(stated, Stated(stated - 1));
        using TiledInterpolator accepted = EngineExecutor.Create(RandomNetwork.Of(Small), new() { MemoryLimit = stated << 20, Ensemble = ensemble });
        Assert.InRange(accepted.TileCount(width, height), 1, int.MaxValue);

        long Stated(long limit)
        {
            using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small), new() { MemoryLimit = limit << 20, Ensemble = ensemble });
            string message = Assert.Throws<ModelException>(() => interpolator.TileCount(width, height)).Message;
            Assert.StartsWith($"A frame of {width}x{height} does not fit the memory limit of {limit} MiB ", message, StringComparison.Ordinal);
            return long.Parse(Regex.Match(message, "allow ([0-9]+) MiB or more").Groups[1].Value, CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData(Precision.BFloat16, "bfloat16")]
    [InlineData(Precision.Float16, "float16")]
    public void Number_types_of_devices_are_refused(Precision precision, string name) =>
        Assert.StartsWith(
            $"The precision {name} is for CUDA devices",
            Assert.Throws<ModelException>(() => EngineExecutor.Create(RandomNetwork.Of(Small), new() { Precision = precision })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_network_knows_the_middle_only()
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small), new());
        using PlanarFrame first = Pattern(16, 16, 0), second = Pattern(16, 16, 1), between = first.CreateAlike();
        Assert.Throws<ArgumentOutOfRangeException>(() => interpolator.Interpolate(first, second, 0.25, between));
    }

    [Fact]
    public void A_network_that_knows_the_time_gives_in_the_middle_what_it_gives_without_it_bit_for_bit()
    {
        NetworkWeights timed = RandomNetwork.Of(Small with { KnowsTime = true }), plain = new(InterpolationNetwork.Of(Small), timed.Tensors, timed.Metadata);
        using TiledInterpolator knows = EngineExecutor.Create(timed, new()), middle = EngineExecutor.Create(plain, new());
        Assert.Equal((true, false), (knows.KnowsTime, middle.KnowsTime));
        using PlanarFrame first = Pattern(80, 48, 0), second = Pattern(80, 48, 3), expected = first.CreateAlike(), actual = first.CreateAlike();
        middle.Interpolate(first, second, 0.5, expected);
        knows.Interpolate(first, second, 0.3, actual);
        Assert.False(Same(expected, actual));
        knows.Interpolate(first, second, 0.5, actual); // also after another time
        Assert.True(Same(expected, actual));
    }

    [Theory]
    [InlineData(0.25, 0.75)]
    [InlineData(1.0 / 3, 2.0 / 3)]
    [InlineData(1e-4, 1 - 1e-4)]
    public void Where_the_views_are_both_orders_a_time_turns_round_with_the_frames(double time, double reverse)
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small with { KnowsTime = true }), new() { Ensemble = 2 });
        using PlanarFrame first = Pattern(80, 48, 0), second = Pattern(80, 48, 3), forth = first.CreateAlike(), back = first.CreateAlike();
        interpolator.Interpolate(first, second, time, forth);
        interpolator.Interpolate(second, first, reverse, back);
        for (int i = 0; i < forth.PlaneLength; i++)
        {
            Assert.InRange(Math.Abs(forth.SamplePlane(1)[i] - back.SamplePlane(1)[i]), 0, 1e-4f);
        }
    }

    [Fact]
    public void Near_an_end_the_nearer_frame_is_shown()
    {
        using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(Small with { KnowsTime = true }),
            new() { Synthesis = Synthesis.Warping });
        using PlanarFrame first = Pattern(80, 48, 0), second = Pattern(80, 48, 9), between = first.CreateAlike();
        foreach (var (time, nearer) in new[] { (1e-6, first), (1 - 1e-6, second) })
        {
            interpolator.Interpolate(first, second, time, between);
            for (int i = 0; i < between.PlaneLength; i++)
            {
                Assert.InRange(Math.Abs(between.SamplePlane(0)[i] - nearer.SamplePlane(0)[i]), 0, 0.02f);
            }
        }
    }

    [Fact]
    public void Files_of_networks_that_know_the_middle_only_do_not_speak_of_the_time()
    {
        Assert.DoesNotContain("ime", Small.ToJson(), StringComparison.Ordinal);
        NetworkConfiguration timed = Small with { KnowsTime = true };
        Assert.Equal(timed.ToJson(), NetworkConfiguration.Parse(timed.ToJson()).ToJson());
        Assert.True(NetworkConfiguration.Parse(timed.ToJson()).KnowsTime);
        ModelException refusal = Assert.Throws<ModelException>((NetworkConfiguration.Paper with { KnowsTime = true }).Validate);
        Assert.Contains("only networks of the kind guided take a time", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_networks_that_neither_search_nor_fit_do_not_speak_of_it_and_paper_does_neither()
    {
        Assert.DoesNotContain("search", Small.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("fits", Small.ToJson(), StringComparison.Ordinal);
        Assert.True(NetworkConfiguration.Parse((Small with { FitsFlows = true }).ToJson()).FitsFlows);
        NetworkConfiguration fitting = NetworkConfiguration.Paper with { FitsFlows = true };
        Assert.Contains("fitsFlows", Assert.Throws<ModelException>(fitting.Validate).Message, StringComparison.Ordinal);
        Assert.Equal(8, NetworkConfiguration.Parse((Small with { SearchRadius = 8 }).ToJson()).SearchRadius);
        foreach (NetworkConfiguration refused in (NetworkConfiguration[])
            [
                NetworkConfiguration.Paper with { SearchRadius = 8 }, Small with { SearchRadius = 17 },
                Small with { SearchRadius = 8, BlockWidths = [32], BlockResiduals = [0], CoarsePasses = 0 },
            ])
        {
            Assert.Contains("searchRadius", Assert.Throws<ModelException>(refused.Validate).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_of_networks_that_sample_bilinearly_do_not_speak_of_it_and_paper_samples_nothing()
    {
        Assert.DoesNotContain("sampling", Small.ToJson(), StringComparison.Ordinal);
        Assert.Equal(WarpSampling.Bilinear, NetworkConfiguration.Parse(Small.ToJson()).Sampling);
        foreach (var (sampling, name) in ((WarpSampling, string)[])[(WarpSampling.Cubic, "cubic"), (WarpSampling.SixPointCubic, "sixPointCubic")])
        {
            NetworkConfiguration configuration = Small with { Sampling = sampling };
            Assert.Contains($"\"sampling\":\"{name}\"", configuration.ToJson(), StringComparison.Ordinal);
            Assert.Equal(configuration.ToJson(), NetworkConfiguration.Parse(configuration.ToJson()).ToJson());
            Assert.Equal(sampling, NetworkConfiguration.Parse(configuration.ToJson()).Sampling);
        }

        foreach (string refused in (string[])
            ["""{"kind":"paper","sampling":"cubic"}""", """{"kind":"guided","sampling":"lanczos"}""", """{"kind":"guided","sampling":7}"""])
        {
            Assert.Contains("sampling", Assert.Throws<ModelException>(() => NetworkConfiguration.Parse(refused)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public unsafe void Cubic_sampling_changes_the_new_frame_and_nothing_that_the_network_sees()
    {
        NetworkWeights plain = RandomNetwork.Of(Small);
        using EngineNetwork one = new(plain, new()), four = new(Sampling(WarpSampling.Cubic), new()), six = new(Sampling(WarpSampling.SixPointCubic), new());
        using TilePrediction bilinearly = one.CreatePrediction(), betweenFour = four.CreatePrediction(), betweenSix = six.CreatePrediction();
        TileShape shape = new(48, 64, 3, SamplesAreColours: true, Depth: 8);
        Random random = new(5);
        float[] frames = [.. Enumerable.Range(0, 6 * 48 * 64).Select(_ => random.NextSingle())];
        foreach (TilePrediction prediction in (TilePrediction[])[bilinearly, betweenFour, betweenSix])
        {
            prediction.Prepare(shape);
            frames.CopyTo(new Span<float>(prediction.Input, frames.Length));
            prediction.Begin([0.4f, 0.5f, 0.6f], 0.5, default);
        }

        TileResult[] results = [bilinearly.Wait(), betweenFour.Wait(), betweenSix.Wait()];
        Assert.All(results, result => Assert.Equal(Floats(results[0].Motion, 48 * 64), Floats(result.Motion, 48 * 64)));
        float[][] samples = [.. results.Select(result => Floats(result.Samples, 3 * 48 * 64))];
        Assert.NotEqual(samples[0], samples[1]);
        Assert.NotEqual(samples[0], samples[2]);
        Assert.NotEqual(samples[1], samples[2]);

        NetworkWeights Sampling(WarpSampling sampling) => new(InterpolationNetwork.Of(Small with { Sampling = sampling }), plain.Tensors, plain.Metadata);

        static float[] Floats(float* values, int count) => new ReadOnlySpan<float>(values, count).ToArray();
    }

    [Fact]
    public void For_any_time_a_network_that_knows_the_middle_only_halves_the_way()
    {
        using TiledInterpolator knows = EngineExecutor.Create(RandomNetwork.Of(Small with { KnowsTime = true }), new()),
            middle = EngineExecutor.Create(RandomNetwork.Of(Small), new());
        Assert.Equal(0.3, knows.ForAnyTime().Nearest(0.3));
        IFrameInterpolator halving = middle.ForAnyTime();
        Assert.Equal(0.25, halving.Nearest(0.3));
        using PlanarFrame first = Pattern(16, 16, 0), second = Pattern(16, 16, 1), between = first.CreateAlike();
        halving.Interpolate(first, second, 0.3, between);
    }

    [Fact]
    public void Without_a_card_auto_is_the_engine_in_silence_and_cuda_an_error_that_says_what_to_do()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _), "NVIDIA's driver is here.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("adaconv-executors-");
        try
        {
            string file = Path.Combine(folder.FullName, "small.safetensors");
            RandomNetwork.Of(Small).Save(file, half: true);
            List<string> notes = [];
            using (TiledInterpolator interpolator = NetworkExecutors.Load(file, new()))
            {
                interpolator.Listen(notes.Add);
            }

            Assert.Empty(notes);
            Assert.Equal("The device onnx:cuda cannot be used. This build has no ONNX Runtime: build with -p:Onnx=cpu, cuda, directml or openvino. "
                + "The device cpu works everywhere.",
                Assert.Throws<ModelException>(() => NetworkExecutors.Load(file, new() { Device = ComputeDevice.OnnxCuda })).Message);
            string message = Assert.Throws<ModelException>(() => NetworkExecutors.Load(file, new() { Device = ComputeDevice.Cuda })).Message;
            Assert.StartsWith("The device cuda cannot be used. NVIDIA's driver library ", message, StringComparison.Ordinal);
            Assert.Contains("build with -p:Torch=cuda-linux", message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What is left are the operations' parallel loops, of which those that run a few rows at a time have more for more rows; pixels cost nothing.
    [Fact]
    public void A_larger_frame_costs_no_more_managed_memory()
    {
        NetworkConfiguration searching = Small with { KnowsTime = true, CoarsePasses = 1, SearchRadius = 4, FitsFlows = true };
        long small = Allocated(64, 64), wide = Allocated(512, 64), high = Allocated(64, 512);
        TestContext.Current.TestOutputHelper?.WriteLine($"{small}, {wide} and {high} bytes a frame");
        Assert.InRange(wide, 0, small + 2048);
        Assert.InRange(high, 0, small + 100 * (512 - 64));

        long Allocated(int width, int height)
        {
            using TiledInterpolator interpolator = EngineExecutor.Create(RandomNetwork.Of(searching), new() { Threads = 1, Grain = Grain.Keep });
            using PlanarFrame first = Pattern(width, height, 0), second = Pattern(width, height, 3), between = first.CreateAlike();
            interpolator.Interpolate(first, second, 0.3, between); // plans, and lists displacements
            const int frames = 10;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < frames; i++)
            {
                interpolator.Interpolate(first, second, 0.3, between);
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / frames;
        }
    }

    private static PlanarFrame Pattern(int width, int height, int shift) => MovingPattern.Frame(width, height, shift, areRgb: true);

    private static bool Same(PlanarFrame one, PlanarFrame other) =>
        Enumerable.Range(0, 3).All(plane => one.SamplePlane(plane).SequenceEqual(other.SamplePlane(plane)));
}
