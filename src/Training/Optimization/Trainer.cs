using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Storage;
using AdaConv.Torch;
using AdaConv.Training.Data;
using AdaConv.Training.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>One training run: a folder with config.json, log.jsonl, the checkpoint, and weights.safetensors (the averaged weights).</summary>
public sealed class Trainer : IDisposable
{
    private const int MostWildSteps = 20;
    private static readonly JsonSerializerOptions LogLine = new(RunJson.Options) { WriteIndented = false };
    private readonly TrainingConfiguration _configuration;
    private readonly TrainerOptions _options;
    private readonly TripletSampler _sampler;
    private readonly TrainingDevice _device;
    private readonly Learner _learner;
    private readonly TorchNetwork _averaged;
    private readonly Examination _examination;
    private readonly AppendLog _log;
    private readonly long _firstStep;
    private int _wildSteps; // in a row

    /// <summary>Opens the data and the network, and the run's checkpoint when there is one.</summary>
    /// <exception cref="TrainingException">The data, the run's folder or its checkpoint cannot be used.</exception>
    public Trainer(TrainingConfiguration configuration, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        configuration.Validate();
        _options = options;
        TorchRuntime.Initialize(options.Threads);
        Teachers.Check(configuration);
        _sampler = TripletSampler.Open(configuration.Sources, configuration.Sampling(), options.CacheFolder, options.Report);

        _configuration = configuration = configuration.WithSteps(_sampler.TripletCount);
        _device = TrainingDevice.Open(options.Device, options.Threads, configuration.BFloat16, options.Report);
        _learner = new Learner(configuration, _device, options.Threads);
        _learner.Listen(options.Report);
        options.Report($"convolutions: {_learner.Convolutions}");
        _averaged = configuration.Network.CreateNetwork();
        _averaged.Engine = _learner.Network.Engine;
        _examination = new Examination(
            options.RunFolder, options.Middlebury, options.Validation, (predicted, truth) => Losses.Of(configuration.Loss, predicted, truth),
            options.HeldOut is { } clip ? ValidationItem.HeldOut(clip, configuration.FramesPerClip) : null);
        try
        {
            DurableStore.CreateFolder(options.RunFolder);
            _firstStep = Checkpoint.TryLoad(options.RunFolder, _learner.Network, _learner.Optimizer.Averaged, _learner.Optimizer.Moments) ?? 0;
            if (_firstStep > 0)
            {
                options.Report($"resuming from step {_firstStep}");
            }
            else if (configuration.Start is { } start)
            {
                IReadOnlyList<string> fresh = _learner.StartFrom(start);
                options.Report($"starting from {start}" + (fresh.Count == 0 ? "" : $"; fresh: {string.Join(", ", fresh)}"));
            }

            DurableStore.Write(Path.Combine(options.RunFolder, "config.json"), JsonSerializer.Serialize(configuration, RunJson.Options));
            _log = AppendLog.Open(Path.Combine(options.RunFolder, "log.jsonl"), out _);
            Log(new { step = _firstStep, stepsPerEpoch = StepsPerEpoch });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StorageException)
        {
            throw new TrainingException($"The run's folder {options.RunFolder} cannot be written: {exception.Message}", exception);
        }
    }

    // An epoch is as many samples as the footage holds triplets; synthetic samples are always new.
    private double? StepsPerEpoch => _sampler.TripletCount > 0 ? (double)_sampler.TripletCount / _configuration.Batch : null;

    /// <summary>Trains until the configured step, or until cancelled; either way the last step is checkpointed, and examined unless cancelled.</summary>
    /// <returns>The number of steps done in all.</returns>
    /// <exception cref="TrainingException">The loss is no longer a number; the last good checkpoint stays.</exception>
    public long Run(CancellationToken cancellation)
    {
        using var loader = new BatchLoader(_sampler, _configuration.Batch, _firstStep);
        var sinceCheckpoint = Stopwatch.StartNew();
        var sinceExamination = Stopwatch.StartNew();
        var trained = Stopwatch.StartNew();
        var meter = new LossMeter(_firstStep);
        long step = _firstStep, examined = _firstStep;
        while (step < _configuration.Steps && !(trained.Elapsed >= _options.TimeLimit) && !cancellation.IsCancellationRequested)
        {
            meter.Add(Step(step, loader));
            step++;
            if (meter.Elapsed >= _options.ReportInterval || step == _configuration.Steps)
            {
                Report(meter, step, trained.Elapsed);
            }

            if (sinceCheckpoint.Elapsed >= _options.CheckpointInterval)
            {
                Save(step);
                sinceCheckpoint.Restart();
            }

            if (_options.Examinations.IsDue(step, examined, sinceExamination.Elapsed, StepsPerEpoch))
            {
                Save(step); // first: a stop during the examination loses nothing
                trained.Stop();
                Examine(step);
                trained.Start();
                examined = step;
                sinceCheckpoint.Restart();
                sinceExamination.Restart();
                meter.Restart(step);
            }
        }

        if (step > _firstStep)
        {
            if (meter.Steps(step) > 0)
            {
                Report(meter, step, trained.Elapsed);
            }

            Save(step);
        }

        // A kill may have come between the last checkpoint and its examination.
        if ((step > examined || !File.Exists(WeightsPath) || SafetensorsFile.Read(WeightsPath).Metadata.GetValueOrDefault("steps") != Text(step))
            && !cancellation.IsCancellationRequested)
        {
            Examine(step);
        }

        if (step >= _configuration.Steps)
        {
            Checkpoint.Finish(_options.RunFolder);
        }

        return step;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _learner.Dispose();
        _averaged.Dispose();
        _sampler.Dispose();
    }

