using System.CommandLine;
using System.Globalization;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Inspection;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter inspect</c>: what a file is, and what convert would make of it.</summary>
internal static class InspectCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var input = new Argument<string>("INPUT") { Description = "The video to inspect." };
        var output = new Option<string?>("--output", "-o") { Description = "The intended output; its extension decides the container.", HelpName = "FILE" };
        var cuts = new Option<bool>("--cuts") { Description = "Find the scene cuts; this decodes the whole video." };
        var quick = new Option<bool>("--quick") { Description = "Do not measure how long a conversion would take." };
        var preset = new Option<string?>("--preset")
        {
            Description = "Settings by name (see: framefilter presets list) or from a .yaml file.",
            HelpName = "NAME|FILE"
        };
        var json = JsonOutput.CreateOption();
        var command = new Command("inspect", "Shows what a file contains, what convert would do with it, and how long that would take here.")
        {
            input, output, cuts, quick, preset, json,
        };
        var settings = new SettingOptions();
        settings.AddTo(command);
        command.SetAction(result =>
        {
            var options = settings.Resolve(result, result.GetValue(preset), files);
            return Interruption.Run(cancellation =>
            {
                var report = new Inspector(options, files).Inspect(
                    result.GetRequiredValue(input), result.GetValue(output), result.GetValue(cuts), !result.GetValue(quick), cancellation);
                JsonOutput.Write(result.InvocationConfiguration.Output, report, result.GetValue(json), Print);

                return report.Plan.Problems.IsEmpty ? ExitCode.Success : ExitCode.Failure;
            });
        });
        return command.WithExamples(
            "framefilter inspect film.mkv",
            "framefilter inspect film.mkv --cuts --quick",
            "framefilter inspect film.mkv --output film-60.mp4 --fps 60 --json");
    }

    private static void Print(TextWriter output, InspectionReport report)
    {
        var video = report.Video;
        output.WriteLine(Join([report.File + ": " + report.Container, report.Bytes is { } bytes ? Machine.Size(bytes) : null, Length(report.Seconds)]));
        Line("video", Join(
        [
            video.Codec,
            Text($"{video.Width}×{video.Height}"),
            video.PixelAspect == "1" ? null : $"pixels {video.PixelAspect}",
            video.Rotation == 0 ? null : Text($"turned {video.Rotation}°"),
            video.PixelFormat,
            video.IsInterlaced ? "interlaced" : null,
        ]));
        Line("rate", Join(
        [
            video.Rate is { } rate ? $"{rate} frames per second" : "no frame rate stated",
            video.IsVariableRate switch
            {
                true => Text($"variable: {video.ShortestInterval * 1000:0.#} to {video.LongestInterval * 1000:0.#} ms from frame to frame"),
                false => "constant",
                null => video.FramesLookedAt == 0 ? "its frames have no times" : "too few frames to say whether it is constant",
            },
            video.IsVariableRate is null
                ? null
                : video.FramesLookedAt == 1
                ? "judged by the first frame"
                : Text($"judged by the first {video.FramesLookedAt} frames"),
            video.Frames is { } frames ? Counted.Of(frames, "frame in all", "frames in all") : null,
        ]));
        if (video.Fields is { } fields)
        {
            Line("fields", fields.Words);
            if (fields.Advice is { } advice)
            {
                Line("advice", advice);
            }
        }

        Line("colour",
            Join([video.Color.Matrix ?? "no matrix tagged", video.Color.Primaries, video.Color.Transfer, video.Color.Range, video.HighDynamicRange]));
        if (report.Cuts is { } cuts)
        {
            string times = string.Join(", ", cuts.Take(50).Select(cut => Text($"{cut:0.000} s"))) + (cuts.Count > 50 ? " …" : string.Empty);
            Line("cuts", cuts.Count == 0 ? "none" : Text($"{cuts.Count}: {times}"));
        }

        output.WriteLine();
        PlanText.Write(output, report.Plan);
        Line("time", Join([report.Timing.Seconds is { } seconds ? "about " + Length(seconds) : null, report.Timing.Note]));

        void Line(string topic, string text) => output.WriteLine($"  {topic,-10} {text}");
    }

    private static string Join(IEnumerable<string?> parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string? Length(double? seconds) =>
        seconds is not { } value
            ? null
            : value < 10
            ? Text($"{value:0.0} s")
            : TimeSpan.FromSeconds(value).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
