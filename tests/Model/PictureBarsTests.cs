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
            PictureBars bars = PictureBars.Of(frame);
            Assert.Equal((left, top, right, bottom), (bars.Left, bars.Top, bars.Right, bars.Bottom));
            Assert.Equal(frame.SamplePlane(1)[0], bars.Colour.Y);
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
        PictureBars bars = PictureBars.Of(one), none = PictureBars.Of(black);
        Assert.Equal(bars with { Left = 0, Top = 0, Right = 0, Bottom = 0 }, none);
        Assert.Equal(new Tile(0, 8, 96, 48, 0, 8, 96, 56), bars.Inside(PictureBars.Of(other), 96, 64, 8));
        Assert.Null(bars.Inside(none, 96, 64, 16));
        Assert.Null((bars with { Top = 23, Bottom = 16 }).Inside(bars, 96, 64, 16)); // hardly more than the network is to see of them
        Assert.Equal(new Tile(0, 0, 96, 56, 0, 0, 96, 56), bars.Inside(bars, 96, 64, 32));
        for (int plane = 0; plane < 3; plane++)
        {
            other.SamplePlane(plane)[..(96 * 24)].Fill(0.25f);
            other.SamplePlane(plane)[(96 * 40)..].Fill(0.25f);
        }

        Assert.Equal(bars with { Colour = new(0.25f, 0.25f, 0.25f, 0) }, PictureBars.Of(other));
        Assert.Null(bars.Inside(PictureBars.Of(other), 96, 64, 16));
    }

    [Fact]
    public void Letters_on_plain_ground_have_no_bars_around_them()
    {
        using PlanarFrame black = Barred(96, 64, 96, 0, 0, 0, 0);
        for (int i = 0; i < 40 * 24; i++)
        {
            (int y, int x) = Math.DivRem(i, 40);
            if (y % 12 < 8 && x % 8 is 2 or 3) // strokes
            {
                black.SamplePlane(0)[((20 + y) * 96) + 30 + x] += 0.5f;
            }
        }

        PictureBars bars = PictureBars.Of(black);
        Assert.Equal((0, 0, 0, 0), (bars.Left, bars.Top, bars.Right, bars.Bottom));
        Assert.Null(bars.Inside(bars, 96, 64, 8));
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

    // A picture that grows, or comes in: the part that is predicted is another one for each pair.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Parts_that_change_from_pair_to_pair_give_the_frames_of_whole_ones_and_motion_goes_on_around_them(int thirds)
    {
        NetworkWeights weights = RandomNetwork.Of(EngineNetworkTests.Small, size: 0.05);
        InterpolatorOptions options = new() { Motion = MotionPath.Curved };
        using TiledInterpolator whole = new(new WatchedNetwork(new EngineNetwork(weights, options), takesAnySize: false), options);
        using TiledInterpolator parts = new(new WatchedNetwork(new EngineNetwork(weights, options), takesAnySize: true), options);
        IFrameInterpolator one = whole.ForAnyTime(), other = parts.ForAnyTime();

        // More sizes than programs are kept of.
        PlanarFrame[] clip = [.. Enumerable.Range(0, 60).Select(i => Barred(160, 192, 0, 96 - i, 0, 16 + i, i, areRgb: true))];
        using PlanarFrame expected = clip[0].CreateAlike(), actual = clip[0].CreateAlike();
        for (int i = 0; i + 2 < clip.Length; i++)
        {
            foreach (IFrameInterpolator interpolator in (IFrameInterpolator[])[one, other])
            {
                interpolator.Look(clip[i], clip[i + 1]);
                interpolator.Look(clip[i + 1], clip[i + 2]);
                interpolator.Interpolate(clip[i], clip[i + 1], thirds / 3.0, interpolator == one ? expected : actual);
            }

            double sum = 0;
            for (int plane = 0; plane < 3; plane++)
            {
                sum += Enumerable.Range(0, 160 * 192).Sum(at => Math.Abs(expected.SamplePlane(plane)[at] - actual.SamplePlane(plane)[at]));
            }

            Assert.InRange(255 * sum / (3 * 160 * 192), 0, 0.05);
        }

        Array.ForEach(clip, frame => frame.Dispose());
    }

    [Fact]
    public void Cells_around_a_part_have_the_motion_at_its_rim()
    {
        MotionField flows = new();
        flows.Resize(4, 77, 61, 8);
        for (int plane = 0; plane < 4; plane++)
        {
            for (int i = 0; i < flows.Length; i++)
            {
                flows.Plane(plane)[i] = (100 * plane) + i;
            }
        }

        PictureBars.Extend(new(16, 24, 37, 20, 16, 24, 53, 44), flows); // columns 2 to 6 of 10, rows 3 to 5 of 8
        for (int plane = 0; plane < 4; plane++)
        {
            for (int i = 0; i < flows.Length; i++)
            {
                (int y, int x) = Math.DivRem(i, flows.Width);
                Assert.Equal((100 * plane) + (Math.Clamp(y, 3, 5) * flows.Width) + Math.Clamp(x, 2, 6), flows.Plane(plane)[i]);
            }
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
