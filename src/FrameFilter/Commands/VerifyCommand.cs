using System.CommandLine;
using AdaConv.Conversion.Verification;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Verification;
using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter verify</c>: whether an output is what its conversion promises.</summary>
internal static class VerifyCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var input = new Argument<string>("INPUT") { Description = "The video that was converted." };
        var output = new Argument<string>("OUTPUT") { Description = "What was made of it." };
        var page = new Option<string?>("--page")
        {
            Description = "Write a page with the checks, the frames' times and both waveforms.",
            HelpName = "FILE.html"
        };
        var overwrite = new Option<bool>("--overwrite", "-y") { Description = "Replace an existing page." };
        var preset = new Option<string?>("--preset")
        {
            Description = "Settings by name (see: framefilter presets list) or from a .yaml file.",
            HelpName = "NAME|FILE"
        };
        var json = JsonOutput.CreateOption();
        var command = new Command(
            "verify",
            "Decodes an input and its output, and says whether every frame, packet, chapter and tag is where it was promised. Give the options of the "
            + "conversion; without a factor, rate or slow motion, these are found from the output.")
        {
            input, output, page, overwrite, preset, json,
        };
        var settings = new SettingOptions();
        settings.AddTo(command);
        command.SetAction(result =>
        {
            string before = result.GetRequiredValue(input), after = result.GetRequiredValue(output);
            string? target = result.GetValue(page);
            Check(target, before, after, result.GetValue(overwrite));
            var options = settings.Resolve(result, result.GetValue(preset), files);
            return Interruption.Run(cancellation =>
            {
                var report = new ConversionVerifier(options).Verify(before, after, cancellation);
                if (target is not null)
                {
                    VerificationPage.Write(target, report);
                }

                JsonOutput.Write(result.InvocationConfiguration.Output, report, result.GetValue(json), VerificationText.Write);
                return report.Held ? ExitCode.Success : ExitCode.Failure;
            });
        });
        return command.WithExamples(
            "framefilter verify film.mkv film-48.mkv",
            "framefilter verify film.mkv film-60.mkv --fps 60 --page film-60.html",
            "framefilter verify clip.mp4 clip-slow.mp4 --slow 4 --json");
    }

    private static void Check(string? page, string input, string output, bool overwrite)
    {
        if (page is null)
        {
            return;
        }

        if (SameFile.Find([input, output], [page]) is not null)
        {
            throw new MediaException("Writing", page, "that is one of the videos", "Name another page.");
        }

        if (!overwrite && Path.Exists(page))
        {
            throw new MediaException("Writing", page, "that file already exists", "Choose another name or allow overwriting with -y.");
        }
    }
}
