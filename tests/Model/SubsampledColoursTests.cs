using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

/// <summary>Planes that hold one value for each block of samples, beside planes that hold one for each sample.</summary>
public sealed class SubsampledColoursTests
{
    private static readonly ParallelOptions OneThread = new() { MaxDegreeOfParallelism = 1 };

    [Theory]
    [InlineData(97, 131, true, 2, 0, 2, 0)]
    [InlineData(98, 131, true, 2, 1, 2, 0)]
    [InlineData(131, 98, false, 2, 1, 2, 1)]
    [InlineData(200, 65, false, 2, 0, 1, 0)]  // as in 4:2:2
    [InlineData(163, 70, false, 4, 3, 1, 0)]  // as in 4:1:1
    [InlineData(163, 150, true, 4, 2, 4, 1)]
    [InlineData(98, 128, true, 2, 1, 2, 1)]   // the last band is full, and begins a row early
    [InlineData(98, 64, false, 4, 1, 4, 1)]
    [InlineData(70, 163, true, 1, 0, 2, 1)]
    public void Blocks_are_found_and_hold_the_mean_of_what_was_predicted(int width, int height, bool areRgb, int blockWidth, int left, int blockHeight, int top)
    {
        Random random = new(width * height);
        SampleBlocks blocks = new(blockWidth, left, blockHeight, top);
        using PlanarFrame first = Frame(random, width, height, areRgb, blocks), second = Frame(random, width, height, areRgb, blocks);
        using PlanarFrame predicted = Frame(random, width, height, areRgb, default);
        foreach (PlanarFrame frame in (PlanarFrame[])[first, second])
        {
            // A sign of its own detail, which the blocks under it do not have.
            for (int y = 20; y < 24; y++)
            {
                for (int x = 30; x < 42; x++)
                {
                    frame.SamplePlane(2)[(y * width) + x] = (x + y) % 3 == 0 ? 0 : Range(areRgb);
                }
            }
        }

        foreach (bool unread in (bool[])[false, true])
        {
            using PlanarFrame one = unread ? Unread(first) : Copy(first), other = unread ? Unread(second) : Copy(second);
            foreach (int threads in (int[])[1, 3])
            {
                SubsampledColours colours = new(new() { MaxDegreeOfParallelism = threads });
                PlaneBlocks found = Assert.NotNull(colours.Of(one, other));
                Assert.Equal(new SampleBlocks(1, 0, 1, 0), found[0]);
                Assert.Equal(blocks, found[1]);
                Assert.Equal(blocks, found[2]);
                using PlanarFrame between = Copy(predicted);
                colours.Keep(found, one, other, between);
                Assert.Equal(predicted.SamplePlane(0), between.SamplePlane(0));
                for (int plane = 1; plane < 3; plane++)
                {
                    CheckPlane(plane, between);
                }
            }
        }

        void CheckPlane(int plane, PlanarFrame between)
        {
            int kept = 0;
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    // The block about the sample, as far as it lies in the picture.
                    int startX = x - ((x + blockWidth - left) % blockWidth), startY = y - ((y + blockHeight - top) % blockHeight);
                    double sum = 0;
                    int count = 0;
                    float spread = 0;
                    for (int row = Math.Max(0, startY); row < Math.Min(height, startY + blockHeight); row++)
                    {
                        for (int column = Math.Max(0, startX); column < Math.Min(width, startX + blockWidth); column++)
                        {
                            int at = (row * width) + column;
                            sum += predicted.SamplePlane(plane)[at];
                            count++;
                            foreach (PlanarFrame frame in (PlanarFrame[])[first, second])
                            {
                                spread = Math.Max(spread, Math.Abs(frame.SamplePlane(plane)[at] - frame.SamplePlane(plane)[(y * width) + x]));
                            }
                        }
                    }

                    int place = (y * width) + x;
                    bool isSign = spread > 0.02 * Range(areRgb);
                    kept += isSign ? 1 : 0;
                    double expected = isSign ? predicted.SamplePlane(plane)[place] : sum / count;
                    Assert.Equal(expected, between.SamplePlane(plane)[place], 1e-6 * Range(areRgb));
                }
            }

