using System.Globalization;
using System.Text.Json;
using AdaConv.Drawing;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Evaluation;

/// <summary>A run's report: charts as PNG in the run's folder, and one self-contained page, report.html.</summary>
public static class RunReport
{
    private const int MostExaminations = 6, MostPictures = 24, MostColumns = 8;

    /// <summary>Renews charts and page from the run's configuration, log and kept examinations.</summary>
    /// <param name="run">The run's folder.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="TrainingException">The folder holds no run, or cannot be read or written.</exception>
    public static string Write(string run)
    {
        string config = Path.Combine(run, "config.json"), logPath = Path.Combine(run, "log.jsonl");
        if (!File.Exists(config) || !File.Exists(logPath))
        {
            throw new TrainingException($"{run} is not the folder of a run: a run has a config.json and a log.jsonl.");
        }

        RunLog log = RunLog.Read(logPath);
        try
        {
            (string Name, PageImage Chart)[] charts = [.. RunCurves.Draw(log)];
            foreach (var (name, chart) in charts)
            {
                DurableStore.Write(Path.Combine(run, "curves", name), chart.Encoded);
            }

            string path = Path.Combine(run, "report.html");
            Page(run, config, log, charts.Select(pair => pair.Chart)).Write(path);
            return path;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainingException($"Writing the report of the run {run} failed: {exception.Message}", exception);
        }
    }

    private static ReportPage Page(string run, string config, RunLog log, IEnumerable<PageImage> charts)
    {
        var page = new ReportPage($"Run {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run)))}");
        page.Paragraph(Summary(log));
        page.Heading("Curves");
        foreach (PageImage chart in charts)
        {
            page.Image(chart);
        }

        Examinations(page, run, log);
        using JsonDocument configuration = JsonDocument.Parse(File.ReadAllText(config));
        return page.Heading("Configuration").Table(new ReportTable(["key", "value"], [.. Flattened(configuration.RootElement, "")]));
    }

    private static string Summary(RunLog log)
    {
        if (log.Progress.Count == 0)
        {
            return "No step has been logged yet.";
        }

        LoggedProgress last = log.Progress[^1];
        string epochs = log.StepsPerEpoch is { } steps ? string.Create(CultureInfo.InvariantCulture, $" ({last.Step / steps:F1} epochs)") : "";
        string best = log.Examinations.MaxBy(entry => entry.Pictures) is { Pictures: { } psnr } examination
            ? string.Create(CultureInfo.InvariantCulture,
                $" The best examination, at step {examination.Step}, reached {psnr:F2} dB on the test pictures.") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(last.Step, "step")}{epochs}; the last loss logged is {last.Loss:F5}, {last.Loss / last.Baseline:F3} of averaging's on the "
            + $"same frames.{best}");
    }

    private static void Examinations(ReportPage page, string run, RunLog log)
    {
        string folder = Path.Combine(run, Examination.FolderName);
        long[] steps = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder)
                .Select(path => long.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out long step) ? step : -1)
                .Where(step => step >= 0 && File.Exists(Scores(folder, step))).Order()]
            : [];
        if (steps.Length == 0)
        {
            return;
        }

        KeptScores last = ReadScores(Scores(folder, steps[^1])),
            averaging = ReadScores(Path.Combine(folder, Examination.AveragingName, Examination.ScoresName));
        long[] columns = Spread(steps, MostColumns), shown = Spread(steps, MostExaminations);
        KeptScores[] each = [.. columns.Select(step => ReadScores(Scores(folder, step)))];
        page.Heading("Scores by examination").Paragraph("PSNR in dB over 8-bit RGB; the averaged weights are examined.")
            .Table(new ReportTable(
                ["picture", Evaluator.Averaging, .. columns.Select(step => Label(step, log))],
                [
                    .. last.Scores.Keys.Select(
                        name => Row(name, averaging.Scores.GetValueOrDefault(name), each.Select(scores => scores.Scores.GetValueOrDefault(name)))),
                    Row("mean", Mean(averaging), each.Select(Mean)),
                ]));
        if (ScoreTables.BesidePublished(
            last.Kind, [(Evaluator.Averaging, averaging.Scores.Count, Mean(averaging)),
                (Label(steps[^1], log), last.Scores.Count, Mean(last))]) is { } published)
        {
            page.Heading("Beside published figures")
                .Paragraph("The published networks were trained on graphics cards, most of them on the 51,312 triplets of Vimeo90K. Protocols differ "
                    + "between sources.")
                .Table(published);
        }

        page.Heading("Pictures").Paragraph(
            "Drag the line: the prediction is left of it, the true frame right of it. The pictures here are JPEG; the lossless ones are in the run's folder.");
        page.Comparisons([.. Spread([.. last.Scores.Keys], MostPictures).Select(name => Pair(folder, name, shown, log, last.Scores[name]))], "Prediction of");
    }

    private static PageComparison Pair(string folder, string name, long[] steps, RunLog log, FrameScore score)
    {
        string file = TripletFolder.ToFileName(name) + ".png";
        return new PageComparison(
            string.Create(CultureInfo.InvariantCulture, $"{name}: {score.Psnr:F2} dB, SSIM {score.Ssim:F4} at the last examination"),
            [
                Image(Evaluator.Averaging, Examination.AveragingName),
                .. steps.Select(step => Image(Label(step, log), step.ToString(CultureInfo.InvariantCulture))),
            ],
            Image("truth", Examination.TruthName));

        PageImage Image(string label, string examination) => new(label, RgbImage.Read(Path.Combine(folder, examination, file)).ToJpeg());
    }

    private static string Scores(string folder, long step) => Path.Combine(folder, step.ToString(CultureInfo.InvariantCulture), Examination.ScoresName);

    private static KeptScores ReadScores(string path) => JsonSerializer.Deserialize<KeptScores>(File.ReadAllText(path), RunJson.Options)
        ?? throw new InvalidDataException($"{path} is empty.");

    private static FrameScore Mean(KeptScores scores) => FrameScore.Mean([.. scores.Scores.Values]);

    private static string[] Row(string name, FrameScore averaging, IEnumerable<FrameScore> each) =>
        [name, .. each.Prepend(averaging).Select(score => score == default ? "" : ScoreTables.Cells(score)[1])];

    private static string Label(long step, RunLog log) => log.StepsPerEpoch is { } steps
        ? string.Create(CultureInfo.InvariantCulture, $"step {step} (epoch {step / steps:F1})") : string.Create(CultureInfo.InvariantCulture, $"step {step}");

    // At most so many of them, the first and the last included, evenly spread.
    private static T[] Spread<T>(T[] all, int most) => all.Length <= most
        ? all : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Length - 1) / (most - 1))])];

    private static IEnumerable<string[]> Flattened(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            element.EnumerateObject().SelectMany(property => Flattened(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
        JsonValueKind.Array when element.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array) =>
            element.EnumerateArray().SelectMany((item, index) => Flattened(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"))),
        JsonValueKind.Array => [[path, string.Join(", ", element.EnumerateArray())]],
        _ => [[path, element.ToString()]],
    };
}
