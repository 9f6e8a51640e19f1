using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed class ValidationItemTests : IDisposable
{
    private readonly TrainingClips _folder = new();

    [Fact]
    public void A_vimeo_layout_gives_its_validation_part()
    {
        for (int sequence = 1; sequence <= 2; sequence++)
        {
            for (int frame = 1; frame <= 3; frame++)
            {
                TestPhotos.Write(Path.Combine(_folder["vimeo"], "sequences", "00001", $"000{sequence}", $"im{frame}.png"), 192, 128,
                    seed: sequence, shift: frame);
            }
        }

        File.WriteAllLines(Path.Combine(_folder["vimeo"], "tri_trainlist.txt"), ["00001/0001"]);
        File.WriteAllLines(Path.Combine(_folder["vimeo"], "tri_testlist.txt"), ["00001/0002"]);
        ValidationItem item = Assert.Single(ValidationItem.Find(_folder["vimeo"]));
        Assert.Equal("00001/0002", item.Name);
        foreach (FrameTriplet triplet in item.Read())
        {
            Assert.Equal(triplet.Truth.RgbPlane(0)[50], triplet.Second.RgbPlane(0)[51]);
            Assert.NotEqual(triplet.First.RgbPlane(0).ToArray(), triplet.Truth.RgbPlane(0).ToArray());
        }
    }

    [Fact]
    public void A_folder_of_clips_gives_each_of_them()
    {
        _folder.AddMoving();
        _folder.AddMoving("second.mkv", frames: 7);
        Assert.Equal([5, 3], ValidationItem.Find(_folder.Clips).Select(item => item.Read().Count()));
    }

    public void Dispose() => _folder.Dispose();
}
