using System.CommandLine;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>training train: a run from clips to weights.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        Option<string> run = new("--run") { Description = "The run's folder.", DefaultValueFactory = _ => Path.Combine("runs", "guided"), HelpName = "DIR" };
        Option<string?> middlebury = new("--middlebury") { Description = "Folder of the Middlebury examination.", HelpName = "DIR" };
        Option<string?> validation = new("--validation")
        {
            Description = "Folder of validation clips, never trained on, or a Vimeo90K layout, of which the validation part is taken.",
            HelpName = "DIR"
        };
        Option<string?> examine = new("--examine")
        {
            Description = "Time between examinations: 2epochs, 500steps, 10min, or several with commas between (default: 2epochs,30min).",
            HelpName = "TIME"
        };
        Command command = new("train", "Train a network on clips. It can be stopped at any time: the same command resumes from its last checkpoint.\n\n"
            + "Example: training train --clips footage --run runs/guided --steps 20000")
        {
            run, middlebury, validation, examine,
        };
        configuration.AddTo(command);
        // On another thread: the library listens for Ctrl-C and SIGTERM only once the action has returned its task.
        command.SetAction((result, cancellation) => Task.Run(() =>
        {
            string runFolder = result.GetValue(run)!;
            ExaminationSchedule examinations = result.GetValue(examine) is { } text ? ExaminationSchedule.Parse(text) : ExaminationSchedule.Default;
            TrainingDisplay display = TrainingDisplay.Create();
            TrainingConfiguration resolved = configuration.Resolve(result);
            display.Run(() => Train(resolved, new TrainerOptions
            {
                RunFolder = runFolder,
                CacheFolder = configuration.Cache(result, Path.GetDirectoryName(Path.GetFullPath(runFolder)) ?? "."),
                Middlebury = result.GetValue(middlebury),
                Validation = result.GetValue(validation),
                Threads = configuration.Threads(result),
                Device = configuration.Device(result),
                Examinations = examinations,
                Report = display.Line,
                Progress = display.Progress,
                Examined = display.Examined,
            }, cancellation));
            return 0;
        }));
        return command;
    }

    private static void Train(TrainingConfiguration configuration, TrainerOptions options, CancellationToken cancellation)
    {
        using var trainer = new Trainer(configuration, options);
        trainer.Run(cancellation);
    }
}
