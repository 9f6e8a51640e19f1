using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed class SearchingNetworkTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(200, false)]
    public void A_search_changes_frames_where_something_large_has_moved_far_and_no_bit_of_others(int contrast, bool areSame)
    {
        NetworkWeights plain = RandomNetwork.Of(EngineNetworkTests.Small), searching = new(
            InterpolationNetwork.Of(EngineNetworkTests.Small with { SearchRadius = 4 }), plain.Tensors, plain.Metadata);
        using TiledInterpolator with = EngineExecutor.Create(searching, new()), without = EngineExecutor.Create(plain, new());
        using PlanarFrame first = Blocks(0, contrast), second = Blocks(16, contrast), found = first.CreateAlike(), known = first.CreateAlike();
        with.Interpolate(first, second, 0.5, found);
        without.Interpolate(first, second, 0.5, known);
        Assert.Equal(areSame, Enumerable.Range(0, 3).All(plane => found.SamplePlane(plane).SequenceEqual(known.SamplePlane(plane))));
    }

    [Fact]
    public void A_small_thing_that_has_moved_further_than_a_third_of_its_width_is_found_at_a_finer_level()
    {
        NetworkWeights plain = RandomNetwork.Of(EngineNetworkTests.Small), searching = new(
            InterpolationNetwork.Of(EngineNetworkTests.Small with { SearchRadius = 4 }), plain.Tensors, plain.Metadata);
        using TiledInterpolator with = EngineExecutor.Create(searching, new()), without = EngineExecutor.Create(plain, new());
        using PlanarFrame first = Square(44), second = Square(56), truth = Square(50), found = first.CreateAlike(), known = first.CreateAlike();
        with.Interpolate(first, second, 0.5, found);
        without.Interpolate(first, second, 0.5, known);
        Assert.InRange(Error(found), 0, 0.7 * Error(known));

        // The mean difference from the truth where the square is.
        double Error(PlanarFrame frame) => Enumerable.Range(0, 3).Average(plane => Enumerable.Range(0, 36 * 36).Average(i =>
        {
            int place = (40 + i / 36) * frame.Width + 50 + i % 36;
            return Math.Abs(frame.RgbPlane(plane)[place] - truth.RgbPlane(plane)[place]);
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_small_thing_as_light_as_its_ground_that_moves_by_more_than_half_its_width_is_found_at_the_whole_size(int inputScale)
    {
        NetworkConfiguration fitting = EngineNetworkTests.Small with { InputScale = inputScale, FitsFlows = true };
        NetworkWeights plain = RandomNetwork.Of(fitting);
        NetworkWeights searching = new(InterpolationNetwork.Of(fitting with { SearchRadius = 8 }), plain.Tensors, plain.Metadata);
        using TiledInterpolator with = EngineExecutor.Create(searching, new()),
            without = EngineExecutor.Create(new(InterpolationNetwork.Of(fitting), plain.Tensors, plain.Metadata), new());
        using PlanarFrame first = Fine(60), second = Fine(74), truth = Fine(67), found = first.CreateAlike(), known = first.CreateAlike();
        with.Interpolate(first, second, 0.5, found);
        without.Interpolate(first, second, 0.5, known);
        Assert.InRange(Error(found), 0, 0.7 * Error(known)); // random kernels blur what is found

        // The mean difference from the truth inside the thing, in green.
        double Error(PlanarFrame frame) => Enumerable.Range(0, 16 * 16).Average(i =>
        {
            int place = (44 + i / 16) * frame.Width + 71 + i % 16;
            return Math.Abs(frame.RgbPlane(1)[place] - truth.RgbPlane(1)[place]);
        });

        // A square of 24 pixels on a plain ground, both of one brightness on average; its texture is gone at half the size.
        static PlanarFrame Fine(int left)
        {
            PlanarFrame frame = new(160, 128, 3, samplesAreRgb: true, depth: 8);
            Random random = new(5);
            bool[] isLight = [.. Enumerable.Range(0, 12 * 24).Select(_ => random.Next(2) == 0)]; // pairs of pixels, one light, one dark
            for (int plane = 0; plane < 3; plane++)
            {
                frame.RgbPlane(plane).Fill(0.5f);
                for (int i = 0; i < 24 * 24; i++)
                {
                    bool light = isLight[i / 24 * 12 + i % 24 / 2] ^ (i % 2 == 0);
                    frame.RgbPlane(plane)[(40 + i / 24) * frame.Width + left + i % 24] = light ? 0.8f : 0.2f;
                }
            }

            return frame;
        }
    }

    // A texture of blocks of 8 pixels that has moved left.
    private static PlanarFrame Blocks(int shift, int contrast)
    {
        PlanarFrame frame = new(160, 128, 3, samplesAreRgb: true, depth: 8);
        for (int plane = 0; plane < 3; plane++)
        {
            Random random = new(41 + plane);
            float[] blocks = [.. Enumerable.Range(0, 32 * 16).Select(_ => (20 + contrast * random.NextSingle()) / 255)];
            for (int i = 0; i < frame.PlaneLength; i++)
            {
                frame.RgbPlane(plane)[i] = blocks[i / frame.Width / 8 * 32 + (i % frame.Width + shift) / 8];
            }
        }

        return frame;
    }

    // A square of 36 pixels, itself a texture, on one that stays.
    private static PlanarFrame Square(int left)
    {
        PlanarFrame frame = Blocks(0, 60);
        for (int plane = 0; plane < 3; plane++)
        {
            Random random = new(71 + plane);
            float[] texture = [.. Enumerable.Range(0, 9 * 9).Select(_ => (90 + 150 * random.NextSingle()) / 255)];
            for (int i = 0; i < 36 * 36; i++)
            {
                frame.RgbPlane(plane)[(40 + i / 36) * frame.Width + left + i % 36] = texture[i / 36 / 4 * 9 + i % 36 / 4];
            }
        }

        return frame;
    }
}
