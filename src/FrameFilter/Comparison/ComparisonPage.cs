using System.Globalization;
using System.Text;
using AdaConv.Reports;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Comparison;

/// <summary>What a comparison leaves for people: a table, curves, and a page with the frames themselves.</summary>
internal static class ComparisonPage
{
    /// <summary>The page's name in its folder.</summary>
    public const string Page = "index.html";

    /// <summary>The name of the video beside it.</summary>
    public const string Video = "side-by-side.mp4";

    private const string ScoreTable = "scores.csv", PsnrCurve = "psnr.svg", SsimCurve = "ssim.svg";

    /// <summary>The names of all that a comparison writes.</summary>
    public static readonly string[] Files = [Page, Video, ScoreTable, PsnrCurve, SsimCurve];

    /// <summary>Writes scores.csv, psnr.svg, ssim.svg and the page beside them.</summary>
    public static void Write(string input, int taken, ComparisonResult result, IReadOnlyList<(string Name, ComparedFrame Score, PictureTriple Pictures)> shown)
    {
        string folder = Path.GetDirectoryName(result.Page)!;
        DurableStore.Write(Path.Combine(folder, ScoreTable), Scores(result).ToCsv());
        byte[] psnr = Curve(result, "PSNR of each new frame", "PSNR (dB)", score => score.Psnr);
        byte[] ssim = Curve(result, "SSIM of each new frame", "SSIM", score => score.Ssim);
        DurableStore.Write(Path.Combine(folder, PsnrCurve), psnr);
        DurableStore.Write(Path.Combine(folder, SsimCurve), ssim);

        ReportPage page = new ReportPage($"{Path.GetFileName(input)}: frames dropped and predicted again")
            .Paragraph(
                $"Every second one of the first {taken} frames was dropped, and the video was doubled again as convert does it. "
                + "Each new frame is compared with the dropped one, and so is the average of its two neighbours. Higher is better.")
            .Table(Summary(result))
            .Image(new("PSNR: 40 dB and more are hard to tell from the truth", psnr))
            .Image(new("SSIM: 1 means identical", ssim))
            .Heading("Frames")
            .Paragraph("Drag across a picture: the prediction or the average is left of the line, the truth right of it.")
            .Comparisons([.. shown.Select(one => Comparison(one.Name, one.Score, one.Pictures))], "Left of the line")
            .Heading("Files")
            .Paragraph("Files beside this page: scores.csv with the scores of every frame, both curves, and side-by-side.mp4 with the truth and the "
                + "doubled video.");
        page.Write(result.Page);
    }

    private static PageComparison Comparison(string name, ComparedFrame score, PictureTriple pictures) => new(
        $"{name}: frame {score.Index} at {Number(score.Seconds, "0.000")} s, {Number(score.Predicted.Psnr, "0.00")} dB (average "
        + $"{Number(score.Averaged.Psnr, "0.00")} dB)",
        [new("average", pictures.Averaged), new("predicted", pictures.Predicted)],
        new("truth", pictures.Truth));

    private static ReportTable Summary(ComparisonResult result) => new(
        ["", "PSNR (dB)", "lowest PSNR (dB)", "SSIM", "mean absolute error (of 255)"],
        [
            Row("predicted", result.Predicted, result.Frames.Min(frame => frame.Predicted.Psnr)),
            Row("average", result.Averaged, result.Frames.Min(frame => frame.Averaged.Psnr)),
        ]);

    private static string[] Row(string name, FrameScore score, double lowest) =>
        [name, Number(score.Psnr, "0.00"), Number(lowest, "0.00"), Number(score.Ssim, "0.0000"), Number(score.MeanAbsoluteError, "0.00")];

    private static ReportTable Scores(ComparisonResult result) => new(
        ["frame", "seconds", "psnr", "ssim", "mean_absolute_error", "average_psnr", "average_ssim", "average_mean_absolute_error"],
        [
            .. result.Frames.Select(frame => (string[])
            [
                frame.Index.ToString(CultureInfo.InvariantCulture), Number(frame.Seconds, "0.000000"),
                .. new[] { frame.Predicted, frame.Averaged }.SelectMany(score => (string[])
                    [Number(score.Psnr, "0.0000"), Number(score.Ssim, "0.000000"), Number(score.MeanAbsoluteError, "0.0000")]),
            ]),
        ]);

    private static byte[] Curve(ComparisonResult result, string title, string label, Func<FrameScore, double> value)
    {
        double[] times = [.. result.Frames.Select(frame => frame.Seconds)];
        return Encoding.UTF8.GetBytes(CurveChart.Svg(title, "time (s)", label,
        [
            new("predicted", times, [.. result.Frames.Select(frame => value(frame.Predicted))], result.Frames.Count < 40),
            new("average", times, [.. result.Frames.Select(frame => value(frame.Averaged))], result.Frames.Count < 40),
        ]));
    }

    private static string Number(double value, string format) => double.IsPositiveInfinity(value) ? "∞" : value.ToString(format, CultureInfo.InvariantCulture);
}
