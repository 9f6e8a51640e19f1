using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

/// <summary>Frames whose pictures are read a tile at a time.</summary>
public sealed class UnreadFramesTests
{
    // Moving, and levelled as a fade; colours that are the samples, and others. The frame's sides are no multiples of the network's.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Tiles_of_unread_frames_have_the_bits_of_read_ones_and_planes_are_not_taken(bool areRgb, bool isFade)
    {
        NetworkWeights weights = RandomNetwork.Of(EngineNetworkTests.Small, size: 0.2);
        InterpolatorOptions options = new() { Motion = MotionPath.Curved };
        using PlanarFrame first = MovingPattern.Frame(725, 403, 0, areRgb: areRgb);
        using PlanarFrame second = MovingPattern.Frame(725, 403, isFade ? 0 : 3, areRgb: areRgb);
        if (isFade)
        {
            Darken(second);
        }

        using EngineNetwork network = new(weights, options);
        long held = 1L << 20;
        options = options with { MemoryLimit = network.ProcessBytes + held + (network.BytesPerPixel * 500L * 403) };
        using PlanarFrame expected = Predict(first, second);
        using PlanarFrame one = first.CreateAlike(), other = first.CreateAlike();
        one.Show(new RowsOfPlanes(first));
        other.Show(new RowsOfPlanes(second));
        using PlanarFrame actual = Predict(one, other);
        Assert.NotNull(one.Unread);
        Assert.NotNull(other.Unread);
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.Equal(expected.SamplePlane(plane), actual.SamplePlane(plane));
            Assert.Equal(first.RgbPlane(plane), one.RgbPlane(plane));
            Assert.Equal(second.SamplePlane(plane), other.SamplePlane(plane));
        }

        Assert.Null(one.Unread); // whoever asks for planes has them read

        PlanarFrame Predict(PlanarFrame from, PlanarFrame to)
        {
            using TiledInterpolator tiles = EngineExecutor.Create(weights, options);
            IFrameInterpolator interpolator = tiles.ForAnyTime();
            interpolator.LeaveRoom(held);
            Assert.InRange(tiles.TileCount(725, 403, 3), 2, 20);
            PlanarFrame between = from.CreateAlike();
            interpolator.Look(from, to);
            interpolator.Interpolate(from, to, 0.5, between);
            return between;
        }
    }

    [Fact]
    public void What_predicting_takes_is_told_under_a_limit_only_and_less_for_smaller_tiles_and_fewer_samples()
    {
        NetworkWeights weights = RandomNetwork.Of(EngineNetworkTests.Small);
        using TiledInterpolator free = EngineExecutor.Create(weights, new());
        using TiledInterpolator limited = EngineExecutor.Create(weights, new() { MemoryLimit = 1L << 30 });
        Assert.Null(free.ForAnyTime().MemoryFor(1920, 1080, 3));
        PredictionMemory memory = limited.ForAnyTime().MemoryFor(1920, 1080, 3)!, alpha = limited.MemoryFor(1920, 1080, 4)!;
        Assert.Equal(1L << 30, memory.Limit);
        Assert.True(memory.Least < memory.Few && memory.Few < memory.Whole && memory.Whole < alpha.Whole, memory.ToString());
        limited.LeaveRoom((1L << 30) - memory.Process - memory.Whole);
        Assert.Equal(1, limited.TileCount(1920, 1080, 3));
        limited.LeaveRoom((1L << 30) - memory.Process - memory.Few);
        Assert.InRange(limited.TileCount(1920, 1080, 3), 2, 4);
        limited.LeaveRoom((1L << 30) - memory.Process - memory.Least);
        Assert.InRange(limited.TileCount(1920, 1080, 3), 5, 10_000);
        limited.LeaveRoom((1L << 30) - memory.Process - memory.Least + (1L << 20));
        Assert.Throws<ModelException>(() => limited.TileCount(1920, 1080, 3));
    }

    private static void Darken(PlanarFrame frame)
    {
        for (int plane = 0; plane < 3; plane++)
        {
            Span<float> samples = frame.SamplePlane(plane), colours = frame.RgbPlane(plane);
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] *= 0.6f;
                colours[i] = frame.SamplesAreRgb ? samples[i] : colours[i] * 0.6f;
            }
        }
    }
}
