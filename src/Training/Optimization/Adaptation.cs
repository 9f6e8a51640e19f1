using System.Globalization;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Torch;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Optimization;

/// <summary>Weights tuned to one video by a run of the trainer on its frames; those given, where they predict frames kept aside no worse.</summary>
/// <param name="recipe">How to train; network, source and start are put in.</param>
/// <param name="video">The video.</param>
/// <param name="weights">The weights to begin with.</param>
/// <param name="options">Where the run lies, and who is told.</param>
public sealed class Adaptation(TrainingConfiguration recipe, string video, string weights, TrainerOptions options)
{
    private const int PatchStep = 32;

    /// <summary>Trains and writes what is better.</summary>
    /// <param name="time">Time to train for, that of earlier calls with the same run's folder included.</param>
    /// <param name="output">The weight file, float16.</param>
    /// <param name="cancellation">Ends the training; its checkpoint stays, and nothing is written.</param>
    /// <exception cref="TrainingException">The video is too short or cannot be read, or the run's folder is another video's.</exception>
    /// <exception cref="ModelException">The weights cannot be used.</exception>
    public AdaptationResult Run(TimeSpan time, string output, CancellationToken cancellation)
    {
        NetworkWeights start = NetworkWeights.Load(weights);
        TrainingConfiguration configuration = Configuration(start);
        RequireOwn(configuration);
        ValidationItem kept = ValidationItem.HeldOut(video, configuration.FramesPerClip);
        var (before, frames) = Score(kept, weights);
        options.Report(string.Create(CultureInfo.InvariantCulture, $"the weights as they are: {before:F3} dB on {Counted.Of(frames, "frame")} kept aside"));
        TimeSpan left = time - Used(configuration);
        long steps;
        using (var trainer = new Trainer(
            configuration, options with { HeldOut = video, TimeLimit = left > TimeSpan.Zero ? left : TimeSpan.Zero, Examinations = new() }))
        {
            steps = trainer.Run(cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        DurableStore.Remove(options.CacheFolder); // decoded frames: a gigabyte where the video is large
        return Write(start, before, frames, steps, configuration, kept, output);
    }

    // Patches no larger than the video.
    private TrainingConfiguration Configuration(NetworkWeights start)
    {
        var (width, height) = Data.Files.ClipReader.ReadSize(video);
        int largest = Math.Min(width, height) / PatchStep * PatchStep;
        return recipe with
        {
            Network = start.Network.Configuration,
            Sources = [.. recipe.Sources.OfType<FootageConfiguration>().Select(source => source with { Path = Path.GetFullPath(video), HoldOut = true })],
            PatchSize = largest >= PatchStep ? Math.Min(recipe.PatchSize, largest)
                : throw new TrainingException($"{video} has frames of {width}x{height}; to adapt to it they must have {PatchStep} pixels each way."),
            Start = Path.GetFullPath(weights),
        };
    }

    // A folder with a run of another video, or from other weights, is not gone on with.
    private void RequireOwn(TrainingConfiguration configuration)
    {
        string path = Path.Combine(options.RunFolder, "config.json");
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            TrainingConfiguration? there = JsonSerializer.Deserialize<TrainingConfiguration>(File.ReadAllText(path), RunJson.Options);
            if (there?.Start != configuration.Start || there?.Sources is not [{ } source] || source.Path != configuration.Sources[0].Path)
            {
                throw new TrainingException(
                    $"{options.RunFolder} holds a run on another video or from other weights. Name another folder with --run, or delete it.");
            }
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Reading {path} failed: {exception.Message}", exception);
        }
    }

    // Time that the run has taken so far, by its log.
    private TimeSpan Used(TrainingConfiguration configuration)
    {
        string path = Path.Combine(options.RunFolder, "log.jsonl");
        double seconds = 0;
        long before = 0;
        foreach (LoggedProgress entry in File.Exists(path) && Checkpoint.Exists(options.RunFolder) ? RunLog.Read(path).Progress : [])
        {
            seconds += (entry.Step - before) * configuration.Batch / entry.SamplesPerSecond;
            before = entry.Step;
        }

        return TimeSpan.FromSeconds(double.IsFinite(seconds) ? seconds : 0);
    }

    // As conversions predict, but for the grain: it is no matter of the weights.
    private (double Psnr, int Frames) Score(ValidationItem kept, string file)
    {
        using TiledInterpolator interpolator = EngineExecutor.Load(file, new InterpolatorOptions { Threads = options.Threads });
        FrameScore[] scores = [.. kept.Read().Select(triplet => triplet.Score(interpolator))];
        return scores.Length > 0
            ? (FrameScore.Mean(scores).Psnr, scores.Length)
            : throw new TrainingException(
                $"{video} is too short to adapt to: of {Data.HeldOutFrames.Block} frames {Data.HeldOutFrames.Kept} are kept aside to tell whether it helped.");
    }

    private AdaptationResult Write(
        NetworkWeights start, double before, int frames, long steps, TrainingConfiguration configuration, ValidationItem kept, string output)
    {
        Dictionary<string, string> metadata = start.Metadata.Where(pair => pair.Key != NetworkWeights.ConfigurationKey).ToDictionary();
        string unscored = output + ".unscored";
        using TorchNetwork network = TorchWeights.Load(Path.Combine(options.RunFolder, "weights.safetensors"));
        TorchWeights.Save(network, unscored, metadata, half: true); // scored as it is written: rounded to float16
        double after = Score(kept, unscored).Psnr;
        AdaptationResult result = new(before, after, frames, steps);
        if (result.IsBetter)
        {
            metadata["adaptedTo"] = string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(video)}: {steps * configuration.Batch} samples, {before:F2} dB before, {after:F2} dB after, on {frames} frames kept aside");
            TorchWeights.Save(network, output, metadata, half: true);
        }
        else
        {
            DurableStore.Write(output, File.ReadAllBytes(weights));
        }

        DurableStore.Remove(unscored);
        return result;
    }
}

/// <summary>What an adaptation brought.</summary>
/// <param name="Before">Mean PSNR of the frames kept aside by the weights given, dB.</param>
/// <param name="After">The same by the tuned weights.</param>
/// <param name="Frames">How many frames.</param>
/// <param name="Steps">Steps trained in all.</param>
public readonly record struct AdaptationResult(double Before, double After, int Frames, long Steps)
{
    /// <summary>Whether the tuned weights were written; if not, those given were.</summary>
    public bool IsBetter => After > Before;
}
