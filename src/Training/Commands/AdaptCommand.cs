using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>training adapt: weights tuned to one video.</summary>
internal static class AdaptCommand
{
    public static Command Create()
    {
        Argument<string> video = new("video") { Description = "The video, which convert will then double with these weights." };
        Option<double> minutes = new Option<double>("--minutes") { Description = "How long to train.", HelpName = "N", Required = true }.Within(0.01, 100_000);
        Option<string> weights = new("--weights")
        {
            Description = "The weights to begin with.",
            DefaultValueFactory = _ => Path.Combine("models", "guided.safetensors"),
            HelpName = "FILE",
        };
        Option<string> output = new("--output") { Description = "The weight file to write, for convert --model.", HelpName = "FILE", Required = true };
        Option<string?> run = new("--run") { Description = "Folder of checkpoints and report (default: the output's name with .run).", HelpName = "DIR" };
        Option<double?> rate = new("--learning-rate") { Description = "Learning rate (default: 0.00005).", HelpName = "X" };
        Option<int> threads = new("--threads") { Description = "Threads; 0 = one per processor.", HelpName = "N" };
        Command command = new("adapt", "Tune weights to one video by its own frames: each is predicted from its neighbours. Some frames are kept aside, "
            + "and the weights that predict those better are written: tuned ones, or else those given. It can be stopped: the same command resumes.\n\n"
            + "Example: training adapt holiday.mp4 --minutes 30 --output holiday.safetensors")
        {
            video, minutes, weights, output, run, rate, threads,
        };
        // On another thread: the library listens for Ctrl-C and SIGTERM only once the action has returned its task.
        command.SetAction((result, cancellation) => Task.Run(() =>
        {
            string file = result.GetValue(output)!;
            TrainingConfiguration recipe = ConfigurationOptions.Shipped("adapt");
            TrainingDisplay display = TrainingDisplay.Create();
            display.Run(() =>
            {
                Adaptation adaptation = new(
                    recipe with { LearningRate = result.GetValue(rate) ?? recipe.LearningRate }, result.GetValue(video)!, result.GetValue(weights)!,
                    new TrainerOptions
                    {
                        RunFolder = result.GetValue(run) ?? Path.ChangeExtension(file, ".run"),
                        CacheFolder = Path.Combine(result.GetValue(run) ?? Path.ChangeExtension(file, ".run"), "cache"),
                        Threads = result.GetValue(threads),
                        Report = display.Line,
                        Progress = display.Progress,
                        Examined = display.Examined,
                    });
                AdaptationResult found = adaptation.Run(TimeSpan.FromMinutes(result.GetValue(minutes)), file, cancellation);
                display.Line(Sentence(found, file));
            });
            return 0;
        }));
        return command;
    }

    private static string Sentence(AdaptationResult found, string file)
    {
        string scores = string.Create(CultureInfo.InvariantCulture,
            $"{found.Before:F2} dB before, {found.After:F2} dB after {found.Steps} steps, on {found.Frames} frames that were not trained on");
        return found.IsBetter
            ? $"{file}: tuned weights. {scores}."
            : $"{file}: the weights as they were, as the tuned ones are not better. {scores}.";
    }
}
