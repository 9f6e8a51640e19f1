using System.Text.Json;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;
using Xunit;

namespace AdaConv.Training.Tests.Evaluation;

public sealed class ExaminationTests
{
    [Fact]
    public void Pictures_and_scores_are_kept_by_step_beside_truth_and_averaging()
    {
        using var clips = new TrainingClips();
        TestPictures.Write(clips["set"], ("frame10.png", "frame10i11.png", "frame11.png"));
        Examination examination = new(clips["run"], clips["set"], validation: null, L1);
        ExaminationResult result = examination.Run(new AveragingInterpolator(), 7);
        examination.Run(new AveragingInterpolator(), 12);
        examination.Run(new AveragingInterpolator(), 12); // gone on from an earlier checkpoint

        string kept = Path.Combine(clips["run"], "examinations");
        Assert.Equal(["12", "7", "averaging", "truth"], Directory.GetDirectories(kept).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        RgbImage truth = RgbImage.Read(Path.Combine(kept, "truth", "a.png")), predicted = RgbImage.Read(Path.Combine(kept, "7", "a.png"));
        Assert.Equal(RgbImage.Read(Path.Combine(clips["set"], "a", "frame10i11.png")).Planes.ToArray(), truth.Planes.ToArray());
        Assert.Equal(result.Middlebury["a"], FrameScore.Of(predicted, truth));
        KeptScores scores = JsonSerializer.Deserialize<KeptScores>(File.ReadAllText(Path.Combine(kept, "7", "scores.json")), RunJson.Options)!;
        Assert.Equal(TestSetKind.Middlebury, scores.Kind);
        Assert.Equal(result.Middlebury, scores.Scores);
    }

    [Fact]
    public void The_validation_loss_is_the_runs_loss_over_the_validation_frames()
    {
        using var clips = new TrainingClips();
        clips.Add("ramp.mkv", "testsrc2=size=64x48:rate=25", 5);
        ExaminationResult result = new Examination(clips["run"], null, clips.Clips, L1).Run(new AveragingInterpolator(), 1);
        Assert.Equal(result.ValidationBaseline, result.ValidationLoss);
        Assert.Equal(result.Validation["ramp.mkv"].MeanAbsoluteError / 255, result.ValidationLoss!.Value, 0.6 / 255); // scores are over rounded codes
        Assert.Equal(2, result.LogEntries(1).Count() + result.Summary().Count());
        Assert.Empty(result.Middlebury);
    }

    [Theory]
    [InlineData("2epochs", 20, 5, false)]
    [InlineData("2epochs", 21, 5, true)]
    [InlineData("500steps", 499, 0, false)]
    [InlineData("500steps", 500, 0, true)]
    [InlineData("10min", 1, 9, false)]
    [InlineData("10min", 1, 10, true)]
    [InlineData("2epochs,10min", 1, 10, true)]
    [InlineData("2 epochs, 10 minutes", 21, 1, true)]
    public void Whichever_time_comes_first_is_due(string text, long steps, double minutes, bool due) =>
        Assert.Equal(due, ExaminationSchedule.Parse(text).IsDue(100 + steps, 100, TimeSpan.FromMinutes(minutes), stepsPerEpoch: 10.5));

    [Fact]
    public void Without_epochs_only_steps_and_time_count()
    {
        Assert.False(ExaminationSchedule.Default.IsDue(1_000_000, 0, TimeSpan.FromMinutes(29), stepsPerEpoch: null));
        Assert.True(ExaminationSchedule.Default.IsDue(1, 0, TimeSpan.FromMinutes(30), stepsPerEpoch: null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2weeks")]
    [InlineData("0steps")]
    [InlineData("-1min")]
    [InlineData("2epochs,")]
    public void Other_times_are_refused(string text) =>
        Assert.Contains("2epochs, 500steps, 10min", Assert.Throws<TrainingException>(() => ExaminationSchedule.Parse(text)).Message, StringComparison.Ordinal);

    private static TorchSharp.torch.Tensor L1(TorchSharp.torch.Tensor predicted, TorchSharp.torch.Tensor truth) => (predicted - truth).abs().mean();
}
