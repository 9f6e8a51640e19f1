using System.CommandLine;
using System.Globalization;
using AdaConv.Reports;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Commands;

/// <summary>training score: the odd frames of a doubled clip against those of the clip it was halved from.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        Argument<string> truth = new("truth") { Description = "The clip at its full rate." };
        Argument<string> doubled = new("doubled") { Description = "The clip that was halved in rate and doubled again, by whatever program." };
        Command command = new("score", "Score the new frames (1, 3, 5 …) of a doubled clip against the frames that were dropped.\n\n"
            + "Example: training score original.mp4 doubled.mkv")
        {
            truth, doubled,
        };
        command.SetAction(result =>
        {
            FrameScore mean = FrameScore.Mean(ClipSet.Compare(result.GetValue(truth)!, result.GetValue(doubled)!));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"RMSE {mean.Rmse:F3}  PSNR {mean.Psnr:F2} dB  SSIM {mean.Ssim:F4}  mean absolute error {mean.MeanAbsoluteError:F3}"));
        });
        return command;
    }
}