    private StepLoss Step(long step, BatchLoader loader)
    {
        using IDisposable scope = NewDisposeScope();
        TripletBatch batch = loader.Next();                                          // [N, 9, P, P]
        Tensor frames = batch.Planes.slice(1, 0, 6, 1).contiguous();
        Tensor truth = batch.Planes.slice(1, 6, 9, 1).contiguous();
        var (loss, norm) = Learn(frames, truth, batch.Times, step);
        _wildSteps = norm > _configuration.LargestNorm ? _wildSteps + 1 : 0;
        if (!double.IsFinite(norm) || !double.IsFinite(loss) || _wildSteps >= MostWildSteps)
        {
            string what = double.IsFinite(norm) && double.IsFinite(loss)
                ? $"The run has diverged: the gradient's norm was above {_configuration.LargestNorm} for {_wildSteps} steps, last in step {step}"
                : $"The loss of step {step} is not a number";
            throw new TrainingException(
                $"{what} (loss {loss}, gradient norm {norm}). "
                + $"{(Checkpoint.Exists(_options.RunFolder) ? $"The last checkpoint in {_options.RunFolder} is intact; resume from it" : "Start again")} "
                + $"with a lower learning rate. The batch is that of step {step} and seed {_configuration.Seed}.");
        }

        using IDisposable noGradient = no_grad();
        Tensor average = frames.slice(1, 0, 3, 1).lerp(frames.slice(1, 3, 6, 1), Learner.TimeTensor(batch.Times));
        return new StepLoss(loss, Losses.Of(_configuration.Loss, average, truth).ToDouble(), norm);
    }

    private (double Loss, double Norm) Learn(Tensor frames, Tensor truth, IReadOnlyList<float> times, long step)
    {
        try
        {
            return _learner.Step(frames, truth, times, step);
        }
        catch (Exception exception) when (_device.Explain(exception) is { } words)
        {
            throw new TrainingException($"Step {step} failed. {words} The run goes on from its last checkpoint with the same command.", exception);
        }
    }

    private void Report(LossMeter meter, long step, TimeSpan trained)
    {
        double rate = _configuration.Batch * meter.Steps(step) / meter.Elapsed.TotalSeconds;
        TimeSpan each = meter.Elapsed / Math.Max(1, meter.Steps(step)), left = (_configuration.Steps - step) * each;
        long steps = _configuration.Steps;
        if (_options.TimeLimit is { } limit && limit - trained < left)
        {
            left = trained < limit ? limit - trained : TimeSpan.Zero;
            steps = step + (long)Math.Ceiling(left / each);
        }

        _options.Progress(new TrainingProgress(step, steps, meter.Loss, meter.Baseline, meter.Norm, rate, left));
        Log(new { step, loss = meter.Loss, baseline = meter.Baseline, norm = meter.Norm, samplesPerSecond = rate, rate = _configuration.LearningRateAt(step) });
        meter.Restart(step);
    }

    private void Save(long step) => Checkpoint.Save(_options.RunFolder, _learner.Network, _learner.Optimizer.Averaged, _learner.Optimizer.Moments, step);

    private string WeightsPath => Path.Combine(_options.RunFolder, "weights.safetensors");

    private static string Text(long step) => step.ToString(CultureInfo.InvariantCulture);

    // Scores of the averaged weights, which are written out beside them.
    private void Examine(long step)
    {
        using (no_grad())
        {
            foreach (var (parameter, average) in _averaged.parameters().Zip(_learner.Optimizer.Averaged))
            {
                parameter.copy_(average);
            }
        }

        ExaminationResult result;
        using (var interpolator = TorchExecutor.Create(_averaged, new InterpolatorOptions { Device = _options.Device, Threads = _options.Threads }))
        {
            result = _examination.Run(interpolator, step);
        }

        foreach (object entry in result.LogEntries(step))
        {
            Log(entry);
        }

        Dictionary<string, string> metadata = new(result.Summary()) { ["steps"] = Text(step) };
        TorchWeights.Save(_averaged, WeightsPath, metadata, half: false);
        _options.Examined(step, result);
        try
        {
            RunReport.Write(_options.RunFolder);
        }
        catch (AdaConvException exception)
        {
            _options.Report($"{exception.Message} The run continues."); // a page that could not be written is no reason to stop
        }
    }

    private void Log(object entry) => _log.Add(JsonSerializer.Serialize(entry, LogLine));
}
