using System.CommandLine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Media;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter convert</c>: doubles one file.</summary>
internal static class ConvertCommand
{
    public static Command Create(ApplicationFiles files)
    {
        var input = new Argument<string>("INPUT") { Description = "The video to read: a file, numbered pictures (frame-%05d.png), or - for standard input." };
        var output = new Argument<string>("OUTPUT") { Description = "What to write: a file, numbered pictures, or - for standard output. Files appear when they are complete." };
        var preset = new Option<string?>("--preset") { Description = "Settings by name (see: framefilter presets list) or from a .yaml file.", HelpName = "NAME|FILE" };
        var overwrite = new Option<bool>("--overwrite", "-y") { Description = "Replace the output if it exists." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say nothing but errors." };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Say the settings, where they come from, and what was done." };
        var command = new Command("convert", "Doubles a video's frame rate; audio, subtitles, chapters and metadata are copied.")
        {
            input, output, preset, overwrite, quiet, verbose,
        };
        var settings = new SettingOptions();
        settings.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(quiet) && result.GetValue(verbose))
            {
                result.AddError("--quiet and --verbose exclude each other.");
            }
        });
        command.SetAction(result =>
        {
            var layers = new OptionsResolver(files).Layers(result.GetValue(preset), settings.Read(result));
            var options = OptionsResolver.Resolve(layers);
            options = options with { Conversion = options.Conversion with { Overwrite = result.GetValue(overwrite) } };
            var verbosity = result.GetValue(quiet) ? Verbosity.Quiet : result.GetValue(verbose) ? Verbosity.Verbose : Verbosity.Normal;
            if (verbosity == Verbosity.Verbose)
            {
                Console.Error.Write(SettingsText.Explain(options, layers));
            }

            return Convert(result.GetRequiredValue(input), result.GetRequiredValue(output), options, files, verbosity);
        });
        return command.WithExamples(
            "framefilter convert talk.mp4 talk-30.mp4                      15 frames per second in, 30 out",
            "framefilter convert film.mkv film-48.mkv --preset quality     slower, and near to the input",
            "framefilter convert in.mp4 out.mkv --encoder libx265 --quality 20 --pixel-format yuv420p10le",
            "framefilter convert in.mp4 out.mp4 --encoder-option tune=grain --encoder-option keyint=60 -y",
            "ffmpeg -i in.mkv -f nut - | framefilter convert - - | ffmpeg -i - out.mp4",
            "framefilter convert shots/frame-%05d.png out.mp4 --input-rate 24",
            "framefilter convert 4k.mov out.mov --memory-limit 4GiB        frames are predicted in tiles");
    }

    private static int Convert(string input, string output, FilterOptions options, ApplicationFiles files, Verbosity verbosity)
    {
        using var interruption = new Interruption();
        try
        {
            using var display = ConversionDisplay.Create(verbosity);
            var converter = new VideoConverter(options, files);
            var result = display.Run(() => converter.Convert(input, output, display, display.Message, interruption.Token));
            display.Finish(output, result);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine(Interruption.Message);
            return interruption.Code;
        }
        catch (MediaException closed) when (output == Output.StandardOutput && closed.IsClosedPipe)
        {
            // The reader has enough, as in: | head. That is for it to decide.
            return ExitCode.PipeClosed;
        }
    }
}
