using AdaConv.Drawing;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Tests.Support.Networks;
using AdaConv.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests;

/// <summary>The engine's executor and libtorch's run the same description: their frames are the same but for rounding.</summary>
public sealed class ExecutorTests
{
    // Of 255 code values: in the mean, and at most.
    private const double Mean = 0.02, Most = 0.5;

    private static readonly InterpolatorOptions Exact = new() { Precision = Precision.Float32, Device = ComputeDevice.Cpu };

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "models"), "*.safetensors")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("""{"kind":"guided"}""", 130, 75)]
    [InlineData("""{"kind":"guided","hiddenChannels":0,"kernelSize":5,"blockWidths":[64],"blockResiduals":[0],"headResiduals":0}""", 1, 1)]
    [InlineData("""{"kind":"guided","coarsePasses":1,"blockWidths":[64,32],"blockResiduals":[1,0]}""", 97, 113)]
    [InlineData("""{"kind":"guided","coarsePasses":2,"inputScale":2,"hiddenChannels":3,"blockWidths":[96,64],"blockResiduals":[1,1]}""", 200, 48)]
    [InlineData("""{"kind":"guided","knowsTime":true}""", 130, 75)]
    [InlineData("""{"kind":"guided","knowsTime":true,"coarsePasses":1,"inputScale":2,"blockWidths":[96,64],"blockResiduals":[1,1]}""", 97, 113)]
    [InlineData("""{"kind":"guided","knowsTime":true,"coarsePasses":1,"searchRadius":8,"blockWidths":[64,32],"blockResiduals":[1,0]}""", 225, 113)]
    [InlineData("""{"kind":"guided","inputScale":2,"searchRadius":3,"blockWidths":[64,32],"blockResiduals":[1,0]}""", 97, 113)]
    [InlineData("""{"kind":"guided","sampling":"cubic","knowsTime":true,"blockWidths":[64,32],"blockResiduals":[1,0]}""", 97, 113)]
    [InlineData("""{"kind":"guided","sampling":"sixPointCubic","inputScale":2,"blockWidths":[64],"blockResiduals":[0]}""", 75, 50)]
    [InlineData("""{"kind":"guided","fitsFlows":true,"knowsTime":true,"blockWidths":[64,32],"blockResiduals":[1,0]}""", 97, 113)]
    [InlineData("""{"kind":"guided","fitsFlows":true,"inputScale":2,"sampling":"sixPointCubic","blockWidths":[64],"blockResiduals":[0]}""", 75, 50)]
    [InlineData("""{"kind":"guided","fitsFlows":true,"searchRadius":8,"knowsTime":true,"blockWidths":[64,32],"blockResiduals":[1,0]}""", 97, 113)]
    [InlineData("""
        {"kind":"guided","fitsFlows":true,"searchRadius":3,"inputScale":2,"sampling":"sixPointCubic","blockWidths":[64,32],"blockResiduals":[0,0]}
        """, 75, 50)]
    [InlineData("""{"kind":"paper","kernelSize":51}""", 64, 33)]
    public void Random_weights_give_the_same_frames(string configuration, int width, int height)
    {
        const int seed = 11;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        manual_seed(seed);
        using IDisposable noGradient = no_grad();
        using TorchNetwork network = NetworkConfiguration.Parse(configuration).CreateNetwork();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.shape.Length == 1)
            {
                parameter.add_(randn_like(parameter), alpha: name.EndsWith("time", StringComparison.Ordinal) ? 0.2f : 0.02f);
            }
        }

        NetworkWeights weights = TorchWeights.Of(network, new Dictionary<string, string>());
        foreach ((int samples, bool areRgb, Synthesis synthesis, Grain grain) in ((int, bool, Synthesis, Grain)[])[
            (3, true, Synthesis.Convolution, Grain.Smooth), (3, true, Synthesis.Convolution, Grain.Keep), (4, false, Synthesis.Convolution, Grain.Keep),
            (1, false, Synthesis.Warping, Grain.Keep)])
        {
            if (synthesis == Synthesis.Convolution || network.Configuration.Kind == NetworkKind.Guided)
            {
                InterpolatorOptions options = Exact with { Synthesis = synthesis, Grain = grain };
                using PlanarFrame first = MovingPattern.Frame(width, height, 0, samples, areRgb),
                    second = MovingPattern.Frame(width, height, 2, samples, areRgb);
                using TiledInterpolator torch = TorchExecutor.Create(network, options), engine = EngineExecutor.Create(weights, options);
                foreach (double time in network.Configuration.KnowsTime ? (double[])[0.5, 0.1, 2.0 / 3] : [0.5])
                {
                    Same(torch, engine, first, second, areRgb ? 1 : 255, time);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_weights_give_the_same_frames(string name)
    {
        string file = Path.Combine(RepositoryFiles.Root, "models", name + ".safetensors");
        InterpolatorOptions options = Exact with { Grain = Grain.Keep };
        using TiledInterpolator torch = TorchExecutor.Load(file, options), engine = EngineExecutor.Load(file, options);
        using (PlanarFrame first = MovingPattern.Frame(320, 180, 0, 3, areRgb: false), second = MovingPattern.Frame(320, 180, 5, 3, areRgb: false))
        {
            Same(torch, engine, first, second, 255);
        }

        string? middlebury = SharedData.Find("middlebury");
        Assert.SkipWhen(middlebury is null, "The synthetic pair is the same; there are no real ones here.");
        foreach (string scene in (string[])["Beanbags", "Urban2"])
        {
            using PlanarFrame first = Read(Path.Combine(middlebury!, scene, "frame10.png")), second = Read(Path.Combine(middlebury!, scene, "frame11.png"));
            Same(torch, engine, first, second, 1);
        }
    }

    [Theory]
    [InlineData(KernelLevel.Scalar)]
    [InlineData(KernelLevel.Vector128)]
    [InlineData(KernelLevel.Vector256)]
    [InlineData(KernelLevel.Vector512)]
    public void Every_kernel_level_and_number_of_threads_gives_the_same_frame(KernelLevel level)
    {
        try
        {
            new EngineOptions(level).ResolveLevel();
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Skip(e.Message);
        }

        string file = Path.Combine(RepositoryFiles.Root, "models", "fast.safetensors");
        using PlanarFrame first = MovingPattern.Frame(96, 64, 0, 3, areRgb: false), second = MovingPattern.Frame(96, 64, 3, 3, areRgb: false),
            again = new(96, 64, 3),
            once = new(96, 64, 3);
        using TiledInterpolator one = EngineExecutor.Load(file, Exact with { Kernels = level, Threads = 1, Grain = Grain.Keep }),
            three = EngineExecutor.Load(file, Exact with { Kernels = level, Threads = 3, Grain = Grain.Keep });
        one.Interpolate(first, second, 0.5, once);
        three.Interpolate(first, second, 0.5, again);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.True(once.SamplePlane(plane).SequenceEqual(again.SamplePlane(plane)), "threads change bits");
        }

        using TiledInterpolator torch = TorchExecutor.Load(file, Exact with { Grain = Grain.Keep });
        Same(torch, one, first, second, 255);
    }

    // Turned frames give turned frames: so do the views of an ensemble, which is closed under turning.
    [Theory]
    [InlineData("guided", 1)]
    [InlineData("fast", 1)]
    [InlineData("fast", 8)]
    public void Along_curves_both_give_the_same_frames_and_ensembles_turn_with_them(string name, int ensemble)
    {
        const int width = 128, height = 96;
        string file = Path.Combine(RepositoryFiles.Root, "models", name + ".safetensors");
        InterpolatorOptions options = Exact with { Grain = Grain.Keep, Ensemble = ensemble };
        PlanarFrame[] frames = [.. ((int[])[0, 3, 8, 15]).Select(place => Texture(place))];
        PlanarFrame[] turned = [.. frames.Select(Turned)];
        foreach (PlanarFrame frame in (PlanarFrame[])[.. frames, .. turned])
        {
            frame.NumberPicture();
        }

        using TiledInterpolator torch = TorchExecutor.Load(file, options with { Motion = MotionPath.Curved }),
            engine = EngineExecutor.Load(file, options with { Motion = MotionPath.Curved }), straight = EngineExecutor.Load(file, options);
        foreach (double time in (double[])[0.5, 0.4])
        {
            using PlanarFrame expected = Predict(torch, frames, time), actual = Predict(engine, frames, time), halfway = Predict(straight, frames, time);
            Assert.InRange(Difference(expected, actual), 0, 0.02);
            Assert.True(Difference(halfway, actual) > 0.2, "the curve changes hardly anything");
            if (ensemble == 8)
            {
                using PlanarFrame other = Predict(engine, turned, time), back = Turned(other);
                Assert.InRange(Difference(actual, back), 0, 0.3 * Difference(halfway, actual)); // motion is found in the pair as it is
            }
        }

        Array.ForEach([.. frames, .. turned], frame => frame.Dispose());

        static PlanarFrame Predict(TiledInterpolator network, PlanarFrame[] frames, double time)
        {
            IFrameInterpolator interpolator = network.ForAnyTime();
            PlanarFrame between = frames[0].CreateAlike();
            for (int pair = 0; pair < 3; pair++)
            {
                interpolator.Look(frames[pair], frames[pair + 1]);
            }

            interpolator.Interpolate(frames[1], frames[2], time, between);
            return between;
        }

        // Waves of many lengths and directions: only one displacement fits.
        static PlanarFrame Texture(int place)
        {
            PlanarFrame frame = new(width, height, 3, samplesAreRgb: true);
            for (int i = 0; i < 3 * frame.PlaneLength; i++)
            {
                (int plane, int at) = Math.DivRem(i, (int)frame.PlaneLength);
                (int y, int x) = Math.DivRem(at, width);
                double value = 0.5;
                for (int wave = 0; wave < 12; wave++)
                {
                    double angle = 2.4 * wave, length = 0.5 / (1 + (0.37 * wave));
                    value += 0.05 * Math.Sin((length * (((x - place) * Math.Cos(angle)) + (y * Math.Sin(angle)))) + (wave * wave) + (0.3 * plane));
                }

                frame.RgbPlane(plane)[at] = (float)value;
            }

            return frame;
        }

        // By half a turn.
        static PlanarFrame Turned(PlanarFrame frame)
        {
            PlanarFrame turned = frame.CreateAlike();
            for (int plane = 0; plane < 3; plane++)
            {
                frame.SamplePlane(plane).CopyTo(turned.SamplePlane(plane));
                turned.SamplePlane(plane).Reverse();
            }

            return turned;
        }

        // Mean, in code values.
        static double Difference(PlanarFrame one, PlanarFrame other)
        {
            double sum = 0;
            for (int plane = 0; plane < 3; plane++)
            {
                for (int i = 0; i < one.PlaneLength; i++)
                {
                    sum += Math.Abs(one.SamplePlane(plane)[i] - other.SamplePlane(plane)[i]);
                }
            }

            return 255 * sum / (3 * one.PlaneLength);
        }
    }

    private static void Same(TiledInterpolator torch, TiledInterpolator engine, PlanarFrame first, PlanarFrame second, double code, double time = 0.5)
    {
        using PlanarFrame expected = first.CreateAlike(), actual = first.CreateAlike();
        torch.Interpolate(first, second, time, expected);
        for (int pass = 0; pass < 2; pass++) // the second in memory that holds the first's remains
        {
            engine.Interpolate(first, second, time, actual);
            double sum = 0, most = 0;
            for (int plane = 0; plane < expected.SampleCount; plane++)
            {
                ReadOnlySpan<float> e = expected.SamplePlane(plane), a = actual.SamplePlane(plane);
                for (int i = 0; i < e.Length; i++)
                {
                    double difference = Math.Abs(e[i] - a[i]) * 255 / code;
                    Assert.False(double.IsNaN(difference), $"no number at {i} of plane {plane}");
                    sum += difference;
                    most = Math.Max(most, difference);
                }
            }

            sum /= expected.SampleCount * expected.PlaneLength;
            TestContext.Current.TestOutputHelper?.WriteLine($"{first.Width}x{first.Height}: {sum:F5} in the mean, {most:F4} at most");
            Assert.InRange(sum, 0, Mean);
            Assert.InRange(most, 0, Most);
        }
    }

    private static PlanarFrame Read(string path)
    {
        RgbImage image = RgbImage.Read(path);
        PlanarFrame frame = new(image.Width, image.Height, 3, samplesAreRgb: true, depth: 8);
        for (int colour = 0; colour < 3; colour++)
        {
            for (int i = 0; i < frame.PlaneLength; i++)
            {
                frame.RgbPlane(colour)[i] = image.Plane(colour)[i] / 255f;
            }
        }

        return frame;
    }
}
