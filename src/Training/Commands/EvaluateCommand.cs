using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>training evaluate: scores of a weight file on test sets and clips, beside averaging.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string?> weights = new("--weights") { Description = "Weight file; without it only averaging is scored.", HelpName = "FILE" };
        Option<string[]> sets = new("--set") { Description = "Test set: folders with frame10/frame10i11/frame11.png (Middlebury), frame_00/frame_01_gt/frame_02.png (UCF101) or im1/im2/im3.png (Vimeo90K).", HelpName = "DIR" };
        Option<string[]> clips = new("--clips") { Description = "Clip, or folder of clips: every second frame is dropped and predicted.", HelpName = "PATH" };
        Option<int> limit = new("--limit") { Description = "Predicted frames at most of each clip.", DefaultValueFactory = _ => int.MaxValue, HelpName = "N" };
        Option<string?> output = new("--output") { Description = "Folder for scores.json, scores.md and the predicted frames.", HelpName = "DIR" };
        Option<Precision> precision = new("--precision") { Description = "Number type of the convolutions." };
        Command command = new("evaluate", "Score predicted frames against true ones: RMSE, PSNR, SSIM and mean absolute error over 8-bit RGB.\n\n"
            + "Example: training evaluate --weights models/guided.safetensors --set middlebury --clips validation")
        {
            weights, sets, clips, limit, output, precision,
        };
        command.SetAction(result =>
        {
            string? folder = result.GetValue(output);
            List<Score> scores = [];
            using FrameInterpolator? network = result.GetValue(weights) is { } file
                ? FrameInterpolator.Load(file, new InterpolatorOptions { Precision = result.GetValue(precision) })
                : null;
            IFrameInterpolator[] methods = network is null ? [new AveragingInterpolator()] : [new AveragingInterpolator(), network];
            foreach (IFrameInterpolator method in methods)
            {
                string name = ReferenceEquals(method, network) ? "ours" : "averaging";
                foreach (string set in result.GetValue(sets) ?? [])
                {
                    foreach (TripletFolder triplet in TripletFolder.Find(set))
                    {
                        scores.Add(new Score(set, triplet.Name, name, triplet.Examine(method, ImagePath(folder, name, triplet.Name))));
                    }
                }

                foreach (string path in result.GetValue(clips) ?? [])
                {
                    foreach (string clip in Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : Enumerable.Repeat(path, 1))
                    {
                        scores.Add(new Score(path, Path.GetFileName(clip), name, FrameScore.Mean(ClipSet.Examine(clip, method, result.GetValue(limit)))));
                    }
                }
            }

            if (scores.Count == 0)
            {
                throw new TrainingException("There is nothing to score; name a test set with --set or clips with --clips.");
            }

            string table = Table(scores);
            Console.Write(table);
            if (folder is not null)
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, "scores.md"), table);
                File.WriteAllText(Path.Combine(folder, "scores.json"), JsonSerializer.Serialize(scores, TrainingConfiguration.Json));
            }
        });
        return command;
    }

    private static string? ImagePath(string? folder, string method, string triplet)
    {
        if (folder is null)
        {
            return null;
        }

        string path = Path.Combine(folder, method);
        Directory.CreateDirectory(path);
        return Path.Combine(path, triplet.Replace(Path.DirectorySeparatorChar, '-') + ".png");
    }

    private static string Table(List<Score> scores)
    {
        StringBuilder text = new();
        foreach (var set in scores.GroupBy(score => score.Set))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Path.GetFileName(set.Key.TrimEnd('/', '\\'))}").AppendLine()
                .AppendLine("| image | method | RMSE | PSNR, dB | SSIM | mean abs. error |").AppendLine("|---|---|---|---|---|---|");
            foreach (Score score in set.OrderBy(score => score.Name, StringComparer.Ordinal))
            {
                Row(score.Name, score.Method, score.Value);
            }

            foreach (var method in set.GroupBy(score => score.Method))
            {
                Row("**mean**", method.Key, FrameScore.Mean([.. method.Select(score => score.Value)]));
            }

            text.AppendLine();
        }

        return text.ToString();

        void Row(string name, string method, FrameScore score) => text.AppendLine(
            CultureInfo.InvariantCulture, $"| {name} | {method} | {score.Rmse:F3} | {score.Psnr:F2} | {score.Ssim:F4} | {score.MeanAbsoluteError:F3} |");
    }

    private sealed record Score(string Set, string Name, string Method, FrameScore Value);
}
