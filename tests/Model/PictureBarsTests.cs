using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

/// <summary>Bars around a picture are found, and the picture alone is predicted.</summary>
public sealed class PictureBarsTests
{
    [Theory]
    [InlineData(97, 61, 0, 0, 0, 0)]
    [InlineData(97, 61, 0, 9, 0, 7)]
    [InlineData(97, 61, 31, 0, 17, 0)]
    [InlineData(97, 61, 1, 2, 3, 4)]
    [InlineData(97, 61, 96, 60, 0, 0)]
    [InlineData(1, 7, 0, 3, 0, 3)]
    public void Rows_and_columns_of_one_colour_are_counted_and_whatever_differs_ends_them(int width, int height, int left, int top, int right, int bottom)
    {
        foreach (bool areRgb in (bool[])[false, true])
        {
            using PlanarFrame frame = Barred(width, height, left, top, right, bottom, 0, areRgb);
            PictureBars bars = new(left, top, right, bottom);
            Assert.Equal(bars, PictureBars.Of(frame));
            using PlanarFrame unread = frame.CreateAlike();
            unread.Show(new RowsOfPlanes(frame));
            Assert.Equal(bars, PictureBars.Of(unread));
            Assert.NotNull(unread.Unread);

            // The last sample of the last row of the upper bar, in any plane.
            for (int plane = 0; plane < 3 && top > 0; plane++)
            {
                int place = (top * width) - 1;
                float before = frame.SamplePlane(plane)[place];
                frame.SamplePlane(plane)[place] += 1f / 64;
                Assert.Equal(bars with { Top = top - 1, Right = 0 }, PictureBars.Of(frame));
                frame.SamplePlane(plane)[place] = before;
            }
        }
    }

    [Fact]
    public void A_frame_of_one_colour_has_none_and_bars_of_different_colours_or_of_little_size_are_predicted_too()
    {
        using PlanarFrame black = Barred(96, 64, 96, 0, 0, 0, 0), one = Barred(96, 64, 0, 24, 0, 24, 0), other = Barred(96, 64, 0, 24, 0, 24, 1);
        Assert.Equal(default, PictureBars.Of(black));
        PictureBars bars = PictureBars.Of(one);
        Assert.Equal(new Tile(0, 16, 96, 32, 0, 16, 96, 48), bars.Inside(one, other, bars, 16));
        Assert.Null(bars.Inside(one, black, PictureBars.Of(black), 16));
        Assert.Null(new PictureBars(0, 23, 0, 23).Inside(one, other, bars, 16)); // less than the network is to see of them
        Assert.Null(bars.Inside(one, other, bars, 32));
        for (int plane = 0; plane < 3; plane++)
        {
            other.SamplePlane(plane)[..(96 * 24)].Fill(0.25f);
            other.SamplePlane(plane)[(96 * 40)..].Fill(0.25f);
        }

        Assert.Equal(bars, PictureBars.Of(other));
        Assert.Null(bars.Inside(one, other, bars, 16));
    }

