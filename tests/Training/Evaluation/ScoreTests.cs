using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AdaConv.Model;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed partial class ScoreTests
{
    [Fact]
    public void A_known_difference_has_the_known_scores()
    {
        // One value in twelve differs by 6 codes: mean squared error 3, mean absolute error one half.
        using PlanarFrame a = Frame(2, 2, (_, _, _) => 100), b = Frame(2, 2, (plane, x, y) => (plane, x, y) == (1, 1, 0) ? 106 : 100);
        FrameScore score = FrameScore.Of(a, b);
        Assert.Equal(Math.Sqrt(3), score.Rmse, 1e-9);
        Assert.Equal(10 * Math.Log10(255 * 255 / 3.0), score.Psnr, 1e-9);
        Assert.Equal(0.5, score.MeanAbsoluteError, 1e-9);
    }

    [Fact]
    public void Equal_frames_score_perfectly()
    {
        using PlanarFrame a = Frame(20, 20, (plane, x, y) => plane * 40 + x * 3 + y);
        FrameScore score = FrameScore.Of(a, a);
        Assert.Equal((0, double.PositiveInfinity, 0), (score.Rmse, score.Psnr, score.MeanAbsoluteError));
        Assert.Equal(1, score.Ssim, 1e-12);
    }

    [Fact]
    public void Similarity_of_flat_images_is_the_luminance_term_alone()
    {
        // Without variance eq. 13 leaves (2ab + C₁) / (a² + b² + C₁).
        float[] a = new float[15 * 13], b = new float[15 * 13];
        Array.Fill(a, 50);
        Array.Fill(b, 80);
        const double C1 = 6.5025;
        Assert.Equal((2 * 50 * 80 + C1) / (50 * 50 + 80 * 80 + C1), StructuralSimilarity.Of(a, b, 15, 13), 1e-4);
    }

    [Fact]
    public void Similarity_of_one_window_agrees_with_the_formula_written_out()
    {
        var random = new Random(3);
        float[] a = [.. Enumerable.Range(0, 121).Select(_ => (float)random.Next(256))], b = [.. a.Select(value => (float)Math.Clamp(value + random.Next(-30, 31), 0, 255))];
        double[,] window = new double[11, 11];
        double total = 0, meanA = 0, meanB = 0, squareA = 0, squareB = 0, product = 0;
        for (int y = 0; y < 11; y++)
        {
            for (int x = 0; x < 11; x++)
            {
                window[y, x] = Math.Exp(-((x - 5) * (x - 5) + (y - 5) * (y - 5)) / 4.5);
                total += window[y, x];
            }
        }

        for (int i = 0; i < 121; i++)
        {
            double w = window[i / 11, i % 11] / total;
            meanA += w * a[i];
            meanB += w * b[i];
            squareA += w * a[i] * a[i];
            squareB += w * b[i] * b[i];
            product += w * a[i] * b[i];
        }

        double expected = (2 * meanA * meanB + 6.5025) * (2 * (product - meanA * meanB) + 58.5225)
            / ((meanA * meanA + meanB * meanB + 6.5025) * (squareA - meanA * meanA + squareB - meanB * meanB + 58.5225));
        Assert.Equal(expected, StructuralSimilarity.Of(a, b, 11, 11), 1e-4);
    }

    [Fact]
    public void Psnr_agrees_with_ffmpegs_filter()
    {
        using var clips = new TrainingClips();
        string truth = clips.Add("truth.mkv", "testsrc2=size=96x64:rate=25", 3), noisy = clips.Add("noisy.mkv", "testsrc2=size=96x64:rate=25,noise=alls=20:allf=t", 3);
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
        using FrameInterpolator interpolator = FrameInterpolator.Load(weights, new InterpolatorOptions { Precision = Precision.Float32 });
        FrameScore mean = FrameScore.Mean([.. TripletFolder.Find(set).Select(triplet => triplet.Examine(interpolator))]);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{mean.Psnr:F1}"), SafetensorsFile.Read(weights).Metadata["middlebury"], StringComparison.Ordinal);
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
        Assert.Contains("no image that can be decoded", Refusal(), StringComparison.Ordinal);

        string Refusal() => Assert.Throws<TrainingException>(() => TripletFolder.Find(set).Single().Examine(new AveragingInterpolator())).Message;
    }

    [Fact]
    public void A_png_comes_back_as_it_was_written()
    {
        using var clips = new TrainingClips();
        using PlanarFrame frame = Frame(17, 5, (plane, x, y) => plane * 80 + x * 4 + y);
        ImageFile.WritePng(clips["frame.png"], frame);
        using PlanarFrame read = ImageFile.Read(clips["frame.png"]);
        Assert.Equal(0, FrameScore.Of(frame, read).Rmse);
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
