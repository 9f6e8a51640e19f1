using System.CommandLine;
using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter convert</c>: doubles one file.</summary>
internal static class ConvertCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var input = new Argument<string>("INPUT") { Description = "The input: a video file, numbered pictures (frame-%05d.png), or - for standard input." };
        var output = new Argument<string>("OUTPUT")
        {
            Description = "The output: a video file, numbered pictures, or - for standard output. Files appear when they are complete."
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the plan of the conversion, and write nothing." };
        var command =
            new Command("convert", "Doubles the frame rate of a video; sound, subtitles, chapters and metadata are copied.") { input, output, dryRun };
        var shared = new ConversionArguments(files);
        shared.AddTo(command);
        command.SetAction(result =>
        {
            var options = shared.Read(result);
            if (result.GetValue(dryRun))
            {
                return Interruption.Run(cancellation => Plan(
                    result.GetRequiredValue(input), result.GetRequiredValue(output), options, files, result.InvocationConfiguration.Output, cancellation));
            }

            using var display = shared.CreateDisplay(result);
            return Convert(result.GetRequiredValue(input), result.GetRequiredValue(output), options, files, display);
        });
        return command.WithExamples(
            "framefilter convert talk.mp4 talk-30.mp4                      15 frames per second in, 30 out",
            "framefilter convert film.mkv film-48.mkv --preset quality     slower, closest to the input",
            "framefilter convert in.mp4 out.mkv --encoder libx265 --quality 20 --pixel-format yuv420p10le",
            "framefilter convert in.mp4 out.mp4 --encoder-option tune=grain --encoder-option g=60 -y",
            "ffmpeg -i in.mkv -f nut - | framefilter convert - - | ffmpeg -i - out.mp4",
            "framefilter convert shots/frame-%05d.png out.mp4 --input-rate 24",
            "framefilter convert 4k.mov out.mov --memory-limit 4GiB        frames are predicted in tiles");
    }

    private static int Plan(string input, string output, FilterOptions options, ApplicationFiles files, TextWriter text, CancellationToken cancellation)
    {
        var plan = new VideoConverter(options, files.Models).Plan(input, output, cancellation);
        PlanText.Write(text, plan);
        return plan.Problems.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static int Convert(string input, string output, FilterOptions options, ApplicationFiles files, ConversionDisplay display)
    {
        using var interruption = new Interruption();
        var file = display.Begin(input, output);
        try
        {
            var converter = new VideoConverter(options, files.Models);
            var result = display.Run(() => converter.Convert(input, output, file, file.Message, interruption.Token));
            display.Finish(file, result);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            display.Interrupt();
            return interruption.Code;
        }
        catch (MediaException closed) when (output == OutputTarget.StandardOutput && closed.IsClosedPipe)
        {
            // The reader has enough, as in: | head. That is for it to decide.
            return ExitCode.PipeClosed;
        }
#pragma warning disable CA1031 // Told as every failure of the command is, in the display's form.
        catch (Exception error)
#pragma warning restore CA1031
        {
            display.Fail(file, ErrorReport.Describe(error));
            ErrorReport.Debug(error);
            return ErrorReport.CodeOf(error);
        }
    }
}
