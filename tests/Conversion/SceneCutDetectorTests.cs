using AdaConv.Pictures.Scenes;
using Xunit;

namespace AdaConv.Conversion.Tests;

public class SceneCutDetectorTests
{
    [Fact]
    public void A_splice_of_unrelated_pictures_is_the_only_cut()
    {
        LumaThumbnail[] clip = [.. Pan(seed: 1, frames: 6, step: 1), .. Pan(seed: 2, frames: 6, step: 1)];
        Assert.Equal([6], Cuts(clip));
    }

    [Fact]
    public void Cuts_in_quick_succession_are_all_found()
    {
        LumaThumbnail[] clip = [.. Pan(1, 3, 0.5), .. Pan(2, 3, 0.5), .. Pan(3, 3, 0.5), .. Pan(4, 3, 0.5)];
        Assert.Equal([3, 6, 9], Cuts(clip));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_pan_is_no_cut(double step) => Assert.Empty(Cuts(Pan(seed: 3, frames: 20, step)));

    [Fact]
    public void A_flash_is_no_cut()
    {
        LumaThumbnail[] clip = Pan(seed: 4, frames: 12, step: 0.3);
        foreach (ref float cell in clip[5].Cells)
        {
            cell = Math.Min(1, (cell * 0.3f) + 0.7f);
        }

        Assert.Empty(Cuts(clip));
    }

    [Fact]
    public void A_white_frame_is_no_cut()
    {
        LumaThumbnail[] clip = Pan(seed: 5, frames: 12, step: 0.3);
        clip[6].Cells.Fill(1);
        Assert.Empty(Cuts(clip));
    }

    [Fact]
    public void A_fade_to_black_is_no_cut()
    {
        LumaThumbnail[] clip = Pan(seed: 6, frames: 25, step: 0);
        for (int i = 0; i < clip.Length; i++)
        {
            Scale(clip[i], 1 - (i / 24f));
        }

        Assert.Empty(Cuts(clip));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(3)]
    [InlineData(2)]
    public void Steps_of_a_fade_are_no_cuts_however_bright_and_fast_it_is(int steps)
    {
        foreach (float brightest in (float[])[1, 1.6f])
        {
            LumaThumbnail[] clip = Pan(seed: 6, frames: 6 + steps, step: 0.3);
            for (int i = 0; i < clip.Length; i++)
            {
                foreach (ref float cell in clip[i].Cells)
                {
                    cell = Math.Min(cell * brightest, 1) * (1 - (Math.Clamp(i - 2, 0, steps) / (float)steps));
                }
            }

            Assert.Empty(Cuts(clip));
            Array.Reverse(clip);
            Assert.Empty(Cuts(clip));
        }
    }

    [Fact]
    public void Cuts_to_black_and_to_another_picture_at_half_the_light_are_found()
    {
        LumaThumbnail[] dim = Pan(seed: 10, frames: 6, step: 0.3), black = Pan(seed: 11, frames: 6, step: 0.3);
        foreach (LumaThumbnail frame in dim)
        {
            Scale(frame, 0.5f);
        }

        foreach (LumaThumbnail frame in black)
        {
            Scale(frame, 0.02f);
        }

        Assert.Equal([6, 12], Cuts([.. Pan(seed: 9, frames: 6, step: 0.3), .. dim, .. black]));
    }

    [Fact]
    public void Noise_on_a_flat_picture_is_no_cut()
    {
        Random random = new(7);
        LumaThumbnail[] clip = [.. Enumerable.Range(0, 10).Select(_ => Thumbnail((_, _) => 0.1 + (random.NextDouble() * 0.02)))];
        Assert.Empty(Cuts(clip));
    }

    [Fact]
    public void A_threshold_of_one_finds_nothing()
    {
        LumaThumbnail[] clip = [.. Pan(1, 3, 0), .. Pan(2, 3, 0)];
        Assert.Empty(Cuts(clip, threshold: 1));
    }

    [Fact]
    public void Equal_pictures_have_no_distance() =>
        Assert.Equal(0, SceneCutDetector.Distance(Pan(8, 1, 0)[0], Pan(8, 1, 0)[0]));

    private static void Scale(LumaThumbnail picture, float factor)
    {
        foreach (ref float cell in picture.Cells)
        {
            cell *= factor;
        }
    }

    private static int[] Cuts(LumaThumbnail[] clip, double threshold = SceneCutDetector.DefaultThreshold)
    {
        SceneCutDetector detector = new(threshold);
        return [.. Enumerable.Range(1, clip.Length - 1).Where(i => detector.IsCut(clip, i))];
    }

    // A smooth random picture (a sum of waves), seen through a window that moves by so many cells a frame.
    private static LumaThumbnail[] Pan(int seed, int frames, double step)
    {
        Random random = new(seed);
        (double X, double Y, double Phase)[] waves =
            [.. Enumerable.Range(0, 12).Select(_ => ((random.NextDouble() - 0.5) * 2.4, (random.NextDouble() - 0.5) * 2.4, random.NextDouble() * 6.3))];
        return
        [
            .. Enumerable.Range(0, frames).Select(frame => Thumbnail((x, y) =>
                Math.Clamp(0.5 + waves.Sum(wave => 0.09 * Math.Sin((wave.X * (x + (frame * step))) + (wave.Y * y) + wave.Phase)), 0, 1))),
        ];
    }

    private static LumaThumbnail Thumbnail(Func<int, int, double> picture)
    {
        LumaThumbnail thumbnail = new();
        for (int y = 0; y < LumaThumbnail.Height; y++)
        {
            for (int x = 0; x < LumaThumbnail.Width; x++)
            {
                thumbnail.Cells[(y * LumaThumbnail.Width) + x] = (float)picture(x, y);
            }
        }

        return thumbnail;
    }
}
