using System.Globalization;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>What an examination found.</summary>
/// <param name="Middlebury">The score of each test picture, by name; empty without the test set.</param>
/// <param name="Validation">The score of each validation clip, by file name; empty without clips.</param>
/// <param name="ValidationLoss">The run's loss over the validation frames, null without clips.</param>
/// <param name="ValidationBaseline">The same of plain averaging.</param>
public sealed record ExaminationResult(
    IReadOnlyDictionary<string, FrameScore> Middlebury, IReadOnlyDictionary<string, FrameScore> Validation, double? ValidationLoss, double? ValidationBaseline)
{
    /// <summary>The result's lines of a run's log.</summary>
    /// <param name="step">Steps done.</param>
    public IEnumerable<object> LogEntries(long step)
    {
        if (Middlebury.Count > 0)
        {
            FrameScore mean = FrameScore.Mean([.. Middlebury.Values]);
            yield return new { step, middlebury = new { psnr = mean.Psnr, ssim = mean.Ssim, error = mean.MeanAbsoluteError, each = Psnr(Middlebury) } };
        }

        if (Validation.Count > 0)
        {
            FrameScore mean = FrameScore.Mean([.. Validation.Values]);
            yield return new
            {
                step,
                validation = new { psnr = mean.Psnr, ssim = mean.Ssim, loss = ValidationLoss, baseline = ValidationBaseline, each = Psnr(Validation) }
            };
        }

        static Dictionary<string, double> Psnr(IReadOnlyDictionary<string, FrameScore> scores) =>
            scores.ToDictionary(pair => pair.Key, pair => pair.Value.Psnr);
    }

    /// <summary>The result in words, by test set: for a weight file's metadata and for progress lines.</summary>
    public IEnumerable<KeyValuePair<string, string>> Summary()
    {
        if (Middlebury.Count > 0)
        {
            FrameScore mean = FrameScore.Mean([.. Middlebury.Values]);
            yield return new("middlebury", string.Create(CultureInfo.InvariantCulture, $"{mean.Psnr:F3} dB, mean absolute error {mean.MeanAbsoluteError:F3}"));
        }

        if (Validation.Count > 0)
        {
            yield return new("validation", string.Create(CultureInfo.InvariantCulture,
                $"{FrameScore.Mean([.. Validation.Values]).Psnr:F3} dB (first {Examination.FramesPerClip} frames a clip)"));
        }
    }
}

/// <summary>The scores that lie beside an examination's pictures.</summary>
/// <param name="Kind">The test set.</param>
/// <param name="Scores">By picture.</param>
public sealed record KeptScores(TestSetKind Kind, IReadOnlyDictionary<string, FrameScore> Scores);
