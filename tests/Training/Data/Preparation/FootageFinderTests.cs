using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Preparation;
using Xunit;

namespace AdaConv.Training.Tests.Data.Preparation;

public sealed class FootageFinderTests : IDisposable
{
    private readonly TrainingClips _folder = new();

    [Fact]
    public void Davis_folders_give_their_480p_frames_in_order_and_no_masks()
    {
        for (int frame = 0; frame < 4; frame++)
        {
            TestPhotos.Write(Path.Combine(_folder["davis"], "JPEGImages", "480p", "bear", $"{frame:D5}.jpg"), 240, 160, seed: 1, shift: 3 * frame);
            TestPhotos.Write(Path.Combine(_folder["davis"], "JPEGImages", "1080p", "bear", $"{frame:D5}.jpg"), 480, 320, seed: 1);
            TestPhotos.Write(Path.Combine(_folder["davis"], "Annotations", "480p", "bear", $"{frame:D5}.png"), 240, 160, seed: 2);
        }

        using FrameCache cache = Open("davis");
        CachedSequence scene = Assert.Single(cache.Sequences);
        Assert.Equal((Path.Combine("JPEGImages", "480p", "bear"), 240, 160, 4), (scene.Info.Name, scene.Info.Width, scene.Info.Height, scene.Info.FrameCount));
        Assert.All(scene.Info.Motion, motion => Assert.Equal(3, motion));
    }

    [Fact]
    public unsafe void Plain_folders_of_frames_are_read_in_the_order_of_their_numbers()
    {
        for (int frame = 8; frame < 12; frame++)
        {
            TestPhotos.Write(Path.Combine(_folder["frames"], "walk", $"{frame}.png"), 200, 160, seed: 5, shift: 2 * frame); // 8 9 10 11, not 10 11 8 9
        }

        using FrameCache cache = Open("frames");
        CachedSequence scene = Assert.Single(cache.Sequences);
        Assert.All(scene.Info.Motion, motion => Assert.Equal(2, motion));
        for (int x = 10; x < 190; x++)
        {
            Assert.Equal(scene.Plane(0, 0)[80 * 200 + x], scene.Plane(3, 0)[80 * 200 + x + 6]);
        }
    }

    [Fact]
    public void Clips_and_folders_of_frames_may_lie_together_and_test_sets_are_not_trained_on()
    {
        _folder.AddMoving();
        foreach (string name in (string[])["frame10.png", "frame10i11.png", "frame11.png"])
        {
            TestPhotos.Write(Path.Combine(_folder.Clips, "Beanbags", name), 200, 160, seed: 1);
        }

        for (int frame = 0; frame < 3; frame++)
        {
            TestPhotos.Write(Path.Combine(_folder.Clips, "walk", $"{frame}.jpg"), 200, 160, seed: 5, shift: 4 * frame);
        }

        Assert.Equal(["moving.mkv", "walk"], FootageFinder.Find(new FootageConfiguration { Path = _folder.Clips }).Select(item => item.Name));
    }

    [Fact]
    public void A_folder_of_frames_of_unequal_sizes_or_with_a_broken_one_is_left_out()
    {
        _folder.AddMoving();
        for (int frame = 0; frame < 3; frame++)
        {
            TestPhotos.Write(Path.Combine(_folder.Clips, "unequal", $"{frame}.png"), 200 + 8 * (frame / 2), 160, seed: 5);
            TestPhotos.Write(Path.Combine(_folder.Clips, "broken", $"{frame}.png"), 200, 160, seed: 5, shift: frame);
        }

        File.WriteAllText(Path.Combine(_folder.Clips, "broken", "1.png"), "no image");
        List<string> lines = [];
        using FrameCache cache = FrameCache.Open(new FootageConfiguration { Path = _folder.Clips }, _folder["cache"], 100, lines.Add);
        Assert.Equal("moving.mkv", Assert.Single(cache.Sequences).Info.Name);
        Assert.Contains("unequal: left out: 2.png is of 208x160 pixels, 0.png of 200x160: the frames of a folder must be of one size", lines);
        Assert.Contains("broken: left out: 1.png is not an image that can be decoded", lines);
    }

    [Fact]
    public void First_and_part_are_refused_where_there_is_no_vimeo_layout()
    {
        _folder.AddMoving();
        FootageConfiguration source = new() { Path = _folder.Clips, First = 10 };
        Assert.Contains("is not a Vimeo90K layout", Assert.Throws<TrainingException>(() => FootageFinder.Find(source)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private FrameCache Open(string name) => FrameCache.Open(new FootageConfiguration { Path = _folder[name] }, _folder["cache"], 100, _ => { });
}
