using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed class KeptMotionTests
{
    // The motion that was found beforehand is used again; found anew, or in tiles, it gives the same frames.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Along_curves_kept_motion_gives_the_bits_of_motion_found_anew_and_tiles_agree(int scale)
    {
        NetworkWeights weights = RandomNetwork.Of(EngineNetworkTests.Small with { InputScale = scale, Sampling = WarpSampling.Cubic }, size: 0.2);
        InterpolatorOptions curved = new() { Motion = MotionPath.Curved };
        PlanarFrame[] frames = [.. Enumerable.Range(0, 4).Select(i => MovingPattern.Frame(720, 400, i * i, areRgb: true))];
        Array.ForEach(frames, frame => frame.NumberPicture());
        using EngineNetwork network = new(weights, curved);
        Assert.True(network.KeptBytesPerPixel > 0);
        long outside = network.ProcessBytes + (100L * 720 * 400), pixels = 720 * 400;
        using PlanarFrame straight = Predict(new()), kept = Predict(curved);
        using PlanarFrame anew = Predict(curved with { MemoryLimit = outside + (network.BytesPerPixel * pixels) });
        using PlanarFrame tiled = Predict(curved with { MemoryLimit = outside + (network.BytesPerPixel * (scale == 1 ? 500L : 720) * 400) }); // 2: no smaller
        Array.ForEach(frames, frame => frame.Dispose());
        float moved = 0;
        for (int plane = 0; plane < 3; plane++)
        {
            Assert.Equal(anew.SamplePlane(plane), kept.SamplePlane(plane));
            for (int i = 0; i < kept.PlaneLength; i++)
            {
                Assert.InRange(Math.Abs(kept.SamplePlane(plane)[i] - tiled.SamplePlane(plane)[i]), 0, 1f / 255);
                moved = Math.Max(moved, Math.Abs(kept.SamplePlane(plane)[i] - straight.SamplePlane(plane)[i]));
            }
        }

        Assert.True(moved > 1e-5, $"the curve changes nothing by more than {moved}"); // random weights find little motion

        PlanarFrame Predict(InterpolatorOptions options)
        {
            using TiledInterpolator tiles = EngineExecutor.Create(weights, options);
            IFrameInterpolator interpolator = tiles.ForAnyTime();
            PlanarFrame between = frames[0].CreateAlike();
            for (int pair = 0; pair < 3; pair++)
            {
                interpolator.Look(frames[pair], frames[pair + 1]);
            }

            interpolator.Interpolate(frames[1], frames[2], 0.5, between);
            return between;
        }
    }
}
