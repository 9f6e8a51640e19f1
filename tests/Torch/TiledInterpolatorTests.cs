using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Tests.Support.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Torch.Tests;

public sealed class TiledInterpolatorTests
{
    private static readonly InterpolatorOptions Exact = new() { Precision = Precision.Float32 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(33, 17)]
    [InlineData(200, 133)]
    public void Any_size_gives_a_frame_of_that_size(int width, int height)
    {
        using TorchNetwork network = Network();
        using var interpolator = TorchExecutor.Create(network, Exact);
        using PlanarFrame first = MovingPattern.Frame(width, height, 0), second = MovingPattern.Frame(width, height, 1), between = new(width, height, 3);
        between.SamplePlane(2).Fill(float.NaN);
        interpolator.Interpolate(first, second, 0.5, between);
        for (int plane = 0; plane < 3; plane++)
        {
            foreach (float value in between.SamplePlane(plane))
            {
                Assert.InRange(value, -50, 305);
            }
        }
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void Identical_frames_come_out_bit_for_bit(NetworkKind kind)
    {
        using TorchNetwork network = Network(kind);
        using var interpolator = TorchExecutor.Create(network);
        using PlanarFrame first = MovingPattern.Frame(150, 90, 0), second = MovingPattern.Frame(150, 90, 0), between = new(150, 90, 3);
        interpolator.Interpolate(first, second, 0.5, between);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.True(between.SamplePlane(plane).SequenceEqual(first.SamplePlane(plane)));
        }
    }

    [Fact]
    public void Still_parts_of_moving_pictures_stay_bit_for_bit()
    {
        using TorchNetwork network = Network();
        using var interpolator = TorchExecutor.Create(network);
        using PlanarFrame first = MovingPattern.Frame(192, 128, 0), second = MovingPattern.Frame(192, 128, 0), between = new(192, 128, 3);
        for (int y = 40; y < 60; y++) // a patch changes; everything further than a kernel away stands still
        {
            second.SamplePlane(0).Slice(y * 192 + 50, 20).Fill(0.9f * 255);
            second.RgbPlane(0).Slice(y * 192 + 50, 20).Fill(0.9f);
        }

        interpolator.Interpolate(first, second, 0.5, between);
        Assert.True(between.SamplePlane(0)[(100 * 192)..].SequenceEqual(first.SamplePlane(0)[(100 * 192)..]));
        Assert.False(between.SamplePlane(0).SequenceEqual(first.SamplePlane(0)));
    }

    [Theory]
    [InlineData(NetworkKind.Guided)]
    [InlineData(NetworkKind.Paper)]
    public void Tiles_agree_with_the_whole_frame_to_one_code_value(NetworkKind kind)
    {
        using TorchNetwork network = Network(kind);
        using PlanarFrame first = MovingPattern.Frame(720, 400, 0), second = MovingPattern.Frame(720, 400, 2), whole = new(720, 400, 3),
            tiled = new(720, 400, 3);
        using (var interpolator = TorchExecutor.Create(network, Exact))
        {
            interpolator.Interpolate(first, second, 0.5, whole);
        }

        long outside = Math.Min(Environment.WorkingSet, 1L << 30) + 100L * 720 * 400;
        using (var interpolator = TorchExecutor.Create(network, Exact with { MemoryLimit = outside + network.BytesPerPixel * 500L * 400 }))
        {
            Assert.True(interpolator.TileCount(720, 400) > 1);
            interpolator.Interpolate(first, second, 0.5, tiled);
        }

        for (int plane = 0; plane < 3; plane++)
        {
            for (int i = 0; i < whole.PlaneLength; i++)
            {
                Assert.InRange(Math.Abs(whole.SamplePlane(plane)[i] - tiled.SamplePlane(plane)[i]), 0, 1);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_frame_that_the_memory_holds_is_worked_whole(int inputScale)
    {
        using TorchNetwork network = (NetworkConfiguration.Guided with { InputScale = inputScale }).CreateNetwork();
        using var interpolator = TorchExecutor.Create(network, Exact with { MemoryLimit = 8L << 30 });
        Assert.Equal(1, interpolator.TileCount(1920, 1080));
        Assert.InRange(interpolator.TileCount(7680, 4320), 2, 1000);
    }

    [Fact]
    public void Samples_in_another_affine_scale_come_out_in_that_scale()
    {
        using TorchNetwork network = Network();
        using var interpolator = TorchExecutor.Create(network, Exact);
        using PlanarFrame first = MovingPattern.Frame(96, 64, 0), second = MovingPattern.Frame(96, 64, 2), plain = new(96, 64, 3), scaled = new(96, 64, 3);
        interpolator.Interpolate(first, second, 0.5, plain);
        foreach (PlanarFrame frame in (PlanarFrame[])[first, second])
        {
            for (int plane = 0; plane < 3; plane++)
            {
                foreach (ref float value in frame.SamplePlane(plane))
                {
                    value = (value * 219 / 255) + 16;
                }
            }
        }

        interpolator.Interpolate(first, second, 0.5, scaled);
        for (int i = 0; i < plain.PlaneLength; i++)
        {
            Assert.Equal((plain.SamplePlane(1)[i] * 219 / 255) + 16, scaled.SamplePlane(1)[i], 0.01f);
        }
    }

    [Fact]
    public void A_memory_limit_that_nothing_fits_is_refused()
    {
        using TorchNetwork network = Network();
        using PlanarFrame first = MovingPattern.Frame(64, 64, 0), second = MovingPattern.Frame(64, 64, 1), between = new(64, 64, 3);
        string message = Assert.IsType<ModelException>(Record.Exception(() => Interpolate(1))).Message;
        Assert.Contains("memory limit of 1 MiB", message, StringComparison.Ordinal);

        // What the message calls enough is enough, or what it says then: libtorch's process grows while other tests run in it.
        Exception? refused = null;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            long enough = long.Parse(message.Split("allow ")[1].Split(' ')[0]);
            refused = Record.Exception(() => Interpolate(enough));
            if (refused is null)
            {
                return;
            }

            message = Assert.IsType<ModelException>(refused).Message;
        }

        Assert.Null(refused);

        void Interpolate(long mebibytes)
        {
            using var interpolator = TorchExecutor.Create(network, Exact with { MemoryLimit = mebibytes << 20 });
            interpolator.Interpolate(first, second, 0.5, between);
        }
    }

    [Fact]
    public void Frames_that_do_not_go_together_are_refused()
    {
        using TorchNetwork network = Network();
        using var interpolator = TorchExecutor.Create(network, Exact);
        using PlanarFrame first = MovingPattern.Frame(64, 64, 0), second = MovingPattern.Frame(64, 32, 0), between = new(64, 64, 3);
        Assert.Throws<ArgumentException>(() => interpolator.Interpolate(first, second, 0.5, between));
    }

    private static TorchNetwork Network(NetworkKind kind = NetworkKind.Guided)
    {
        manual_seed(7);
        return (kind == NetworkKind.Paper ? NetworkConfiguration.Paper with { KernelSize = 5 } : NetworkConfiguration.Guided).CreateNetwork();
    }
}
