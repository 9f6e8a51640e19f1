using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Pictures.Scenes;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>How well cuts are found on real clips; docs/numerics.md states the figures.</summary>
public class SceneCutAccuracyTests(ITestOutputHelper output)
{
    /// <remarks>Cuts as seen by eye: the first frames of new scenes. The film has explosions, muzzle flashes and shaking besides.</remarks>
    [Fact]
    public void A_films_cuts_are_found()
    {
        int[] cuts = [52, 122, 158, 221, 309, 715, 788, 872, 901, 987, 1127, 1157, 1203, 1234, 1246, 1284, 1345, 1378, 1430, 1525, 1571, 1618, 1650, 1689];
        int[] found = Find("train/tears-of-steel.webm");
        output.WriteLine(string.Join(' ', found));
        int right = found.Intersect(cuts).Count();
        Assert.InRange((double)right / cuts.Length, 0.95, 1);
        Assert.InRange((double)right / found.Length, 0.8, 1);
    }

    [Theory]
    [InlineData("validation/cotracker-teddy.mp4")]
    [InlineData("validation/mdn-friday.mp4")]
    [InlineData("validation/pexels-koolshooters-7322716.mp4")]
    [InlineData("validation/propainter-3.mp4")]
    [InlineData("validation/sam2-04-coffee.mp4")]
    [InlineData("validation/soundify-forest.mp4")]
    [InlineData("davis/bear.mp4")]
    [InlineData("davis/blackswan.mp4")]
    [InlineData("train/davis-motocross-jump.mp4")]
    [InlineData("train/davis-bmx-bumps.mp4")]
    public void In_one_shot_there_is_none(string clip) => Assert.Empty(Find(clip));

    /// <remarks>Pieces of ten frames, so that the cuts are known: 9 of them.</remarks>
    [Fact]
    public void Splices_of_clips_are_all_found()
    {
        string[] clips =
        [
            "validation/cotracker-teddy.mp4", "validation/mdn-friday.mp4", "validation/pexels-koolshooters-7322716.mp4", "validation/propainter-3.mp4",
            "validation/sam2-04-coffee.mp4", "validation/soundify-forest.mp4", "davis/bear.mp4", "davis/blackswan.mp4",
            "train/davis-motocross-jump.mp4", "train/davis-bmx-bumps.mp4",
        ];
        List<LumaThumbnail> spliced = [];
        foreach (string clip in clips)
        {
            string? path = SharedData.Find(clip);
            Assert.SkipWhen(path is null, $"{clip} is not beside the repository.");
            spliced.AddRange(Thumbnails(path).Take(10));
        }

        int[] found = Find(spliced);
        output.WriteLine(string.Join(' ', found));
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], found);
    }

    private static int[] Find(string clip)
    {
        string? path = SharedData.Find(clip);
        Assert.SkipWhen(path is null, $"{clip} is not beside the repository.");
        return Find([.. Thumbnails(path)]);
    }

    private static int[] Find(List<LumaThumbnail> frames)
    {
        SceneCutDetector detector = new();
        return [.. Enumerable.Range(1, frames.Count - 1).Where(i => detector.IsCut(frames, i))];
    }

    private static IEnumerable<LumaThumbnail> Thumbnails(string path)
    {
        using FrameReader reader = FrameReader.Open(path, new() { Interlaced = InterlacedHandling.Ignore }, CancellationToken.None);
        reader.DropOthers();
        using VideoFrame frame = new();
        frame.ReferTo(reader.FirstFrame);
        do
        {
            LumaThumbnail thumbnail = new();
            thumbnail.Measure(frame);
            yield return thumbnail;
        }
        while (reader.TryRead(frame, CancellationToken.None));
    }
}
