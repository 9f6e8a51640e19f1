using AdaConv.Drawing;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>The charts of a run.</summary>
internal static class RunCurves
{
    private const int MostPoints = 300;

    /// <summary>Every chart that the log has points for, with its file name.</summary>
    public static IEnumerable<(string Name, PageImage Chart)> Draw(RunLog log)
    {
        IReadOnlyList<LoggedProgress> progress = Thinned(log.Progress);
        double[] steps = [.. progress.Select(entry => (double)entry.Step)];
        double[] examined = [.. log.Examinations.Select(entry => (double)entry.Step)];
        if (progress.Count > 0)
        {
            yield return Chart("ratio", "Loss as a share of averaging's on the same frames", "share",
                Line("training", entry => entry.Loss / entry.Baseline), Marks("validation", entry => entry.ValidationLoss / entry.ValidationBaseline));
            yield return Chart("loss", "Loss of the predicted frame", "loss",
                Line("training", entry => entry.Loss), Line("averaging, training", entry => entry.Baseline),
                Marks("validation", entry => entry.ValidationLoss), Marks("averaging, validation", entry => entry.ValidationBaseline));
        }

        if (log.Examinations.Count > 0)
        {
            yield return Chart("psnr", "Peak signal-to-noise ratio at the examinations", "PSNR, dB",
                Marks("test pictures", entry => entry.Pictures), Marks("validation clips", entry => entry.Validation));
        }

        if (progress.Count > 0)
        {
            yield return Chart("speed", "Speed", "samples/s", Line("samples/s", entry => entry.SamplesPerSecond));
            yield return Chart("learning-rate", "Learning rate", "learning rate", Line("learning rate", entry => entry.LearningRate));
        }

        (string, PageImage) Chart(string name, string title, string unit, params CurveSeries[] series) =>
            (name + ".png", new PageImage(title, Curves.Png(title, "step", unit, series)));

        CurveSeries Line(string name, Func<LoggedProgress, double> value) => new(name, steps, [.. progress.Select(value)]);

        CurveSeries Marks(string name, Func<LoggedExamination, double?> value) =>
            new(name, examined, [.. log.Examinations.Select(entry => value(entry) ?? double.NaN)], Markers: true);
    }

    // Means of neighbouring lines, weighted by their steps: a batch's loss says more about the batch than about the network.
    public static IReadOnlyList<LoggedProgress> Thinned(IReadOnlyList<LoggedProgress> progress)
    {
        if (progress.Count == 0)
        {
            return progress;
        }

        long last = progress[^1].Step, before = 0;
        List<(long Bin, double Weight, LoggedProgress Entry)> weighted = [];
        foreach (LoggedProgress entry in progress)
        {
            weighted.Add((entry.Step * MostPoints / (last + 1), entry.Step - before, entry));
            before = entry.Step;
        }

        return [.. weighted.GroupBy(item => item.Bin).Select(bin => new LoggedProgress(
            bin.Last().Entry.Step, Mean(bin, entry => entry.Loss), Mean(bin, entry => entry.Baseline), Mean(bin, entry => entry.SamplesPerSecond),
            bin.Last().Entry.LearningRate))];

        static double Mean(IEnumerable<(long Bin, double Weight, LoggedProgress Entry)> bin, Func<LoggedProgress, double> value) =>
            bin.Sum(item => item.Weight * value(item.Entry)) / bin.Sum(item => item.Weight);
    }
}
