using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>training evaluate: scores of a weight file on test sets and clips, beside averaging and published figures.</summary>
internal static class EvaluateCommand
{
    // Test sets have up to 3,782 triplets; a screen does not.
    private const int MostLines = 120;

    public static Command Create()
    {
        Option<string?> weights = new("--weights") { Description = "Weight file; without it only averaging is scored.", HelpName = "FILE" };
        Option<string[]> sets = new("--set") { Description = "Test set: folders with frame10/frame10i11/frame11.png (Middlebury), frame_00/frame_01_gt/frame_02.png (UCF101) or im1/im2/im3.png (Vimeo90K, with its tri_testlist.txt where it has one).", HelpName = "DIR" };
        Option<string[]> clips = new("--clips") { Description = "Clip, or folder of clips: every second frame is dropped and predicted.", HelpName = "PATH" };
        Option<int> limit = new("--limit") { Description = "Predicted frames at most of each clip.", DefaultValueFactory = _ => int.MaxValue, HelpName = "N" };
        Option<string?> output = new("--output") { Description = "Folder for scores.json and scores.md.", HelpName = "DIR" };
        Option<bool> images = new("--images") { Description = "Write the predicted frames there, too: METHOD/NAME.png." };
        Option<string?> sheet = new("--contact-sheet") { Description = $"Write a picture of truth, averaging, ours and the error, a row for each of up to {ContactSheet.MostRows} items.", HelpName = "FILE.png" };
        Option<Precision> precision = new("--precision") { Description = "Number type of the convolutions." };
        Command command = new("evaluate", "Score predicted frames against true ones: RMSE, PSNR, SSIM and mean absolute error over 8-bit RGB.\n\n"
            + "Example: training evaluate --weights models/guided.safetensors --set middlebury --clips validation --output scores")
        {
            weights, sets, clips, limit, output, images, sheet, precision,
        };
        command.SetAction(result =>
        {
            string? folder = result.GetValue(output);
            if (result.GetValue(images) && folder is null)
            {
                throw new TrainingException("--images needs the folder to write to: --output DIR.");
            }

            if (result.GetValue(limit) < 1)
            {
                throw new TrainingException("--limit must be 1 or more.");
            }

            TestItem[] items =
            [
                .. (result.GetValue(sets) ?? []).SelectMany(TestItem.OfFolder),
                .. (result.GetValue(clips) ?? []).SelectMany(path => TestItem.OfClips(path, result.GetValue(limit))),
            ];
            if (items.Length == 0)
            {
                throw new TrainingException("There is nothing to score; name a test set with --set or clips with --clips.");
            }

            string? file = result.GetValue(weights);
            using FrameInterpolator? network = file is null ? null : FrameInterpolator.Load(file, new InterpolatorOptions { Precision = result.GetValue(precision) });
            var evaluator = Evaluator.Against(network);
            var contacts = new ContactSheet(items.Length);
            List<ScoredItem> scores = [];
            for (int i = 0; i < items.Length; i++)
            {
                Progress(i, items.Length);
                scores.AddRange(evaluator.Score(items[i], frame =>
                {
                    contacts.Add(frame);
                    if (result.GetValue(images))
                    {
                        WriteImages(folder!, frame);
                    }
                }));
            }

            Progress(items.Length, items.Length);
            string text = ScoreTables.ToMarkdown(scores);
            Console.Write(ScoreTables.ToMarkdown(scores, MostLines));
            Write(folder is null ? null : Path.Combine(folder, "scores.md"), path => WholeFile.Write(path, text));
            Write(folder is null ? null : Path.Combine(folder, "scores.json"), path => WholeFile.Write(path, ToJson(file, result.GetValue(precision), scores)));
            Write(result.GetValue(sheet), path => contacts.Draw()!.WritePng(path));
        });
        return command;
    }

    private static void Progress(int done, int all)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done} of {all} items{(done == all ? "\n" : "")}"));
        }
    }

    private static void WriteImages(string folder, ScoredFrame frame)
    {
        string name = frame.Item.Kind == TestSetKind.Clips
            ? Path.Combine(frame.Item.FileName, string.Create(CultureInfo.InvariantCulture, $"{2 * frame.Index + 1:D5}")) : frame.Item.FileName;
        foreach (Prediction prediction in frame.Predictions)
        {
            Write(Path.Combine(folder, prediction.Method, name + ".png"), prediction.Image.WritePng);
        }
    }

    private static string ToJson(string? weights, Precision precision, List<ScoredItem> scores) => JsonSerializer.Serialize(
        new
        {
            weights,
            precision,
            sets = scores.GroupBy(score => (score.Set, score.Kind)).Select(set => new
            {
                name = set.Key.Set,
                kind = set.Key.Kind,
                means = ScoreTables.Means(set).ToDictionary(mean => mean.Method, mean => mean.Mean),
                items = set.Select(score => new { score.Name, score.Method, score.Frames, score.Score }),
                published = PublishedScores.Of(set.Key.Kind).Select(score => new { score.Method, score.Psnr, score.Ssim, score.MeanAbsoluteError, score.Source }),
            }),
        },
        TrainingConfiguration.Json) + "\n";

    private static void Write(string? path, Action<string> write)
    {
        try
        {
            if (path is not null)
            {
                write(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Writing {path} failed: {exception.Message}", exception);
        }
    }
}