            Assert.Equal(plane == 2, kept > 0);
        }
    }

    [Fact]
    public void Whole_pictures_of_blocks_flat_colours_few_shapes_and_detail_have_no_blocks()
    {
        Random random = new(5);
        SampleBlocks pairs = new(2, 0, 2, 0);
        SubsampledColours colours = new(OneThread);
        Check("detail in all planes", Frame(random, 96, 80, true, default), Frame(random, 96, 80, true, default));
        Check("all planes enlarged", Frame(random, 96, 80, true, pairs, luminanceToo: true), Frame(random, 96, 80, true, pairs, luminanceToo: true));
        Check("an enlarged picture with some detail in one plane", Dithered(), Dithered());
        Check("blocks elsewhere", Frame(random, 96, 80, true, pairs), Frame(random, 96, 80, true, pairs with { Left = 1 }));
        Check("one frame of blocks", Frame(random, 96, 80, true, pairs), Frame(random, 96, 80, true, default));
        Check("squares on plain ground", Shapes(0), Shapes(2));
        Check("enlarged grey", Grey(pairs), Grey(pairs));
        Check("an enlarged picture with an alpha of its own detail", WithAlpha(), WithAlpha());
        Check("subsampled anyway", Frame(random, 96, 80, false, pairs, isSubsampled: true), Frame(random, 96, 80, false, pairs, isSubsampled: true));
        Check("one pixel", Frame(random, 1, 1, true, default), Frame(random, 1, 1, true, default));
        Check("one row", Frame(random, 999, 1, true, pairs), Frame(random, 999, 1, true, pairs));

        void Check(string what, PlanarFrame first, PlanarFrame second)
        {
            Assert.True(colours.Of(first, second) is null, what);
            first.Dispose();
            second.Dispose();
        }

        // Detail in one plane; in the others a square on plain ground, whose sides lie at even columns.
        PlanarFrame Shapes(int x)
        {
            PlanarFrame frame = Frame(random, 96, 80, true, default);
            for (int plane = 1; plane < 3; plane++)
            {
                frame.SamplePlane(plane).Fill(0.5f);
                for (int y = 20; y < 40; y++)
                {
                    frame.SamplePlane(plane).Slice((y * 96) + 40 + x, 16).Fill(0.9f);
                }
            }

            return frame;
        }

        PlanarFrame WithAlpha()
        {
            using PlanarFrame colour = Frame(random, 96, 80, true, pairs, luminanceToo: true), alpha = Frame(random, 96, 80, true, default);
            PlanarFrame frame = new(96, 80, 4, samplesAreRgb: true, 8);
            for (int plane = 0; plane < 4; plane++)
            {
                (plane < 3 ? colour : alpha).SamplePlane(plane % 3).CopyTo(frame.SamplePlane(plane));
            }

            frame.NumberPicture();
            return frame;
        }

        PlanarFrame Dithered()
        {
            PlanarFrame frame = Frame(random, 96, 80, true, pairs, luminanceToo: true);
            for (int i = 0; i < 96 * 80; i++)
            {
                frame.SamplePlane(0)[i] += i % 2 * 0.02f;
            }

            return frame;
        }

        PlanarFrame Grey(SampleBlocks blocks)
        {
            PlanarFrame frame = Frame(random, 96, 80, false, blocks, luminanceToo: true);
            frame.SamplePlane(1).Fill(128);
            frame.SamplePlane(2).Fill(128);
            return frame;
        }
    }

    [Fact]
    public void Blocks_of_noise_that_coding_leaves_are_blocks_still()
    {
        Random random = new(9);
        SampleBlocks pairs = new(2, 0, 2, 1);
        using PlanarFrame first = Frame(random, 96, 80, false, pairs), second = Frame(random, 96, 80, false, pairs);
        foreach (PlanarFrame frame in (PlanarFrame[])[first, second])
        {
            for (int i = 0; i < frame.PlaneLength; i += 5)
            {
                frame.SamplePlane(1)[i] += 2;
                frame.SamplePlane(2)[i] -= 1;
            }
        }

        Assert.Equal(pairs, Assert.NotNull(new SubsampledColours(OneThread).Of(first, second))[1]);
    }

    [Fact]
    public void Frames_between_have_the_blocks_whatever_time_is_asked_for_and_still_parts_stay_as_they_are()
    {
        Random random = new(3);
        SampleBlocks pairs = new(2, 1, 2, 0);
        using PlanarFrame first = Frame(random, 96, 64, true, pairs), second = first.CreateAlike();
        for (int i = 0; i < 96 * 10; i += 5)
        {
            first.SamplePlane(1)[i] += 1f / 255; // noise of coding, which stands still, too
        }

        for (int plane = 0; plane < 3; plane++)
        {
            first.SamplePlane(plane).CopyTo(second.SamplePlane(plane));
        }

        // The lower half moves by a block.
        for (int plane = 0; plane < 3; plane++)
        {
            for (int y = 32; y < 64; y++)
            {
                Span<float> row = second.SamplePlane(plane).Slice(y * 96, 96);
                row[1..^2].ToArray().CopyTo(row[3..]);
            }
        }

        second.NumberPicture();
        using TiledInterpolator tiles = EngineExecutor.Create(RandomNetwork.Of(EngineNetworkTests.Small, size: 0.01), new());
        IFrameInterpolator interpolator = tiles.ForAnyTime();
        using PlanarFrame between = first.CreateAlike();
        foreach (double time in (double[])[0.5, 0.25, 0.375])
        {
            interpolator.Look(first, second);
            interpolator.Interpolate(first, second, time, between);
            for (int plane = 1; plane < 3; plane++)
            {
                ReadOnlySpan<float> samples = between.SamplePlane(plane);
                Assert.Equal(first.SamplePlane(plane)[..(96 * 10)], samples[..(96 * 10)]);
                for (int i = 96 * 10; i < samples.Length; i++)
                {
                    (int y, int x) = Math.DivRem(i, 96);
                    Assert.Equal(samples[(y / 2 * 2 * 96) + (x == 0 ? 0 : ((x - 1) / 2 * 2) + 1)], samples[i]);
                }
            }
        }
    }

    private static float Range(bool areRgb) => areRgb ? 1 : 255;

    // Noise; in the second and third plane of blocks.
    private static PlanarFrame Frame(
        Random random, int width, int height, bool areRgb, SampleBlocks blocks, bool luminanceToo = false, bool isSubsampled = false)
    {
        PlanarFrame frame = new(width, height, 3, areRgb, 8) { IsSubsampled = isSubsampled };
        for (int plane = 0; plane < 3; plane++)
        {
            Span<float> samples = frame.SamplePlane(plane);
            for (int i = 0; i < samples.Length; i++)
            {
                (int y, int x) = Math.DivRem(i, width);
                bool isStart = blocks == default || (plane == 0 && !luminanceToo)
                    || ((x == 0 || x % blocks.Width == blocks.Left) && (y == 0 || y % blocks.Height == blocks.Top));
                int column = blocks == default ? x : Math.Max(0, x - ((x + blocks.Width - blocks.Left) % blocks.Width));
                int row = blocks == default ? y : Math.Max(0, y - ((y + blocks.Height - blocks.Top) % blocks.Height));
                samples[i] = isStart ? random.Next(256) / (areRgb ? 255f : 1) : samples[(row * width) + column];
            }
        }

        if (!areRgb)
        {
            for (int plane = 0; plane < 3; plane++)
            {
                frame.RgbPlane(plane).Fill(0.5f);
            }
        }

        frame.NumberPicture();
        return frame;
    }

    private static PlanarFrame Copy(PlanarFrame frame)
    {
        PlanarFrame copy = frame.CreateAlike();
        for (int plane = 0; plane < frame.SampleCount; plane++)
        {
            frame.SamplePlane(plane).CopyTo(copy.SamplePlane(plane));
        }

        copy.NumberPicture();
        return copy;
    }

    private static PlanarFrame Unread(PlanarFrame frame)
    {
        PlanarFrame shown = frame.CreateAlike();
        shown.Show(new RowsOfPlanes(frame));
        return shown;
    }
}
