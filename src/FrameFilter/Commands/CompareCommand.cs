using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.FrameFilter.Comparison;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter compare</c>: drops every second frame, predicts it again, and shows how close that comes.</summary>
internal static class CompareCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var input = new Argument<string>("INPUT") { Description = "The video to measure with." };
        var folder = new Option<string?>("--output", "-o")
        {
            Description = "The folder to write to. Default: the input's name with -compare.",
            HelpName = "DIR"
        };
        var frames = new Option<int>("--frames")
        {
            Description = "Frames to use, from the beginning, 3 to 100000.",
            HelpName = "N",
            DefaultValueFactory = _ => 120,
        }.Within(3, 100_000);
        var overwrite = new Option<bool>("--overwrite", "-y") { Description = "Write into a folder that is not empty." };
        var preset = new Option<string?>("--preset")
        {
            Description = "Settings by name (see: framefilter presets list) or from a .yaml file.",
            HelpName = "NAME|FILE"
        };
        var command = new Command("compare", "Drops every second frame, predicts it again, and scores the result: a page with scores, curves and a video.")
        {
            input, folder, frames, overwrite, preset,
        };
        var settings = new SettingOptions();
        settings.AddTo(command);
        command.SetAction(result =>
        {
            string file = result.GetRequiredValue(input);
            string target = result.GetValue(folder) ?? Path.GetFileNameWithoutExtension(file) + "-compare";
            if (!result.GetValue(overwrite) && Path.Exists(target) && (File.Exists(target) || Directory.EnumerateFileSystemEntries(target).Any()))
            {
                throw new MediaException("Writing", target, "it exists and is not an empty folder",
                    "Name another folder with --output, or allow overwriting with -y.");
            }

            var options = settings.Resolve(result, result.GetValue(preset), files);
            return Interruption.Run(cancellation =>
            {
                var comparison = new Comparer(options, files).Compare(
                    file, target, result.GetValue(frames), text => Console.Error.WriteLine($"framefilter: {text}"), cancellation);
                Print(result.InvocationConfiguration.Output, comparison);
                return ExitCode.Success;
            });
        });
        return command.WithExamples(
            "framefilter compare talk.mp4",
            "framefilter compare film.mkv --output film-scores --frames 500",
            "framefilter compare film.mkv --model my-net.safetensors -y");
    }

    private static void Print(TextWriter output, ComparisonResult result)
    {
        foreach (var (name, score) in new[] { ("predicted", result.Predicted), ("average", result.Averaged) })
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-10} {score.Psnr:0.00} dB  SSIM {score.Ssim:0.0000}  ({Counted.Of(result.Frames.Count, "frame")})"));
        }

        output.WriteLine(result.Page);
    }
}
