using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Preparation;
using Xunit;

namespace AdaConv.Training.Tests.Data.Preparation;

public sealed class VimeoLayoutTests : IDisposable
{
    private readonly TrainingClips _folder = new();

    [Fact]
    public unsafe void Triplets_are_taken_as_the_list_names_them_and_as_they_are()
    {
        AddSequence("00001/0001", shift: 2);
        AddSequence("00001/0002", shift: 0); // stands still: chosen by others, so it stays
        AddSequence("00002/0001", shift: 5);
        AddSequence("00003/0007", shift: 1); // not listed
        List("tri_trainlist.txt", "00001/0001", "00001/0002", "", "00002/0001");
        using FrameCache cache = Open(new FootageConfiguration { Path = "" });
        Assert.Equal(["00001/0001", "00001/0002", "00002/0001"], cache.Sequences.Select(triplet => triplet.Info.Name));
        using var source = new FootageSource(Open(new FootageConfiguration { Path = "" }), 128, maximumStride: 3);
        Assert.Equal(3, source.Count);

        CachedSequence moving = cache.Sequences[2];
        for (int x = 20; x < 180; x++)
        {
            Assert.Equal(moving.Plane(0, 2)[40 * 192 + x], moving.Plane(1, 2)[40 * 192 + x + 5]);
            Assert.Equal(moving.Plane(0, 2)[40 * 192 + x], moving.Plane(2, 2)[40 * 192 + x + 10]);
        }
    }

    [Fact]
    public void Without_lists_the_last_fifteenth_is_for_validation()
    {
        for (int i = 1; i <= 30; i++)
        {
            Directory.CreateDirectory(Path.Combine(_folder["vimeo"], "sequences", "00001", $"{i:D4}"));
            File.WriteAllText(Path.Combine(_folder["vimeo"], "sequences", "00001", $"{i:D4}", "im2.png"), "");
        }

        Assert.Equal(Enumerable.Range(1, 28).Select(i => $"00001/{i:D4}"), VimeoLayout.Sequences(_folder["vimeo"], DataPart.Training, 0));
        Assert.Equal(["00001/0029", "00001/0030"], VimeoLayout.Sequences(_folder["vimeo"], DataPart.Validation, 0));
        Assert.Equal(30, VimeoLayout.Sequences(_folder["vimeo"], DataPart.All, 0).Count);
        Assert.Equal(["00001/0001", "00001/0002"], VimeoLayout.Sequences(_folder["vimeo"], DataPart.Training, 2));
    }

    [Fact]
    public void Validation_takes_the_test_list()
    {
        AddSequence("00001/0001", shift: 2);
        AddSequence("00001/0002", shift: 3);
        List("tri_trainlist.txt", "00001/0001");
        List("tri_testlist.txt", "00001/0002");
        using FrameCache cache = Open(new FootageConfiguration { Path = "", Part = DataPart.Validation });
        Assert.Equal("00001/0002", Assert.Single(cache.Sequences).Info.Name);
    }

    [Fact]
    public void Bad_triplets_are_left_out_and_each_is_named()
    {
        foreach (int i in (int[])[1, 2, 3, 4])
        {
            AddSequence($"00001/000{i}", shift: i);
        }

        File.Delete(Image("00001/0002", 3));
        File.WriteAllText(Image("00001/0003", 1), "no image");
        TestPhotos.Write(Image("00001/0004", 2), 200, 136, seed: 1);
        List("tri_trainlist.txt", "00001/0001", "00001/0002", "00001/0003", "00001/0004", "00009/0001");
        List<string> lines = [];
        using FrameCache cache = Open(new FootageConfiguration { Path = "" }, lines.Add);
        Assert.Equal("00001/0001", Assert.Single(cache.Sequences).Info.Name);
        Assert.Contains("00001: left out: 00001/0002: im3.png does not exist", lines);
        Assert.Contains("00001: left out: 00001/0003: im1.png is not an image that can be decoded", lines);
        Assert.Contains("00001: left out: 00001/0004: its frames are of unequal sizes: 192x128, 200x136, 192x128", lines);
        Assert.Contains("00009: left out: 00009/0001: im1.png does not exist", lines);
    }

    [Fact]
    public void A_missing_image_that_comes_later_is_taken_then()
    {
        AddSequence("00001/0001", shift: 1);
        AddSequence("00001/0002", shift: 2);
        List("tri_trainlist.txt", "00001/0001", "00001/0002");
        string image = Image("00001/0002", 3);
        File.Move(image, image + ".away");
        using (FrameCache cache = Open(new FootageConfiguration { Path = "" }))
        {
            Assert.Single(cache.Sequences);
        }

        File.Move(image + ".away", image);
        using FrameCache whole = Open(new FootageConfiguration { Path = "" });
        Assert.Equal(2, whole.Sequences.Count);
    }

    [Theory]
    [InlineData("", " is empty")]
    [InlineData("../elsewhere/0001", "no place below")]
    [InlineData("00009/0001", "Nothing in")]
    public void Lists_that_cannot_be_used_are_refused(string line, string words)
    {
        AddSequence("00001/0001", shift: 2);
        List("tri_trainlist.txt", line);
        Assert.Contains(words, Assert.Throws<TrainingException>(() => Open(new FootageConfiguration { Path = "" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_layout_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder["vimeo"], "sequences"));
        Assert.Contains("has no sequences", Assert.Throws<TrainingException>(() => Open(new FootageConfiguration { Path = "" })).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private FrameCache Open(FootageConfiguration source, Action<string>? report = null) =>
        FrameCache.Open(source with { Path = _folder["vimeo"] }, _folder["cache"], 100, report ?? (_ => { }));

    private string Image(string sequence, int frame) => Path.Combine(_folder["vimeo"], "sequences", sequence, $"im{frame}.png");

    private void AddSequence(string name, int shift)
    {
        for (int frame = 1; frame <= 3; frame++)
        {
            TestPhotos.Write(Image(name, frame), 192, 128, seed: 3, shift: (frame - 1) * shift);
        }
    }

    private void List(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder["vimeo"], name), lines);
}
