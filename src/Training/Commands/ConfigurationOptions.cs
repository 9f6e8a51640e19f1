using System.CommandLine;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>The options that make up a run's configuration, and where its data lie: the same for every command that trains.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string?> _clips =
        new("--clips") { Description = "Footage to train on: a folder of clips, of folders of frames (DAVIS), or a Vimeo90K layout.", HelpName = "DIR" };
    private readonly Option<int?> _first = new("--first") { Description = "Of a Vimeo90K layout the first N sequences; 0 = all.", HelpName = "N" };
    private readonly Option<string?> _photos =
        new("--photos") { Description = "Folder of photographs whose synthetic motion is trained on, too.", HelpName = "DIR" };
    private readonly Option<double?> _photoShare =
        new("--photo-share") { Description = "Share of the samples that are synthetic (default: 0.2, or all without --clips).", HelpName = "X" };
    private readonly Option<string?> _file =
        new("--config")
        {
            Description =
                "A configuration: guided, fast, quality, any-time, paper-pretraining, paper, paper-steady, or a file (JSON, as in a run's config.json); "
                + "options beat it.",
            HelpName = "NAME|FILE"
        };
    private readonly Option<string?> _cache =
        new("--cache") { Description = "Folder of the decoded clips (default: cache beside the runs).", HelpName = "DIR" };
    private readonly Option<NetworkKind?> _network = new("--network") { Description = "Architecture." };
    private readonly Option<long?> _steps = new("--steps") { Description = "Steps of the whole run.", HelpName = "N" };
    private readonly Option<double?> _epochs =
        new("--epochs") { Description = "Length of the run in epochs instead: an epoch is as many samples as the footage has triplets.", HelpName = "X" };
    private readonly Option<double?> _scaleDown = new("--scale-down") { Description = "Makes the configured run so many times shorter.", HelpName = "X" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Samples a step.", HelpName = "N" };
    private readonly Option<int?> _patch = new("--patch") { Description = "Patch size in pixels, a multiple of 32.", HelpName = "N" };
    private readonly Option<int?> _stride = new("--stride") { Description = "Largest distance between frames, in frames.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--learning-rate") { Description = "Learning rate after the warm-up.", HelpName = "X" };
    private readonly Option<string?> _loss =
        new("--loss") { Description = "Loss: l1, l2, charbonnier, laplacian, census, or a weighted sum as in l1,laplacian=0.2.", HelpName = "TERMS" };
    private readonly Option<string?> _start = new("--start") { Description = "Weights to start from; what they lack starts fresh.", HelpName = "FILE" };
    private readonly Option<OptimizerKind?> _optimizer = new("--optimizer") { Description = "How gradients become steps: adam, or muon for the inner layers." };
    private readonly Option<RateSchedule?> _schedule = new("--schedule") { Description = "How the learning rate falls." };
    private readonly Option<int?> _warmUp = new("--warm-up") { Description = "Steps over which the learning rate rises.", HelpName = "N" };
    private readonly Option<double?> _averaging =
        new("--averaging") { Description = "Share that the averaged weights keep each step; 0 = none.", HelpName = "X" };
    private readonly Option<int?> _seed = new("--seed") { Description = "Seed of weights and data.", HelpName = "N" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads; 0 = one per processor.", HelpName = "N" };

    private readonly Option<string> _device = new("--device")
    {
        Description = "Where to train: cpu, cuda, or auto: a CUDA device where the build and the machine have one.",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withLoss">Also the loss; not where the command varies it.</param>
    public void AddTo(Command command, bool withLoss = true)
    {
        _device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        Option[] options =
            [_clips, _first, _photos, _photoShare, _file, _cache, _network, _steps, _epochs, _scaleDown, _batch, _patch, _stride, _optimizer,
                _rate, _schedule, _warmUp, _averaging, _loss, _start, _seed, _threads, _device];
        foreach (Option option in options.Where(option => withLoss || option != _loss))
        {
            command.Add(option);
        }
    }

    /// <summary>Threads; 0 = one per processor.</summary>
    public int Threads(ParseResult result) => result.GetValue(_threads);

    /// <summary>Where to train.</summary>
    public ComputeDevice Device(ParseResult result) => Enum.Parse<ComputeDevice>(result.GetValue(_device)!, ignoreCase: true);

    /// <summary>The folder of decoded clips.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="runs">The folder that runs lie in.</param>
    public string Cache(ParseResult result, string runs) => result.GetValue(_cache) ?? Path.Combine(runs, "cache");

    /// <summary>The folder of clips that was named.</summary>
    public string? Clips(ParseResult result) => result.GetValue(_clips);

    /// <summary>The file's configuration, or the default one, with the options in place.</summary>
    /// <exception cref="TrainingException">The file cannot be read, a value cannot be used, or nothing was named to train on.</exception>
    public TrainingConfiguration Resolve(ParseResult result)
    {
        TrainingConfiguration configuration = result.GetValue(_file) is { } file ? Read(Located(file)) : new TrainingConfiguration { Sources = [] };
        List<SourceConfiguration> sources = Sources(result.GetValue(_clips), result.GetValue(_first), result.GetValue(_photos), result.GetValue(_photoShare));
        configuration = configuration with
        {
            Sources = sources.Count > 0
                ? [.. sources.Select(source => Like(source, configuration.Sources))]
                : configuration.Sources.Count > 0
                ? configuration.Sources
                : throw new TrainingException(
                "Name the footage to train on: --clips DIR, --photos DIR, or both."),
            Network = result.GetValue(_network) is { } kind
                ? (kind == NetworkKind.Paper ? NetworkConfiguration.Paper : NetworkConfiguration.Guided)
                : configuration.Network,
            Steps = result.GetValue(_steps) ?? configuration.Steps,
            Epochs = result.GetValue(_epochs) ?? (result.GetValue(_steps) is null ? configuration.Epochs : null),
            Batch = result.GetValue(_batch) ?? configuration.Batch,
            PatchSize = result.GetValue(_patch) ?? configuration.PatchSize,
            MaximumStride = result.GetValue(_stride) ?? configuration.MaximumStride,
            Optimizer = result.GetValue(_optimizer) ?? configuration.Optimizer,
            LearningRate = result.GetValue(_rate) ?? configuration.LearningRate,
            Schedule = result.GetValue(_schedule) ?? configuration.Schedule,
            WarmUp = result.GetValue(_warmUp) ?? configuration.WarmUp,
            AveragingDecay = result.GetValue(_averaging) ?? configuration.AveragingDecay,
            Loss = result.GetValue(_loss) is { } terms ? LossTerms.Parse(terms) : configuration.Loss,
            Start = result.GetValue(_start) ?? configuration.Start,
            Seed = result.GetValue(_seed) ?? configuration.Seed,
        };
        return result.GetValue(_scaleDown) is { } factor ? configuration.ScaledDown(factor) : configuration;
    }

    private static List<SourceConfiguration> Sources(string? clips, int? first, string? photos, double? photoShare)
    {
        double share = clips is null ? 1 : photoShare ?? 0.2;
        if (share is not (> 0 and <= 1))
        {
            throw new TrainingException("--photo-share must be above 0 to 1.");
        }

        List<SourceConfiguration> sources = [];
        if (clips is not null && (photos is null || share < 1))
        {
            sources.Add(new FootageConfiguration { Path = clips, First = first ?? 0, Share = photos is null ? 1 : 1 - share });
        }

        if (photos is not null)
        {
            sources.Add(new SyntheticConfiguration { Path = photos, Share = share });
        }

        return sources;
    }

    // A folder given by option takes the place of the configured one and keeps what else is said of it.
    private static SourceConfiguration Like(SourceConfiguration given, IReadOnlyList<SourceConfiguration> configured) =>
        (given, configured.FirstOrDefault(source => source.GetType() == given.GetType())) switch
        {
            (FootageConfiguration footage, FootageConfiguration found) =>
                found with { Path = footage.Path, Share = footage.Share, First = footage.First > 0 ? footage.First : found.First },
            (_, { } found) => found with { Path = given.Path, Share = given.Share },
            _ => given,
        };

    /// <summary>A configuration that comes with the program.</summary>
    public static TrainingConfiguration Shipped(string name) => Read(Located(name));

    // A file of that name, else a configuration that comes with the program.
    private static string Located(string nameOrFile)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "Configurations", nameOrFile + ".json");
        return !File.Exists(nameOrFile) && File.Exists(shipped) ? shipped : nameOrFile;
    }

    private static TrainingConfiguration Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingConfiguration>(File.ReadAllText(path), RunJson.Options)
                ?? throw new TrainingException($"The configuration {path} is empty.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Reading the configuration {path} failed: {exception.Message}", exception);
        }
    }
}
