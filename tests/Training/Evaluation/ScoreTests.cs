using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AdaConv.Drawing;
using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Reports;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed partial class ScoreTests
{
    [Fact]
    public void Psnr_agrees_with_ffmpegs_filter()
    {
        using var clips = new TrainingClips();
        string truth = clips.Add("truth.mkv", "testsrc2=size=96x64:rate=25", 3),
            noisy = clips.Add("noisy.mkv", "testsrc2=size=96x64:rate=25,noise=alls=20:allf=t", 3);
        string log = Run("ffmpeg", "-i", truth, "-i", noisy, "-lavfi", "psnr=stats_file=-", "-f", "null", "-");
        double expected = double.Parse(MeanSquaredError().Matches(log)[1].Groups[1].Value, CultureInfo.InvariantCulture);
        FrameScore score = ClipSet.Compare(truth, noisy).Single();
        Assert.Equal(expected, score.Rmse * score.Rmse, 0.006 + 1e-3 * expected);
    }

    [Fact]
    public void Averaging_is_scored_on_the_frames_between()
    {
        // Brightness rises evenly: averaging is exact but for rounding.
        using var clips = new TrainingClips();
        string clip = clips.Add("ramp.mkv", "color=black:size=64x64:rate=25,format=gbrp,geq=r='40+N*8':g='40+N*8':b='40+N*8'", 8);
        IReadOnlyList<FrameScore> scores = ClipSet.Examine(clip, new AveragingInterpolator());
        Assert.Equal(3, scores.Count);
        Assert.All(scores, score => Assert.Equal(0, score.MeanAbsoluteError));
        Assert.Equal(2, ClipSet.Examine(clip, new AveragingInterpolator(), limit: 2).Count);
    }

    [Fact]
    public void Averaging_scores_on_middlebury_what_is_known()
    {
        string set = MiddleburyFolder();
        FrameScore mean = FrameScore.Mean([.. TripletFolder.Find(set).Select(triplet => triplet.Examine(new AveragingInterpolator()))]);
        Assert.Equal(28.01, mean.Psnr, 0.02); // from the data's description, computed elsewhere
        Assert.Equal(5.74, mean.MeanAbsoluteError, 0.01);
    }

    [Fact]
    public void The_shipped_weights_beat_averaging_by_what_their_metadata_says()
    {
        string weights = Path.Combine(RepositoryRoot(), "models", "guided.safetensors"), set = MiddleburyFolder();
        using TiledInterpolator interpolator = TorchExecutor.Load(weights, new InterpolatorOptions { Precision = Precision.Float32 });
        FrameScore mean = FrameScore.Mean([.. TripletFolder.Find(set).Select(triplet => triplet.Examine(interpolator))]);
        double stated = double.Parse(SafetensorsFile.Read(weights).Metadata["middlebury"].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.Equal(stated, mean.Psnr, 0.02); // stated with two decimals; processors round differently
        Assert.InRange(mean.Psnr, 28.01 + 2, 60);
    }

    [Fact]
    public void The_shipped_weights_name_their_recipe_sources_and_scores()
    {
        SafetensorsFile file = SafetensorsFile.Read(Path.Combine(RepositoryRoot(), "models", "guided.safetensors"));
        Assert.All((string[])["network", "recipe", "sources", "steps", "middlebury"], key => Assert.NotEmpty(file.Metadata[key]));
    }

    [Fact]
    public void Broken_test_sets_are_refused()
    {
        using var clips = new TrainingClips();
        string set = clips["set"], folder = Directory.CreateDirectory(Path.Combine(set, "a")).FullName;
        Assert.Contains("holds no triplets", Assert.Throws<TrainingException>(() => TripletFolder.Find(set)).Message, StringComparison.Ordinal);
        using PlanarFrame small = Frame(8, 8, (_, _, _) => 1), large = Frame(9, 8, (_, _, _) => 1);
        ImageFile.WritePng(Path.Combine(folder, "im2.png"), small);
        Assert.Contains("im1.png does not exist", Refusal(), StringComparison.Ordinal);
        ImageFile.WritePng(Path.Combine(folder, "im1.png"), small);
        ImageFile.WritePng(Path.Combine(folder, "im3.png"), large);
        Assert.Contains("unequal sizes", Refusal(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "im3.png"), "no image");
        Assert.Contains("not an image that can be decoded", Refusal(), StringComparison.Ordinal);

        string Refusal() => Assert.Throws<TrainingException>(() => TripletFolder.Find(set).Single().Examine(new AveragingInterpolator())).Message;
    }

    private static string MiddleburyFolder()
    {
        string? set = SharedData.Find("middlebury");
        Assert.SkipUnless(set is not null, "The Middlebury images are not beside the repository (../shared/data/middlebury).");
        return set!;
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AdaConv.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie inside the repository.");
        }

        return folder;
    }

    private static PlanarFrame Frame(int width, int height, Func<int, int, int, int> code)
    {
        var frame = new PlanarFrame(width, height, 3, samplesAreRgb: true);
        for (int plane = 0; plane < 3; plane++)
        {
            for (int i = 0; i < width * height; i++)
            {
                frame.RgbPlane(plane)[i] = code(plane, i % width, i / width) / 255f;
            }
        }

        return frame;
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["-v", "error", .. arguments]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    [GeneratedRegex(@"mse_avg:([0-9.]+)")]
    private static partial Regex MeanSquaredError();
}
