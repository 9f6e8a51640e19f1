using System.Globalization;
using System.Text;
using AdaConv.Reports;

namespace AdaConv.Training.Evaluation;

/// <summary>Scores as tables.</summary>
public static class ScoreTables
{
    /// <summary>Headings of the four measures.</summary>
    internal static readonly string[] Measures = ["RMSE", "PSNR, dB", "SSIM", "mean abs. error"];

    /// <summary>A line for each item and method, then the means.</summary>
    /// <param name="items">The scores of one test set.</param>
    /// <param name="withItems">Not the means alone.</param>
    public static ReportTable Each(IReadOnlyList<ScoredItem> items, bool withItems = true)
    {
        ArgumentNullException.ThrowIfNull(items);
        List<IReadOnlyList<string>> rows =
            [.. items.Where(_ => withItems).Select(item => (IReadOnlyList<string>)[item.Name, item.Method, .. Cells(item.Score)])];
        foreach (var (method, count, mean) in Means(items))
        {
            rows.Add([string.Create(CultureInfo.InvariantCulture, $"mean of {count}"), method, .. Cells(mean)]);
        }

        return new ReportTable(["item", "method", .. Measures], rows);
    }

    /// <summary>A set's means beside published figures; null where none were published for such a set.</summary>
    /// <param name="kind">The set.</param>
    /// <param name="measured">Method, number of items, and mean.</param>
    public static ReportTable? BesidePublished(TestSetKind kind, IEnumerable<(string Method, int Count, FrameScore Mean)> measured)
    {
        PublishedScore[] published = [.. PublishedScores.Of(kind)];
        return published.Length == 0 ? null : new ReportTable(
            ["method", "PSNR, dB", "SSIM", "mean abs. error", "source"],
            [
                .. measured.Select(entry => (IReadOnlyList<string>)[entry.Method, .. Cells(entry.Mean)[1..],
                    string.Create(CultureInfo.InvariantCulture, $"measured here, {Counted.Of(entry.Count, "item")}")]),
                .. published.Select(score =>
                    (IReadOnlyList<string>)[score.Method, Cell(score.Psnr, "F2"), Cell(score.Ssim, "F4"), Cell(score.MeanAbsoluteError, "F3"), score.Source]),
            ]);
    }

    /// <summary>Each method's mean over the items.</summary>
    public static IEnumerable<(string Method, int Count, FrameScore Mean)> Means(IEnumerable<ScoredItem> items) =>
        items.GroupBy(item => item.Method).Select(group => (group.Key, group.Count(), FrameScore.Mean([.. group.Select(item => item.Score)])));

    /// <summary>All sets with their tables, as Markdown.</summary>
    /// <param name="items">The scores.</param>
    /// <param name="mostLines">Sets with more lines than this are shown by their means alone.</param>
    public static string ToMarkdown(IReadOnlyList<ScoredItem> items, int mostLines = int.MaxValue)
    {
        StringBuilder text = new();
        foreach (var set in items.GroupBy(item => (item.Set, item.Kind)))
        {
            text.Append("## ").Append(set.Key.Set).Append("\n\n").Append(Each([.. set], set.Count() <= mostLines).ToMarkdown()).Append('\n');
            if (BesidePublished(set.Key.Kind, Means(set)) is { } published)
            {
                text.Append("Beside published figures:\n\n").Append(published.ToMarkdown()).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>RMSE, PSNR, SSIM and mean absolute error as texts.</summary>
    public static string[] Cells(FrameScore score) =>
        [Cell(score.Rmse, "F3"), Cell(score.Psnr, "F2"), Cell(score.Ssim, "F4"), Cell(score.MeanAbsoluteError, "F3")];

    // Images smaller than SSIM's window have none; equal ones have an infinite PSNR.
    private static string Cell(double? value, string format) => value switch
    {
        null => "",
        double.PositiveInfinity => "∞",
        double number when double.IsNaN(number) => "–",
        double number => number.ToString(format, CultureInfo.InvariantCulture),
    };
}
