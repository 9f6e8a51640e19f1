using System.Globalization;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;

namespace AdaConv.FrameFilter.Display;

/// <summary>A conversion's plan for people to read.</summary>
internal static class PlanText
{
    /// <summary>Writes a plan: what would be written, or why nothing would; then what becomes of every stream, and the notes.</summary>
    /// <param name="output">Receives the text.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="indent">What each line begins with.</param>
    public static void Write(TextWriter output, ConversionPlan plan, string indent = "")
    {
        bool isRefused = !plan.Problems.IsEmpty;
        output.WriteLine($"{indent}convert would {(isRefused ? "refuse to write" : "write")} {Printable.Of(plan.Output ?? "")}:");
        foreach (PlanProblem problem in plan.Problems)
        {
            output.WriteLine($"{indent}  {Printable.Of(problem.Message)}");
        }

        if (plan is { Encoder: { } encoder, Picture: { } picture })
        {
            Line("video", Join(plan.Container, Join(" ", encoder.Options.Select(option => $"{option.Key}={option.Value}").Prepend(encoder.Name))));
            Line("picture", Join(
                Text($"{picture.Width}×{picture.Height}"),
                picture.PixelFormat == picture.SourceFormat ? picture.PixelFormat : $"{picture.PixelFormat} from {picture.SourceFormat}",
                picture.Color.Matrix ?? "no matrix tagged",
                picture.Color.Primaries,
                picture.Color.Transfer,
                picture.Color.Range));
        }

        if (plan.Interlaced is { } interlaced)
        {
            Line("interlaced", interlaced switch
            {
                InterlacedHandling.Fields => "each field becomes a frame",
                InterlacedHandling.Frames => "each frame is deinterlaced to one picture",
                InterlacedHandling.Film => "film frames are put together from the fields",
                InterlacedHandling.Ignore => "frames are taken as whole pictures",
                _ => "refused",
            });
        }

        if (plan.Schedule is { } schedule)
        {
            Line("rate", Join(
                $"{schedule.InputRate} to {schedule.Rate} frames per second{(schedule.IsConstant ? ", constant" : "")}",
                schedule.Slowdown > 1 ? Text($"{schedule.Slowdown} times as long") : null,
                schedule.Frames is { } frames ? Text($"{frames} frames, {schedule.NewFrames} of them new") : "the input does not state its number of frames"));
        }

        foreach (StreamPlan stream in plan.Streams.Where(stream => stream.Treatment != StreamTreatment.Convert))
        {
            string? treatment = stream.Treatment switch
            {
                StreamTreatment.Copy => "copied",
                StreamTreatment.Stretch => $"stretched, encoded with {stream.Encoder}",
                StreamTreatment.Rewrite => $"written as {stream.Encoder}",
                StreamTreatment.Attach => "attached",
                StreamTreatment.Drop => "dropped",
                _ => null,
            };
            string why = stream.Reason is { } reason && stream.Treatment != StreamTreatment.Stretch ? $" ({reason})" : "";
            Line(Text($"stream {stream.Index}"), Join(stream.Description, stream.Title is { } title ? $"“{title}”" : null, treatment) + why);
        }

        if (!isRefused && plan.Segments is { } segments)
        {
            Line("segments", segments.AreKept
                ? Text($"of {segments.Seconds} s, kept beside the output until it is complete")
                : $"none kept: {segments.Reason}");
        }

        foreach (string note in plan.Notes)
        {
            Line("note", note);
        }

        void Line(string topic, string text) => output.WriteLine($"{indent}  {topic,-10} {Printable.Of(text)}");
    }

    private static string Join(params string?[] parts) => Join(", ", parts);

    private static string Join(string separator, IEnumerable<string?> parts) => string.Join(separator, parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
