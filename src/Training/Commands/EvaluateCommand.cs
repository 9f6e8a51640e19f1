using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Commands;

/// <summary>training evaluate: scores of weight files on test sets and clips, beside averaging, minterpolate and published figures.</summary>
internal static class EvaluateCommand
{
    // Test sets have up to 3,782 triplets; a screen does not.
    private const int MostLines = 120;

    public static Command Create()
    {
        Option<string[]> weights =
            new("--weights") { Description = "Weight files; without any only averaging is scored.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        Option<string[]> sets =
            new("--set")
            {
                Description =
                    "Test set: folders with frame10/frame10i11/frame11.png (Middlebury), frame_00/frame_01_gt/frame_02.png (UCF101) or im1/im2/im3.png "
                    + "(Vimeo90K, with its tri_testlist.txt where it has one).",
                HelpName = "DIR",
                AllowMultipleArgumentsPerToken = true
            };
        Option<string[]> clips = new("--clips")
        {
            Description = "Clip, or folder of clips: every second frame is dropped and predicted, with --every more of them.",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true
        };
        Option<int?> limit = new Option<int?>("--limit") { Description = "Predicted frames at most of each clip (default: all).", HelpName = "N" }.Within(1);
        Option<int?> every = new Option<int?>("--every")
        {
            Description = "Of each clip keep one frame in N and predict those between, each at its time (default: 2). Networks that know the time are "
                + "scored by halving, too.",
            HelpName = "N"
        }.Within(2, 8);
        Option<bool> minterpolate = new("--minterpolate") { Description = "Score FFmpeg's minterpolate (mci), too." };
        Option<string?> output =
            new("--output") { Description = "Folder for scores.json and scores.md, and for each clip's curves of brightness and sharpness.", HelpName = "DIR" };
        Option<bool> images = new("--images") { Description = "Write the predicted frames there, too: METHOD/NAME.png." };
        Option<string?> sheet =
            new("--contact-sheet")
            {
                Description = $"Write a picture of truth, each method's frame and each one's error, a row for each of up to {ContactSheet.MostRows} items.",
                HelpName = "FILE.png"
            };
        Option<ExecutorKind> executor = new("--executor") { Description = "Who runs the networks: AdaConv's engine, in float32, or libtorch." };
        Option<Precision> precision = new("--precision") { Description = "Number type of the convolutions: other than float32 with --executor torch only." };
        Option<int> ensemble = new("--ensemble")
        {
            Description = "Views of each pair that networks predict from, their mean being scored.",
            DefaultValueFactory = _ => 1,
            HelpName = "1|2|4|8"
        };
        ensemble.AcceptOnlyFromAmong("1", "2", "4", "8");
        Option<Synthesis> synthesis = new("--synthesis") { Description = "convolution, or warping alone, to see what the kernels bring." };
        Option<Grain> grain = new("--grain")
        {
            Description = "keep, as conversions do, or smooth (the default): what networks themselves predict.",
            DefaultValueFactory = _ => Grain.Smooth,
        };
        Option<MotionPath> motion = new("--motion")
        {
            Description = "curved, as in conversions: frames of clips are placed by the pairs before and after, too; or straight (the default): each pair by "
                + "itself.",
            DefaultValueFactory = _ => MotionPath.Straight,
        };
        Command command = new("evaluate", "Score predicted frames against true ones: RMSE, PSNR, SSIM and mean absolute error over 8-bit RGB.\n\n"
            + "Example: training evaluate --weights models/guided.safetensors --set middlebury --clips validation --output scores")
        {
            weights, sets, clips, limit, every, minterpolate, output, images, sheet, executor, precision, ensemble, synthesis, grain, motion,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(images) && result.GetValue(output) is null)
            {
                result.AddError("--images needs the folder to write to: --output DIR.");
            }

            if (result.GetValue(minterpolate) && result.GetValue(every) > 2)
            {
                result.AddError("--minterpolate is for frames in the middle; leave out --every.");
            }

            if (!(result.GetValue(sets)?.Length > 0 || result.GetValue(clips)?.Length > 0))
            {
                result.AddError("There is nothing to score; name a test set with --set or clips with --clips.");
            }
        });
        command.SetAction(result =>
        {
            var options = new InterpolatorOptions
            {
                Precision = result.GetValue(precision),
                Ensemble = result.GetValue(ensemble),
                Synthesis = result.GetValue(synthesis),
                Grain = result.GetValue(grain),
                Motion = result.GetValue(motion),
            };
            TestItem[] items =
            [
                .. (result.GetValue(sets) ?? []).SelectMany(TestItem.OfFolder),
                .. (result.GetValue(clips) ?? []).SelectMany(
                    path => TestItem.OfClips(path, result.GetValue(limit) ?? int.MaxValue, result.GetValue(every) ?? 2)),
            ];
            bool withMinterpolate = result.GetValue(minterpolate) && Minterpolate.IsThere();
            if (result.GetValue(minterpolate) && !withMinterpolate)
            {
                Console.Error.WriteLine("training: minterpolate is skipped: this ffmpeg was built without it.");
            }

            IReadOnlyList<EvaluatedWeights> networks = EvaluatedWeights.Load(result.GetValue(weights) ?? [], options, result.GetValue(executor));
            try
            {
                Evaluate(items, networks, withMinterpolate, options, result.GetValue(output), result.GetValue(images), result.GetValue(sheet));
            }
            finally
            {
                foreach (EvaluatedWeights each in networks)
                {
                    each.Dispose();
                }
            }
        });
        return command;
    }

    private static void Evaluate(
        TestItem[] items, IReadOnlyList<EvaluatedWeights> networks, bool withMinterpolate, InterpolatorOptions options, string? folder,
        bool withImages, string? sheet)
    {
        var evaluator = new Evaluator(
            [(Evaluator.Averaging, new AveragingInterpolator()), .. networks.SelectMany(Methods)], withMinterpolate);
        var contacts = new ContactSheet(items.Length);
        var flicker = new ClipFlicker();
        List<ScoredItem> scores = [];
        for (int i = 0; i < items.Length; i++)
        {
            Progress(i, items.Length);
            scores.AddRange(evaluator.Score(items[i], frame =>
            {
                contacts.Add(frame);
                flicker.Add(frame);
                if (withImages)
                {
                    WriteImages(folder!, frame);
                }
            }));
        }

        Progress(items.Length, items.Length);
        var report = new EvaluationReport(scores, flicker, networks, options);
        Console.Write(report.ToMarkdown(MostLines));
        Write(folder is null ? null : Path.Combine(folder, "scores.md"), path => DurableStore.Write(path, report.ToMarkdown()));
        Write(folder is null ? null : Path.Combine(folder, "scores.json"), path => DurableStore.Write(path, report.ToJson()));
        Write(folder, flicker.WriteCurves);
        Write(sheet, path => contacts.Draw()!.WritePng(path));

        IEnumerable<(string, IFrameInterpolator)> Methods(EvaluatedWeights each) =>
            each is { KnowsTime: true, IsCurved: false } && items.Any(item => item.Every != 2)
                ? [(each.Name, each.Interpolator), (each.Name + " by halving", each.Halving)]
                : [(each.Name, each.Interpolator)];
    }

    private static void Progress(int done, int all)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done} of {Counted.Of(all, "item")}{(done == all ? "\n" : "")}"));
        }
    }

    private static void WriteImages(string folder, ScoredFrame frame)
    {
        string name = frame.Item.Kind == TestSetKind.Clips
            ? Path.Combine(frame.Item.FileName, string.Create(CultureInfo.InvariantCulture, $"{frame.ClipIndex:D5}")) : frame.Item.FileName;
        foreach (Prediction prediction in frame.Predictions)
        {
            Write(Path.Combine(folder, prediction.Method, name + ".png"), prediction.Image.WritePng);
        }
    }

    private static void Write(string? path, Action<string> write)
    {
        if (path is not null)
        {
            write(path);
        }
    }
}
