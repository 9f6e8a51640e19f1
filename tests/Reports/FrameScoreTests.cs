using Xunit;

namespace AdaConv.Reports.Tests;

public sealed class FrameScoreTests
{
    [Fact]
    public void A_known_difference_has_the_known_scores()
    {
        // One value in twelve differs by 6 codes: mean squared error 3, mean absolute error one half.
        RgbImage a = Pictures.Of(2, 2, (_, _, _) => 100), b = Pictures.Of(2, 2, (plane, x, y) => (plane, x, y) == (1, 1, 0) ? 106 : 100);
        FrameScore score = FrameScore.Of(a, b);
        Assert.Equal(Math.Sqrt(3), score.Rmse, 1e-9);
        Assert.Equal(10 * Math.Log10(255 * 255 / 3.0), score.Psnr, 1e-9);
        Assert.Equal(0.5, score.MeanAbsoluteError, 1e-9);
    }

    [Fact]
    public void Equal_frames_score_perfectly()
    {
        RgbImage a = Pictures.Of(20, 20, (plane, x, y) => plane * 40 + x * 3 + y);
        FrameScore score = FrameScore.Of(a, a);
        Assert.Equal((0, double.PositiveInfinity, 0), (score.Rmse, score.Psnr, score.MeanAbsoluteError));
        Assert.Equal(1, score.Ssim, 1e-12);
    }

    [Fact]
    public void Similarity_is_the_mean_of_the_three_colours()
    {
        RgbImage a = Pictures.Of(16, 16, (_, x, y) => 8 * x + y), b = Pictures.Of(16, 16, (plane, x, y) => plane == 0 ? 8 * x + y : 8 * y + x);
        double other = StructuralSimilarity.Of(a.Plane(1), b.Plane(1), 16, 16);
        Assert.Equal((1 + 2 * other) / 3, FrameScore.Of(a, b).Ssim, 1e-6);
    }

    [Fact]
    public void A_mean_is_the_mean_of_each_measure()
    {
        FrameScore mean = FrameScore.Mean([new(1, 30, 0.9, 0.5), new(3, 40, 0.7, 1.5)]);
        Assert.Equal((2, 35, 0.8, 1), (mean.Rmse, mean.Psnr, Math.Round(mean.Ssim, 12), mean.MeanAbsoluteError));
        Assert.Throws<ArgumentException>(() => FrameScore.Mean([]));
    }

    [Fact]
    public void Frames_of_unequal_sizes_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => FrameScore.Of(new RgbImage(4, 4), new RgbImage(4, 5)));
        Assert.Contains("4x4", error.Message, StringComparison.Ordinal);
        Assert.Contains("4x5", error.Message, StringComparison.Ordinal);
    }
}
