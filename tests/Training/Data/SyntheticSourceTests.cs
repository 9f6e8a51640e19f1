using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Synthesis;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class SyntheticSourceTests : IDisposable
{
    private const int Size = 64, Frame = 3 * Size * Size;
    private readonly TrainingClips _folder = new();
    private readonly SyntheticConfiguration _configuration;

    public SyntheticSourceTests()
    {
        _configuration = new SyntheticConfiguration { Path = _folder["photos"] };
        TestPhotos.Write(Path.Combine(_folder["photos"], "a.png"), 480, 320, seed: 1);
        TestPhotos.Write(Path.Combine(_folder["photos"], "deeper", "b.png"), 300, 400, seed: 2);
    }

    [Fact]
    public void Samples_depend_on_the_random_numbers_alone()
    {
        using SyntheticSource source = Open(_configuration), again = Open(_configuration);
        byte[] sample = Fill(source, 5);
        Fill(again, 6);
        Assert.Equal(sample, Fill(again, 5)); // whatever was drawn before
        Assert.NotEqual(sample, Fill(source, 6));
    }

    [Fact]
    public void The_frames_are_the_scene_at_0_1_and_one_half()
    {
        using SyntheticSource source = Open(_configuration);
        using PhotoCache photos = PhotoCache.Open(_configuration.Path, _folder["cache"], _ => { });
        var composer = new SceneComposer(photos, _configuration, Size);
        byte[] sample = Fill(source, 11), picture = new byte[Frame];
        SyntheticScene scene = composer.Compose(new Random(11));
        foreach (var (time, place) in new[] { (0, 0), (1, 1), (0.5, 2) })
        {
            scene.Render(composer.Canvas, time, picture);
            Assert.Equal(sample[(place * Frame)..((place + 1) * Frame)], picture);
        }
    }

    [Fact]
    public void The_frame_between_is_the_scene_at_its_time()
    {
        using SyntheticSource source = Open(_configuration);
        using PhotoCache photos = PhotoCache.Open(_configuration.Path, _folder["cache"], _ => { });
        var composer = new SceneComposer(photos, _configuration, Size);
        byte[] sample = new byte[3 * Frame], picture = new byte[Frame];
        List<double> times = [];
        for (int seed = 0; seed < 30; seed++)
        {
            double time = source.Fill(new Random(seed), Size, sample, new Random(~seed));
            times.Add(time);
            SyntheticScene scene = composer.Compose(new Random(seed), time);
            foreach (var (at, place) in new[] { (0, 0), (1, 1), (time, 2) })
            {
                scene.Render(composer.Canvas, at, picture);
                Assert.Equal(sample[(place * Frame)..((place + 1) * Frame)], picture);
            }
        }

        Assert.InRange(times.Min(), 0.01, 0.15);
        Assert.InRange(times.Max(), 0.85, 0.99);
    }

    [Fact]
    public void Ways_lie_between_the_configured_limits_and_spread_evenly_over_their_magnitudes()
    {
        using PhotoCache photos = PhotoCache.Open(_configuration.Path, _folder["cache"], _ => { });
        var composer = new SceneComposer(photos, _configuration with { MinimumLayers = 0, MaximumLayers = 0, MinimumMotion = 0.5, MaximumMotion = 32 }, 128);
        double[] ways = [.. Enumerable.Range(0, 600).Select(seed => Way(composer.Compose(new Random(seed)).Layers[0])).Where(way => way > 0)];
        Assert.InRange(ways.Length, 400, 500); // a quarter rests
        Assert.InRange(ways.Min(), 0.5, 0.6);
        Assert.InRange(ways.Max(), 28, 32);
        Assert.InRange(ways.Count(way => way < 4) / (double)ways.Length, 0.4, 0.6);

        var large = new SceneComposer(photos, _configuration with { MotionCurve = 0.25 }, 128);
        Assert.InRange(Enumerable.Range(0, 200).Select(seed => Way(large.Compose(new Random(seed)).Layers[^1])).Max(), 36, 40.001);

        static double Way(SceneLayer layer) => Math.Sqrt(Math.Pow(layer.Path.X.Change, 2) + Math.Pow(layer.Path.Y.Change, 2)) / SceneCanvas.Samples;
    }

    [Fact]
    public void Backgrounds_fill_the_picture()
    {
        // Photographs are opaque: a black or repeated border would show as a row without differences.
        using SyntheticSource source = Open(_configuration with { MinimumLayers = 0, MaximumLayers = 0, MaximumMotion = 20, BlurShare = 0 });
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] sample = Fill(source, seed);
            for (int frame = 0; frame < 3; frame++)
            {
                Assert.True(Line(sample, frame, 0) > 1 && Line(sample, frame, Size - 1) > 1, $"seed {seed}, frame {frame}");
            }
        }

        static int Line(byte[] sample, int frame, int y) =>
            sample.AsSpan(frame * Frame + y * Size, Size).ToArray().Distinct().Count();
    }

    [Fact]
    public void Photographs_are_decoded_once_and_bad_ones_are_left_out_with_a_reason()
    {
        File.WriteAllText(Path.Combine(_folder["photos"], "broken.jpg"), "no image");
        TestPhotos.Write(Path.Combine(_folder["photos"], "tiny.png"), 40, 400, seed: 3);
        string cut = TestPhotos.Write(Path.Combine(_folder["photos"], "cut.jpg"), 200, 200, seed: 4);
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..3000]);
        List<string> lines = [];
        using (PhotoCache photos = PhotoCache.Open(_configuration.Path, _folder["cache"], lines.Add))
        {
            Assert.Equal(["a.png", Path.Combine("deeper", "b.png")], photos.Photos.Select(photo => photo.Name));
            Assert.Equal([(480, 320), (240, 160), (120, 80)], photos.Photos[0].Levels.Select(level => (level.Width, level.Height)));
        }

        Assert.Contains("broken.jpg: left out: broken.jpg is not an image that can be decoded", lines);
        Assert.Contains("cut.jpg: left out: cut.jpg is broken: it can be decoded only in part (IncompleteInput)", lines);
        Assert.Contains("tiny.png: left out: 40x400 pixels are too few; 64 each way are needed", lines);
        lines.Clear();
        PhotoCache.Open(_configuration.Path, _folder["cache"], lines.Add).Dispose();
        Assert.Empty(lines);
    }

    [Fact]
    public void A_folder_without_usable_photographs_is_refused()
    {
        Assert.Contains("does not exist", Refusal("nowhere"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("holds no photographs", Refusal("empty"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["bad"]);
        File.WriteAllText(Path.Combine(_folder["bad"], "broken.jpg"), "no image");
        Assert.Contains("None of the 1 photographs", Refusal("bad"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["cache"]));

        string Refusal(string name) => Assert.Throws<TrainingException>(() => Open(_configuration with { Path = _folder[name] })).Message;
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Fill(SyntheticSource source, int seed)
    {
        byte[] sample = new byte[3 * Frame];
        source.Fill(new Random(seed), Size, sample);
        return sample;
    }

    private SyntheticSource Open(SyntheticConfiguration configuration) => new(configuration, _folder["cache"], _ => { });
}
