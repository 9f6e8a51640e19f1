using System.CommandLine;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Training.Data;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>training train: a run from clips to weights.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<string?> clips = new("--clips") { Description = "Folder of clips to train on.", HelpName = "DIR" };
        Option<string?> photos = new("--photos") { Description = "Folder of photographs whose synthetic motion is trained on, too.", HelpName = "DIR" };
        Option<double?> photoShare = new("--photo-share") { Description = "Share of the samples that are synthetic (default: 0.2, or all without --clips).", HelpName = "X" };
        Option<string> run = new("--run") { Description = "The run's folder.", DefaultValueFactory = _ => Path.Combine("runs", "guided"), HelpName = "DIR" };
        Option<string?> configurationFile = new("--config") { Description = "A configuration: guided, paper-pretraining, paper, or a file (JSON, as in a run's config.json); options beat it.", HelpName = "NAME|FILE" };
        Option<string?> cache = new("--cache") { Description = "Folder of the decoded clips (default: cache beside the runs).", HelpName = "DIR" };
        Option<NetworkKind?> network = new("--network") { Description = "Architecture." };
        Option<long?> steps = new("--steps") { Description = "Steps of the whole run.", HelpName = "N" };
        Option<double?> epochs = new("--epochs") { Description = "Length of the run in epochs instead: as many samples as the footage has triplets.", HelpName = "X" };
        Option<double?> scaleDown = new("--scale-down") { Description = "Makes the configured run so many times shorter.", HelpName = "X" };
        Option<int?> batch = new("--batch") { Description = "Samples a step.", HelpName = "N" };
        Option<int?> patch = new("--patch") { Description = "Patch size in pixels, a multiple of 32.", HelpName = "N" };
        Option<int?> stride = new("--stride") { Description = "Largest distance between frames, in frames.", HelpName = "N" };
        Option<double?> rate = new("--learning-rate") { Description = "Learning rate after the warm-up.", HelpName = "X" };
        Option<string?> loss = new("--loss") { Description = "Loss: l1, l2, charbonnier, laplacian, census, or a weighted sum as in l1,laplacian=0.2.", HelpName = "TERMS" };
        Option<string?> start = new("--start") { Description = "Weights to start from; what they lack starts fresh.", HelpName = "FILE" };
        Option<RateSchedule?> schedule = new("--schedule") { Description = "How the learning rate falls." };
        Option<int?> warmUp = new("--warm-up") { Description = "Steps over which the learning rate rises.", HelpName = "N" };
        Option<double?> averaging = new("--averaging") { Description = "Share that the averaged weights keep each step; 0 = none.", HelpName = "X" };
        Option<int?> seed = new("--seed") { Description = "Seed of weights and data.", HelpName = "N" };
        Option<string?> middlebury = new("--middlebury") { Description = "Folder of the Middlebury examination.", HelpName = "DIR" };
        Option<string?> validation = new("--validation") { Description = "Folder of validation clips, never trained on.", HelpName = "DIR" };
        Option<string?> examine = new("--examine") { Description = "Time between examinations: 2epochs, 500steps, 10min, or several with commas between (default: 2epochs,30min).", HelpName = "TIME" };
        Option<int> threads = new("--threads") { Description = "Threads; 0 = one per processor.", HelpName = "N" };
        Command command = new("train", "Train a network on clips. Stop it at any time: the same command goes on from its last checkpoint.\n\n"
            + "Example: training train --clips footage --run runs/guided --steps 20000")
        {
            clips, photos, photoShare, run, configurationFile, cache, network, steps, epochs, scaleDown, batch, patch, stride, rate, schedule, warmUp, averaging, loss, start, seed, middlebury, validation, examine, threads,
        };
        // On another thread: the library listens for Ctrl-C and SIGTERM only once the action has returned its task.
        command.SetAction((result, cancellation) => Task.Run(() =>
        {
            string runFolder = result.GetValue(run)!;
            string? file = result.GetValue(configurationFile);
            TrainingConfiguration configuration = file is null
                ? new TrainingConfiguration { Sources = [] }
                : ReadConfiguration(Located(file));
            List<SourceConfiguration> sources = Sources(result.GetValue(clips), result.GetValue(photos), result.GetValue(photoShare));
            configuration = configuration with
            {
                Sources = sources.Count > 0 ? [.. sources.Select(source => Like(source, configuration.Sources))] : configuration.Sources.Count > 0 ? configuration.Sources : throw new TrainingException(
                    "Say what to train on: --clips DIR, --photos DIR, or both."),
                Network = result.GetValue(network) is { } kind ? (kind == NetworkKind.Paper ? NetworkConfiguration.Paper : NetworkConfiguration.Guided) : configuration.Network,
                Steps = result.GetValue(steps) ?? configuration.Steps,
                Epochs = result.GetValue(epochs) ?? (result.GetValue(steps) is null ? configuration.Epochs : null),
                Batch = result.GetValue(batch) ?? configuration.Batch,
                PatchSize = result.GetValue(patch) ?? configuration.PatchSize,
                MaximumStride = result.GetValue(stride) ?? configuration.MaximumStride,
                LearningRate = result.GetValue(rate) ?? configuration.LearningRate,
                Schedule = result.GetValue(schedule) ?? configuration.Schedule,
                WarmUp = result.GetValue(warmUp) ?? configuration.WarmUp,
                AveragingDecay = result.GetValue(averaging) ?? configuration.AveragingDecay,
                Loss = result.GetValue(loss) is { } terms ? LossTerms.Parse(terms) : configuration.Loss,
                Start = result.GetValue(start) ?? configuration.Start,
                Seed = result.GetValue(seed) ?? configuration.Seed,
                BFloat16 = configuration.BFloat16 && FrameInterpolator.HasFastBFloat16,
            };
            configuration = result.GetValue(scaleDown) is { } factor ? configuration.ScaledDown(factor) : configuration;
            ExaminationSchedule examinations = result.GetValue(examine) is { } text ? ExaminationSchedule.Parse(text) : ExaminationSchedule.Default;
            TrainingDisplay display = TrainingDisplay.Create();
            display.Run(() => Train(configuration, new TrainerOptions
            {
                RunFolder = runFolder,
                CacheFolder = result.GetValue(cache) ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(runFolder)) ?? ".", "cache"),
                Middlebury = result.GetValue(middlebury),
                Validation = result.GetValue(validation),
                Threads = result.GetValue(threads),
                Examinations = examinations,
                Report = display.Line,
                Progress = display.Progress,
                Examined = display.Examined,
            }, cancellation));
            return 0;
        }));
        return command;
    }

    private static List<SourceConfiguration> Sources(string? clips, string? photos, double? photoShare)
    {
        double share = clips is null ? 1 : photoShare ?? 0.2;
        if (share is not (> 0 and <= 1))
        {
            throw new TrainingException("--photo-share must be above 0 to 1.");
        }

        List<SourceConfiguration> sources = [];
        if (clips is not null && (photos is null || share < 1))
        {
            sources.Add(new FootageConfiguration { Path = clips, Share = photos is null ? 1 : 1 - share });
        }

        if (photos is not null)
        {
            sources.Add(new SyntheticConfiguration { Path = photos, Share = share });
        }

        return sources;
    }

    // A folder given by option takes the place of the configured one and keeps what is said of it.
    private static SourceConfiguration Like(SourceConfiguration given, IReadOnlyList<SourceConfiguration> configured) =>
        configured.FirstOrDefault(source => source.GetType() == given.GetType()) is { } found ? found with { Path = given.Path, Share = given.Share } : given;

    private static string Located(string nameOrFile)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "Configurations", nameOrFile + ".json");
        return !File.Exists(nameOrFile) && File.Exists(shipped) ? shipped : nameOrFile;
    }

    private static void Train(TrainingConfiguration configuration, TrainerOptions options, CancellationToken cancellation)
    {
        using var trainer = new Trainer(configuration, options);
        trainer.Run(cancellation);
    }

    private static TrainingConfiguration ReadConfiguration(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingConfiguration>(File.ReadAllText(path), TrainingConfiguration.Json)
                ?? throw new TrainingException($"The configuration {path} is empty.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Reading the configuration {path} failed: {exception.Message}", exception);
        }
    }
}
