using System.Globalization;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Torch;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Optimization;

/// <summary>Short runs that differ in one setting, with the same seed and data: their scores, costs, curves, and crops side by side.</summary>
/// <param name="title">What is compared.</param>
/// <param name="variants">The runs.</param>
/// <param name="items">What the trained networks are scored on.</param>
/// <param name="note">What a reader should know of these items; may be empty.</param>
public sealed class Comparison(string title, IReadOnlyList<ComparisonVariant> variants, IReadOnlyList<TestItem> items, string note)
{
    private const int CropSize = 96, CropScale = 3, MostRows = 12;

    /// <summary>Trains every variant in a folder of its own, then scores all of them and writes comparison.md, comparison.csv, crops.png and
    /// comparison.html. Started again, it goes on from the runs' checkpoints.</summary>
    /// <param name="folder">The folder of the runs and results.</param>
    /// <param name="options">How each run is watched; its folder is set here.</param>
    /// <param name="cancellation">Ends the runs; nothing is scored then.</param>
    /// <returns>The table of scores and costs.</returns>
    /// <exception cref="TrainingException">A run failed, an item cannot be read, or a result cannot be written.</exception>
    public ReportTable Run(string folder, TrainerOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (ComparisonVariant variant in variants)
        {
            options.Report($"{title}: {variant.Name}");
            using var trainer = new Trainer(variant.Configuration, options with { RunFolder = Path.Combine(folder, variant.Name) });
            trainer.Run(cancellation);
            cancellation.ThrowIfCancellationRequested();
        }

        List<TiledInterpolator> networks = [];
        try
        {
            networks.AddRange(variants.Select(variant =>
                EngineExecutor.Load(Path.Combine(folder, variant.Name, "weights.safetensors"), new InterpolatorOptions { Threads = options.Threads })));
            TimedInterpolator[] timed = [.. networks.Select(network => new TimedInterpolator(network))];
            var evaluator = new Evaluator([(Evaluator.Averaging, new AveragingInterpolator()),
                .. variants.Zip(timed, (variant, network) => (variant.Name, (IFrameInterpolator)network))]);
            List<ScoredItem> scores = [];
            List<ScoredFrame> rows = [];
            foreach (TestItem item in items)
            {
                // Of a clip the frame that moves most is shown.
                ScoredFrame? shown = null;
                scores.AddRange(
                    evaluator.Score(item, frame => shown = shown is null || frame.Predictions[0].Score.Rmse > shown.Predictions[0].Score.Rmse ? frame : shown));
                rows.AddRange(shown is not null && rows.Count < MostRows ? [shown] : []);
                cancellation.ThrowIfCancellationRequested();
            }

            RunLog[] logs = [.. variants.Select(variant => RunLog.Read(Path.Combine(folder, variant.Name, "log.jsonl")))];
            ReportTable table = Table(scores, logs, timed);
            Write(folder, table, scores, rows, logs);
            return table;
        }
        finally
        {
            networks.ForEach(network => network.Dispose());
        }
    }

    private ReportTable Table(List<ScoredItem> scores, RunLog[] logs, TimedInterpolator[] timed)
    {
        List<IReadOnlyList<string>> rows = [];
        foreach (var (method, _, mean) in ScoreTables.Means(scores))
        {
            int index = variants.TakeWhile(variant => variant.Name != method).Count();
            rows.Add([method, .. ScoreTables.Cells(mean), .. index < variants.Count ? Costs(variants[index], logs[index], timed[index]) : ["", "", ""]]);
        }

        return new ReportTable([.. ScoreTables.Measures.Prepend("run"), "s/step", "s/megapixel", "multiply-adds/pixel"], rows);
    }

    private static string[] Costs(ComparisonVariant variant, RunLog log, TimedInterpolator timed)
    {
        double[] speeds = [.. log.Progress.Select(entry => entry.SamplesPerSecond).Order()];
        using TorchNetwork network = variant.Configuration.Network.CreateNetwork();
        return
        [
            speeds.Length == 0 ? "" : (variant.Configuration.Batch / speeds[speeds.Length / 2]).ToString("F3", CultureInfo.InvariantCulture),
            timed.SecondsPerMegapixel?.ToString("F3", CultureInfo.InvariantCulture) ?? "",
            network.Description.MultiplyAddsPerPixel.ToString("F0", CultureInfo.InvariantCulture),
        ];
    }

    private void Write(string folder, ReportTable table, List<ScoredItem> scores, List<ScoredFrame> rows, RunLog[] logs)
    {
        string text = string.Join(' ', [Description(), note]).Trim();
        byte[] crops = PictureSheet.Draw([.. rows.Select(Crops)], CropSize * CropScale).ToPng();
        DurableStore.Write(Path.Combine(folder, "crops.png"), crops);
        DurableStore.Write(Path.Combine(folder, "comparison.csv"), table.ToCsv());
        DurableStore.Write(Path.Combine(folder, "comparison.md"), $"# {title}\n\n{text}\n\n{table.ToMarkdown()}\n{ScoreTables.ToMarkdown(scores)}");
        var page = new ReportPage(title);
        page.Paragraph(text).Table(table)
            .Heading("Curves")
            .Image(new PageImage("Loss as a share of averaging's",
                Curves.Png("Each run's own training loss as a share of averaging's on the same frames", "step", "share", [.. variants.Zip(logs, Curve)])))
            .Heading("Crops").Paragraph("Where averaging is worst, enlarged three times.").Image(new PageImage("crops", crops))
            .Heading("Whole pictures").Comparisons([.. rows.Select(Pair)], "Left of the line")
            .Write(Path.Combine(folder, "comparison.html"));
    }

    private string Description()
    {
        TrainingConfiguration first = variants[0].Configuration;
        return string.Create(CultureInfo.InvariantCulture,
            $"{variants.Count} runs of {Counted.Of(first.Steps, "step")} with {first.Batch} samples of {first.PatchSize}×{first.PatchSize}, seed "
            + $"{first.Seed}, scored on {Counted.Of(items.Count, "item")}. "
            + $"s/step: median of the log's lines. s/megapixel: predicting whole frames, without the first one. Both depend on the machine's load.");
    }

    private static CurveSeries Curve(ComparisonVariant variant, RunLog log)
    {
        IReadOnlyList<LoggedProgress> progress = RunCurves.Thinned(log.Progress);
        return new CurveSeries(variant.Name, [.. progress.Select(entry => (double)entry.Step)], [.. progress.Select(entry => entry.Loss / entry.Baseline)]);
    }

    private static SheetCell[] Crops(ScoredFrame frame)
    {
        var (x, y) = CropChoice.WorstSquare(frame.Predictions[0].Image, frame.Truth, CropSize);
        return
        [
            new($"{frame.Item.Name}: truth", frame.Truth.Crop(x, y, CropSize, CropSize)),
            .. frame.Predictions.Select(prediction => new SheetCell(
                $"{prediction.Method}, {ScoreTables.Cells(prediction.Score)[1]} dB", prediction.Image.Crop(x, y, CropSize, CropSize))),
        ];
    }

    private static PageComparison Pair(ScoredFrame frame) => new(
        frame.Item.Name, [.. frame.Predictions.Select(prediction => new PageImage(prediction.Method, prediction.Image.ToJpeg()))],
        new PageImage("truth", frame.Truth.ToJpeg()));
}

/// <summary>One of the runs that are compared.</summary>
/// <param name="Name">What makes it different, as a folder's name: "l2", "k25".</param>
/// <param name="Configuration">Its whole configuration.</param>
public sealed record ComparisonVariant(string Name, TrainingConfiguration Configuration);
