using System.Globalization;
using System.Text;
using AdaConv.Conversion.Verification;
using AdaConv.Reports;

namespace AdaConv.FrameFilter.Verification;

/// <summary>A verification for people to look at: the checks, the frames' times, and both waveforms of every stream of sound.</summary>
internal static class VerificationPage
{
    /// <summary>Writes the page.</summary>
    /// <exception cref="Storage.StorageException">It cannot be written.</exception>
    public static void Write(string path, VerificationReport report)
    {
        ReportPage page = new ReportPage($"{Path.GetFileName(report.Output)}: {(report.Held ? "as promised" : "not as promised")}")
            .Paragraph($"Made of {report.Input}. The promise: {VerificationText.Promise(report)}.")
            .Table(new(["", "", "found"], [.. report.Checks.Select(check => (string[])[VerificationText.Word(check.State), check.Name, check.Summary])]));
        VerificationBreak[] breaks = [.. report.Checks.SelectMany(check => check.Breaks)];
        if (breaks.Length > 0)
        {
            page.Heading("What is broken")
                .Paragraph("The first of each kind.")
                .Table(new(
                    ["seconds", "what", "found"],
                    [.. breaks.Select(one => (string[])[one.Seconds is { } at ? Number(at, "0.000") : "", VerificationText.Name(one.Kind), one.Message])]));
        }

        if (report.Frames.Length > 1)
        {
            page.Heading("Times of the first frames")
                .Paragraph("Blue, tall: originals. Orange, short: new frames.")
                .Image(new("Frames promised above, frames found below", Encoding.UTF8.GetBytes(Times(report))));
        }

        foreach (SoundComparison sound in report.Sound)
        {
            string offset = sound.Offset is { } seconds
                ? $"{Number(Math.Abs(seconds) * 1000, "0.0")} ms {(seconds < 0 ? "early" : "late")}, likeness {Number(sound.Likeness ?? 0, "0.000")}, "
                    + $"by {Counted.Of(sound.Places, "place")}"
                : "silent, or too even to have a place";
            page.Heading($"Sound of stream {sound.Stream}")
                .Paragraph($"Against the picture: {offset}. The input's sound stands where the output is to have it.")
                .Image(new("The input's waveform above, the output's below", Encoding.UTF8.GetBytes(Waves(sound))));
        }

        page.Heading("Not promised, or not to be told");
        foreach (string note in report.NotPromised)
        {
            page.Paragraph(note);
        }

        page.Write(path);
    }

    private static string Times(VerificationReport report)
    {
        double start = report.Frames.Min(mark => mark.Seconds), end = Math.Max(start + 1e-3, report.Frames.Max(mark => mark.Seconds));
        TimelineLane Lane(string name, bool isFound) => new(name)
        {
            Marks = [.. report.Frames.Where(mark => mark.IsFound == isFound).Select(mark => (mark.Seconds, mark.IsOriginal))],
        };
        return TimelineChart.Svg("Frames", start, end, [Lane("promised", isFound: false), Lane("found", isFound: true)]);
    }

    private static string Waves(SoundComparison sound)
    {
        TimelineLane Lane(string name, IReadOnlyList<float> peaks) => new(name) { Peaks = peaks, PeakStart = sound.Start, PeakStep = sound.Column };
        double end = sound.Start + Math.Max(1e-3, sound.Column * Math.Max(sound.InputPeaks.Length, sound.OutputPeaks.Length));
        return TimelineChart.Svg($"Sound of stream {sound.Stream}", sound.Start, end, [Lane("input", sound.InputPeaks), Lane("output", sound.OutputPeaks)]);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
