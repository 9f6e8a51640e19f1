using AdaConv.Drawing;
using AdaConv.Reports;
using AdaConv.Tests.Support;
using AdaConv.Training.Evaluation;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed class ComparisonTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    // A network that trains in no time; the command line as a user types it.
    internal const string Small = """
        { "sources": [], "network": { "kind": "guided", "kernelSize": 5, "blockWidths": [32], "blockResiduals": [0], "headWidth": 32, "headResiduals": 0 },
          "batch": 1, "patchSize": 64, "bFloat16": false }
        """;

    [Fact]
    public async Task Losses_and_kernel_sizes_are_compared_by_short_runs()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        File.WriteAllText(clips["small.json"], Small);
        TestPictures.Write(clips["set"], ("im1.png", "im2.png", "im3.png"), count: 3);
        TrainingProgram losses = Run("compare-losses", "losses");
        Assert.True(losses.ExitCode == 0, losses.Errors);
        Assert.Equal(["averaging", "l1", "l2"], Column(clips, "losses", 0));
        Assert.NotEqual(
            File.ReadAllBytes(Path.Combine(clips["losses"], "l1", "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(clips["losses"], "l2", "weights.safetensors")));

        // Three rows of truth, averaging and both runs, three times enlarged.
        RgbImage crops = RgbImage.Read(Path.Combine(clips["losses"], "crops.png"));
        Assert.InRange(crops.Width, 4 * 288, 4 * 288 + 40);
        BrowserPage page = await browser.OpenAsync(Path.Combine(clips["losses"], "comparison.html"));
        Assert.Equal(0, (await page.EvaluateAsync("[...document.images].filter(image => !image.complete || image.naturalWidth === 0).length")).GetInt32());
        Assert.Empty(page.Complaints);

        TrainingProgram kernels = Run("compare-kernels", "kernels", "--sizes", "3", "9");
        Assert.True(kernels.ExitCode == 0, kernels.Errors);
        Assert.Equal(["averaging", "k3", "k9"], Column(clips, "kernels", 0));
        double[] costs = [.. Column(clips, "kernels", 7).Skip(1).Select(double.Parse)];
        Assert.True(costs[1] >= costs[0] + 6 * (9 * 10 - 3 * 4), $"{costs[0]} and {costs[1]} multiply-adds a pixel");

        TrainingProgram Run(string command, string output, params string[] more) => TrainingProgram.Run(
            [command, "--config", clips["small.json"], "--clips", clips.Clips, "--cache", clips["cache"], "--set", clips["set"], "--output",
                clips[output], "--steps", "2", .. more]);
    }

    [Fact]
    public void The_worst_square_is_where_the_pictures_differ()
    {
        RgbImage truth = new(200, 120), picture = new(200, 120);
        picture.Plane(1)[70 * 200 + 150] = 200;
        var (x, y) = CropChoice.WorstSquare(picture, truth, 32);
        Assert.InRange(150, x, x + 31);
        Assert.InRange(70, y, y + 31);
        Assert.Equal((0, 0), CropChoice.WorstSquare(new RgbImage(20, 20), new RgbImage(20, 20), 32));
    }

    private static string[] Column(TrainingClips clips, string folder, int column) =>
        [.. File.ReadLines(Path.Combine(clips[folder], "comparison.csv")).Skip(1).Select(line => line.Split(',')[column])];
}
