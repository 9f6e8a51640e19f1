using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests;

public sealed class EnsembleNetworkTests
{
    // Views are added up in another order.
    private const float Rounding = 1e-5f;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void An_ensemble_of_a_network_that_treats_all_views_alike_is_that_network(int size)
    {
        using PlanarFrame first = Noise(90, 50, 1), second = Noise(90, 50, 2);
        Same(Mean(1), Mean(size), Rounding);

        PlanarFrame Mean(int size)
        {
            using TiledInterpolator interpolator = new(new IndifferentNetwork(), new() { Ensemble = size });
            PlanarFrame between = new(90, 50, 3);
            interpolator.Interpolate(first, second, 0.5, between);
            return between;
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Frames_turned_by_half_in_reverse_order_give_the_picture_turned_by_half(int size)
    {
        using TorchNetwork network = Network();
        using PlanarFrame first = Noise(96, 64, 1), second = Noise(96, 64, 2); // a multiple of 16: no padding on one side
        using PlanarFrame turnedFirst = Turned(first), turnedSecond = Turned(second);
        PlanarFrame picture = Between(network, size, first, second), reverse = Between(network, size, turnedSecond, turnedFirst);
        Same(Turned(picture), reverse, Rounding);

        // A single view is not that even-handed.
        Assert.True(Distance(Turned(Between(network, 1, first, second)), Between(network, 1, turnedSecond, turnedFirst)) > 100 * Rounding);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void An_ensemble_does_not_care_which_frame_is_the_first(int size)
    {
        using TorchNetwork network = Network();
        using PlanarFrame first = Noise(90, 50, 1), second = Noise(90, 50, 2);
        Same(Between(network, size, first, second), Between(network, size, second, first), Rounding);
        Assert.True(Distance(Between(network, 1, first, second), Between(network, 1, second, first)) > 100 * Rounding);
    }

    [Fact]
    public void What_stands_still_stays_bit_for_bit()
    {
        using TorchNetwork network = Network();
        using PlanarFrame first = Noise(90, 70, 1), second = Noise(90, 70, 1);
        second.SamplePlane(1)[..(20 * 90)].Fill(0.9f); // all further down than a kernel reaches stands still
        second.RgbPlane(1)[..(20 * 90)].Fill(0.9f);
        PlanarFrame between = Between(network, 8, first, second);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.True(between.SamplePlane(plane)[(60 * 90)..].SequenceEqual(first.SamplePlane(plane)[(60 * 90)..]));
        }

        Assert.False(between.SamplePlane(1).SequenceEqual(first.SamplePlane(1)));
    }

    [Fact]
    public void Other_samples_than_colours_are_brought_back_from_every_view()
    {
        using TorchNetwork network = Network();
        using PlanarFrame first = Noise(96, 64, 1, samples: 4), second = Noise(96, 64, 2, samples: 4);
        using PlanarFrame colours = Noise(96, 64, 1), laterColours = Noise(96, 64, 2);
        PlanarFrame withAlpha = Between(network, 4, first, second), plain = Between(network, 4, colours, laterColours);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.True(Distance(withAlpha.SamplePlane(plane), plain.SamplePlane(plane)) < Rounding);
        }

        Assert.True(Distance(withAlpha.SamplePlane(3), plain.SamplePlane(0)) < Rounding); // alpha holds the first colour's samples
    }

    [Fact]
    public void Warping_alone_is_refused_to_a_network_without_motion()
    {
        using TorchNetwork network = (NetworkConfiguration.Paper with { KernelSize = 5 }).CreateNetwork();
        Assert.Contains(
            "finds no motion", Assert.Throws<ModelException>(() => TorchExecutor.Create(network, new() { Synthesis = Synthesis.Warping })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Warping_alone_leaves_the_kernels_out()
    {
        using TorchNetwork network = Network();
        using IDisposable noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.Contains("last", StringComparison.OrdinalIgnoreCase)) // no motion, mask one half: without kernels it averages
            {
                parameter.zero_();
            }
        }

        using PlanarFrame first = Noise(90, 50, 1), second = Noise(90, 50, 2), average = new(90, 50, 3);
        new AveragingInterpolator().Interpolate(first, second, 0.5, average);
        Same(average, Between(network, 1, first, second, Synthesis.Warping), Rounding);
        Assert.True(Distance(average, Between(network, 1, first, second)) > 0.01f);
    }

    private static PlanarFrame Between(TorchNetwork network, int size, PlanarFrame first, PlanarFrame second, Synthesis synthesis = Synthesis.Convolution)
    {
        using var interpolator = TorchExecutor.Create(network, new() { Precision = Precision.Float32, Ensemble = size, Synthesis = synthesis });
        var between = new PlanarFrame(first.Width, first.Height, first.SampleCount);
        interpolator.Interpolate(first, second, 0.5, between);
        return between;
    }

    private static TorchNetwork Network()
    {
        manual_seed(7);
        return NetworkConfiguration.Guided.CreateNetwork();
    }

    // Blurred noise; a fourth plane repeats the first.
    private static PlanarFrame Noise(int width, int height, int seed, int samples = 3)
    {
        var random = new Random(seed);
        var frame = new PlanarFrame(width, height, samples);
        for (int plane = 0; plane < 3; plane++)
        {
            float value = 0.5f;
            for (int i = 0; i < frame.PlaneLength; i++)
            {
                value += 0.3f * (random.NextSingle() - value);
                frame.SamplePlane(plane)[i] = frame.RgbPlane(plane)[i] = value;
            }
        }

        if (samples == 4)
        {
            frame.SamplePlane(0).CopyTo(frame.SamplePlane(3));
        }

        return frame;
    }

    private static PlanarFrame Turned(PlanarFrame frame)
    {
        var turned = new PlanarFrame(frame.Width, frame.Height, frame.SampleCount);
        for (int plane = 0; plane < 3; plane++)
        {
            frame.SamplePlane(plane).CopyTo(turned.SamplePlane(plane));
            turned.SamplePlane(plane).Reverse();
            turned.SamplePlane(plane).CopyTo(turned.RgbPlane(plane));
        }

        return turned;
    }

    private static void Same(PlanarFrame expected, PlanarFrame actual, float tolerance) => Assert.InRange(Distance(expected, actual), 0, tolerance);

    private static float Distance(PlanarFrame one, PlanarFrame other) =>
        Enumerable.Range(0, 3).Max(plane => Distance(one.SamplePlane(plane), other.SamplePlane(plane)));

    private static float Distance(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        float largest = 0;
        for (int i = 0; i < one.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(one[i] - other[i]));
        }

        return largest;
    }

    /// <summary>Blurs both frames alike and mixes them evenly, whichever way up and whichever comes first; finds no motion.</summary>
    private sealed unsafe class IndifferentNetwork : ITileNetwork
    {
        public int SizeMultiple => 16;

        public int Context => 16;

        public int KernelSize => 3;

        public bool KnowsTime => false;

        public int BytesPerPixel => 500;

        public TilePrediction CreatePrediction() => new Prediction();

        public void Dispose()
        {
        }

        private sealed class Prediction : TilePrediction
        {
            private static readonly float[] Taps = [0.25f, 0.5f, 0.25f];
            private float[] _memory = [];
            private float* _result;

            public override void Begin(ReadOnlySpan<float> mean, double time, CancellationToken cancellation)
            {
                (int width, int height, long plane) = (Shape.Width, Shape.Height, Shape.PlaneLength);
                for (long i = 0; i < Shape.SampleCount * plane; i++)
                {
                    (long p, long at) = Math.DivRem(i, plane);
                    double sum = 0;
                    for (int frame = 0; frame < 2; frame++)
                    {
                        float* source = Input + (Shape.FirstSamplePlane + frame * Shape.SampleCount + p) * plane;
                        for (int n = 0; n < 9; n++)
                        {
                            long y = Math.Clamp(at / width + n / 3 - 1, 0, height - 1), x = Math.Clamp(at % width + n % 3 - 1, 0, width - 1);
                            sum += 0.5 * Taps[n / 3] * Taps[n % 3] * source[y * width + x];
                        }
                    }

                    _result[i] = (float)sum;
                }

                new Span<float>(_result + Shape.SampleCount * plane, (int)plane).Clear();
            }

            public override TileResult Wait() => new(_result, _result + Shape.SampleCount * Shape.PlaneLength);

            protected override float* Allocate(in TileShape shape)
            {
                long input = shape.InputPlanes * shape.PlaneLength;
                _memory = GC.AllocateUninitializedArray<float>((int)(input + (shape.SampleCount + 1) * shape.PlaneLength), pinned: true);
                float* memory = (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _memory[0]);
                _result = memory + input;
                return memory;
            }

            protected override void Dispose(bool disposing)
            {
            }
        }
    }
}