    [Theory]
    [InlineData(200, 120, 0, 41, 0, 40, false, 1)]
    [InlineData(203, 97, 60, 0, 59, 0, true, 1)]
    [InlineData(203, 131, 39, 40, 41, 42, false, 1)]
    [InlineData(200, 120, 0, 41, 0, 40, false, 2)]
    public void The_network_looks_at_the_picture_alone_and_frames_are_those_of_one_that_looks_at_all(
        int width, int height, int left, int top, int right, int bottom, bool areRgb, int ensemble)
    {
        NetworkWeights weights = RandomNetwork.Of(EngineNetworkTests.Small, size: 0.05);
        InterpolatorOptions options = new() { Motion = MotionPath.Curved, Ensemble = ensemble };
        using PlanarFrame before = Barred(width, height, left, top, right, bottom, 0, areRgb);
        using PlanarFrame first = Barred(width, height, left, top, right, bottom, 2, areRgb);
        using PlanarFrame second = Barred(width, height, left, top, right, bottom, 5, areRgb), whole = first.CreateAlike(), parts = first.CreateAlike();
        using PlanarFrame unread = first.CreateAlike();
        WatchedNetwork all = new(new EngineNetwork(weights, options), takesAnySize: false), some = new(new EngineNetwork(weights, options), takesAnySize: true);
        Predict(all, first, whole);
        Predict(some, first, parts);
        Assert.Equal((width, height), Multiples(all.MostLooked, width, height));
        Assert.True(some.MostLooked.Width * some.MostLooked.Height < 0.8 * width * height, $"looked at {some.MostLooked}");
        for (int plane = 0; plane < 3; plane++)
        {
            ReadOnlySpan<float> expected = whole.SamplePlane(plane), actual = parts.SamplePlane(plane), original = first.SamplePlane(plane);
            double sum = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                (int y, int x) = Math.DivRem(i, width);
                sum += Math.Abs(expected[i] - actual[i]);
                if (y < top - 20 || y >= height - bottom + 20 || x < left - 30 || x >= width - right + 30)
                {
                    Assert.Equal(original[i], actual[i]);
                }
            }

            Assert.InRange(sum / expected.Length, 0, 0.02 * (areRgb ? 1.0 / 255 : 1));
        }

        unread.Show(new RowsOfPlanes(first));
        using PlanarFrame again = first.CreateAlike();
        Predict(new(new EngineNetwork(weights, options), takesAnySize: true), unread, again);
        Assert.Equal(0, MovingPattern.Difference(parts, again));

        void Predict(WatchedNetwork network, PlanarFrame from, PlanarFrame between)
        {
            using TiledInterpolator tiles = new(network, options);
            IFrameInterpolator interpolator = tiles.ForAnyTime();
            interpolator.Look(before, from);
            interpolator.Look(from, second);
            for (int plane = 0; plane < 3; plane++)
            {
                between.SamplePlane(plane).Fill(float.NaN);
            }

            interpolator.Interpolate(from, second, 0.5, between);
        }
    }

    private static (int, int) Multiples((int Width, int Height) looked, int width, int height) =>
        (looked.Width - width is >= 0 and < 16 ? width : looked.Width, looked.Height - height is >= 0 and < 16 ? height : looked.Height);

    private static PlanarFrame Barred(int width, int height, int left, int top, int right, int bottom, int shift, bool areRgb = false)
    {
        PlanarFrame frame = MovingPattern.Frame(width, height, shift, areRgb: areRgb);
        for (int plane = 0; plane < 3; plane++)
        {
            float black = areRgb ? 0.0625f : plane == 0 ? 16 : 128;
            for (int i = 0; i < width * height; i++)
            {
                (int y, int x) = Math.DivRem(i, width);
                if (y < top || y >= height - bottom || x < left || x >= width - right)
                {
                    frame.SamplePlane(plane)[i] = black;
                    frame.RgbPlane(plane)[i] = areRgb ? black : 0;
                }
            }
        }

        frame.NumberPicture();
        return frame;
    }

    // Passes all on, and remembers the largest tile.
    private sealed class WatchedNetwork(EngineNetwork network, bool takesAnySize) : ITileNetwork
    {
        private readonly List<TilePrediction> _predictions = [];

        public (int Width, int Height) MostLooked => _predictions.Max(prediction => (prediction.Shape.Width, prediction.Shape.Height));

        public bool TakesAnySize => takesAnySize;

        public int SizeMultiple => network.SizeMultiple;

        public int Context => network.Context;

        public int KernelSize => network.KernelSize;

        public bool KnowsTime => network.KnowsTime;

        public int BytesPerPixel => network.BytesPerPixel;

        public int MotionCell => network.MotionCell;

        public int KeptBytesPerPixel => network.KeptBytesPerPixel;

        public TilePrediction CreatePrediction()
        {
            _predictions.Add(network.CreatePrediction());
            return _predictions[^1];
        }

        public void Dispose() => network.Dispose();
    }
}
