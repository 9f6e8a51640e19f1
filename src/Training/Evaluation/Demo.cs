using System.Globalization;
using AdaConv.Drawing;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Evaluation;

/// <summary>A clip halved in rate and doubled back, as a video of four panes: input at half rate, truth, averaging, ours.</summary>
/// <param name="network">What predicts the dropped frames.</param>
/// <param name="paneWidth">Width of a pane at most; larger frames are scaled down.</param>
/// <param name="limit">Dropped frames at most, from the clip's start.</param>
public sealed class Demo(IFrameInterpolator network, int paneWidth, int limit)
{
    /// <summary>Writes the video (demo.mp4), the scores of each frame (scores.csv, scores.md) and their curve (psnr.png) into a folder.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="progress">Told the number of frames written, now and then.</param>
    /// <param name="cancellation">Ends the work; no video is left then.</param>
    /// <returns>The mean scores of averaging and of ours.</returns>
    /// <exception cref="TrainingException">The clip cannot be read or is too short.</exception>
    /// <exception cref="StorageException">A file cannot be written.</exception>
    public (FrameScore Averaging, FrameScore Ours) Write(string clip, string folder, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        TestItem item = TestItem.OfClips(clip, limit).Single();
        string rate = ClipReader.ReadRate(clip), video = Path.Combine(folder, "demo.mp4");
        List<(FrameScore Averaging, FrameScore Ours)> scores = [];
        DurableStore.CreateFolder(folder);
        VideoWriter? writer = null;
        try
        {
            int frames = 0;
            foreach (RgbImage panes in Panes(item, scores))
            {
                cancellation.ThrowIfCancellationRequested();
                writer ??= new VideoWriter(video, panes.Width, panes.Height, rate);
                writer.Write(panes);
                progress?.Invoke(++frames);
            }

            writer!.Complete();
        }
        finally
        {
            writer?.Dispose();
        }

        return WriteScores(folder, clip, rate, scores);
    }

    // Two frames a triplet: the earlier one, then the one between; and the last one at the end.
    private IEnumerable<RgbImage> Panes(TestItem item, List<(FrameScore, FrameScore)> scores)
    {
        RgbImage? last = null;
        (string, IFrameInterpolator)[] methods = [(Evaluator.Averaging, new AveragingInterpolator()), (Evaluator.Ours, network)];
        foreach (FrameTriplet triplet in item.Read())
        {
            RgbImage first = ImageFile.ToImage(triplet.First);
            yield return Sheet(first, first, first, first, "original", "original");
            ScoredFrame frame = Evaluator.Predict(methods, item, scores.Count, triplet);
            Prediction averaging = frame.Predictions[0], ours = frame.Predictions[1];
            scores.Add((averaging.Score, ours.Score));
            yield return Sheet(first, frame.Truth, averaging.Image, ours.Image, Decibels(averaging), Decibels(ours));
            last = ImageFile.ToImage(triplet.Second);
        }

        if (last is not null)
        {
            yield return Sheet(last, last, last, last, "original", "original");
        }
    }

    private RgbImage Sheet(RgbImage input, RgbImage truth, RgbImage averaging, RgbImage ours, string averagingNote, string oursNote) => PictureSheet.Draw(
        [
            [new("input, half the rate", input), new("truth", truth)],
            [new($"{Evaluator.Averaging}: {averagingNote}", averaging), new($"{Evaluator.Ours}: {oursNote}", ours)],
        ],
        Math.Min(input.Width, paneWidth));

    private static string Decibels(Prediction prediction) => $"{ScoreTables.Cells(prediction.Score)[1]} dB";

    private static (FrameScore, FrameScore) WriteScores(string folder, string clip, string rate, List<(FrameScore Averaging, FrameScore Ours)> scores)
    {
        int[] numbers = [.. scores.Select((_, index) => 2 * index + 1)];
        double[] across = [.. numbers.Select(number => (double)number)];
        var table = new ReportTable(
            ["frame", .. Headings(Evaluator.Averaging), .. Headings(Evaluator.Ours)],
            [.. scores.Zip(numbers, (score, number) =>
                (string[])[number.ToString(CultureInfo.InvariantCulture), .. ScoreTables.Cells(score.Averaging), .. ScoreTables.Cells(score.Ours)])]);
        FrameScore averagingMean = FrameScore.Mean([.. scores.Select(score => score.Averaging)]),
            oursMean = FrameScore.Mean([.. scores.Select(score => score.Ours)]);
        var means = new ReportTable(["method", .. Headings("")],
            [[Evaluator.Averaging, .. ScoreTables.Cells(averagingMean)], [Evaluator.Ours, .. ScoreTables.Cells(oursMean)]]);
        DurableStore.Write(Path.Combine(folder, "scores.csv"), table.ToCsv());
        DurableStore.Write(Path.Combine(folder, "scores.md"),
            $"# {Path.GetFileName(clip)}, halved in rate and doubled back to {rate} frames per second\n\nMeans of "
            + $"{Counted.Of(scores.Count, "predicted frame")}:\n\n"
            + $"{means.ToMarkdown()}\nEach frame:\n\n{table.ToMarkdown()}");
        DurableStore.Write(Path.Combine(folder, "psnr.png"), Curves.Png($"{Path.GetFileName(clip)}: predicted frames", "frame", "PSNR, dB",
            [new(Evaluator.Averaging, across, [.. scores.Select(score => score.Averaging.Psnr)]),
                new(Evaluator.Ours, across, [.. scores.Select(score => score.Ours.Psnr)])]));
        return (averagingMean, oursMean);

        static string[] Headings(string method) => [.. ScoreTables.Measures.Select(measure => $"{method} {measure}".Trim())];
    }
}
