using System.Text.Json;
using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Optimization;
using Xunit;

namespace AdaConv.Training.Tests.Optimization;

public sealed class TrainerTests
{
    private static readonly NetworkConfiguration Small =
        NetworkConfiguration.Guided with { BlockWidths = [32, 32], BlockResiduals = [1, 1], HeadResiduals = 1, KernelSize = 5 };

    [Fact]
    public void A_run_gets_better_than_averaging()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "run", 120);
        double[] ratios = [.. Losses(clips, "run").Select(entry => entry.Loss / entry.Baseline)];
        Assert.InRange(ratios[..10].Average(), 0.9, 1.1);
        Assert.InRange(ratios[^10..].Average(), 0, 0.85);
        Assert.True(File.Exists(Path.Combine(clips["run"], "weights.safetensors")));
        TorchWeights.Load(Path.Combine(clips["run"], "weights.safetensors")).Dispose();
    }

    [Fact]
    public void A_network_that_knows_the_time_learns_frames_at_other_times_and_a_stopped_run_goes_on()
    {
        using var clips = new TrainingClips();
        clips.Add("slow.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.02", 16);
        TrainingConfiguration configuration = Configuration(clips, 60) with { Network = Small with { KnowsTime = true }, OtherTimes = 0.75, LongestSpan = 5 };
        Train(clips, "whole", 60, configuration: configuration);
        double[] ratios = [.. Losses(clips, "whole").Select(entry => entry.Loss / entry.Baseline)];
        Assert.True(ratios[^10..].Average() < 0.95 * ratios[..10].Average(), $"{ratios[..10].Average()}, then {ratios[^10..].Average()}");
        Train(clips, "broken", 60, stopAfter: 10, configuration: configuration);
        Train(clips, "broken", 60, configuration: configuration);
        Assert.Equal(Losses(clips, "whole"), Losses(clips, "broken"));
        using TorchNetwork network = TorchWeights.Load(Path.Combine(clips["whole"], "weights.safetensors"));
        Assert.Contains(network.get_parameter("headDown.time")!.data<float>(), value => value != 0);
    }

    [Fact]
    public void The_time_alone_may_be_trained()
    {
        using var clips = new TrainingClips();
        clips.Add("slow.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.02", 16);
        Train(clips, "first", 2);
        string start = Path.Combine(clips["first"], "weights.safetensors");
        Train(clips, "timed", 3, configuration: Configuration(clips, 3) with
        {
            Network = Small with { KnowsTime = true },
            OtherTimes = 1,
            LongestSpan = 4,
            TimeAlone = true,
            Start = start,
        });
        NetworkWeights before = NetworkWeights.Load(start), after = NetworkWeights.Load(Path.Combine(clips["timed"], "weights.safetensors"));
        Assert.All(before.Tensors, tensor => Assert.Equal(tensor.Value, after.Tensors[tensor.Key]));
        Assert.All(after.Tensors.Where(tensor => !before.Tensors.ContainsKey(tensor.Key)), tensor => Assert.Contains(tensor.Value, value => value != 0));
    }

    [Fact]
    public void Other_times_are_for_networks_that_know_the_time()
    {
        using var clips = new TrainingClips();
        TrainingConfiguration configuration = Configuration(clips, 10) with { OtherTimes = 0.5 };
        Assert.Contains("knowsTime", Assert.Throws<TrainingException>(configuration.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_run_goes_on_with_the_losses_of_an_unbroken_one()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "whole", 60);
        Train(clips, "broken", 60, stopAfter: 10);
        int before = Losses(clips, "broken").Length;
        Assert.InRange(before, 10, 59);
        Train(clips, "broken", 60);
        Assert.Equal(Losses(clips, "whole"), Losses(clips, "broken"));
    }

    [Fact]
    public void A_kill_while_a_checkpoint_is_written_leaves_the_last_one()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "run", 4);
        string run = clips["run"];

        // As a kill between the two renamings leaves it: the next one half written, the last one already moved aside.
        Directory.Move(Path.Combine(run, "checkpoint"), Path.Combine(run, "checkpoint.previous"));
        Directory.CreateDirectory(Path.Combine(run, "checkpoint.partial"));
        File.WriteAllText(Path.Combine(run, "checkpoint.partial", "state.safetensors"), "half");
        Train(clips, "run", 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], Losses(clips, "run").Select(entry => (int)entry.Step));
        AssertHasOneCheckpoint(run);
    }

    /// <remarks>The run was taken for finished, and never had weights.</remarks>
    [Fact]
    public void A_kill_between_the_last_checkpoint_and_its_examination_loses_no_weights()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "run", 4);
        string weights = Path.Combine(clips["run"], "weights.safetensors");
        byte[] whole = File.ReadAllBytes(weights);
        File.Delete(weights);
        Directory.CreateDirectory(Path.Combine(clips["run"], "checkpoint.partial"));
        Directory.CreateDirectory(Path.Combine(clips["run"], "checkpoint.previous"));

        Train(clips, "run", 4);

        Assert.Equal(whole, File.ReadAllBytes(weights));
        AssertHasOneCheckpoint(clips["run"]);
    }

    // As an unbroken run, whatever a kill or an interruption has left.
    private static void AssertHasOneCheckpoint(string run) => Assert.Equal(
        ["checkpoint"], Directory.GetDirectories(run, "checkpoint*").Select(folder => Path.GetFileName(folder)));

    [Fact]
    public void A_checkpoint_of_another_network_is_refused()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "run", 2);
        TrainingConfiguration other = Configuration(clips, 4) with { Network = Small with { KernelSize = 13 } };
        Assert.Contains(
            "cannot be resumed", Assert.Throws<TrainingException>(() => new Trainer(other, Options(clips, "run"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "is not a number")]
    [InlineData(1e-9, "has diverged: the gradient's norm was above 1E-09 for 20 steps")]
    public void A_run_that_diverges_stops_and_keeps_the_checkpoint(double largest, string words)
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "run", 3);
        byte[] kept = File.ReadAllBytes(Path.Combine(clips["run"], "checkpoint", "network.safetensors"));
        TrainingConfiguration diverging = Configuration(clips, 200) with { LearningRate = 0.99, GradientNorm = 1e30, LargestNorm = largest, WarmUp = 0 };
        using var trainer = new Trainer(diverging, Options(clips, "run"));
        string message = Assert.Throws<TrainingException>(() => trainer.Run(CancellationToken.None)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Equal(kept, File.ReadAllBytes(Path.Combine(clips["run"], "checkpoint", "network.safetensors")));
    }

    [Theory]
    [InlineData(100, 16, "patchSize")]
    [InlineData(64, 0, "batch")]
    public void Values_out_of_range_are_named(int patch, int batch, string name)
    {
        using var clips = new TrainingClips();
        TrainingConfiguration configuration = Configuration(clips, 10) with { PatchSize = patch, Batch = batch };
        Assert.Contains(name, Assert.Throws<TrainingException>(configuration.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_learning_rate_warms_up_and_falls_to_a_hundredth()
    {
        TrainingConfiguration configuration = new() { Sources = [], Steps = 1000, WarmUp = 100, LearningRate = 1 };
        Assert.Equal(0.01, configuration.LearningRateAt(0), 1e-3);
        Assert.InRange(configuration.LearningRateAt(99), 0.97, 1);
        Assert.Equal(0.505, configuration.LearningRateAt(500), 1e-3);
        Assert.Equal(0.01, configuration.LearningRateAt(1000), 1e-3);
    }

    [Fact]
    public void Rates_may_be_halved_or_stay()
    {
        TrainingConfiguration configuration = new() { Sources = [], Steps = 1000, WarmUp = 0, LearningRate = 0.8, Schedule = RateSchedule.Halving };
        Assert.Equal([0.8, 0.8, 0.4, 0.2, 0.1], [.. new long[] { 0, 499, 500, 750, 999 }.Select(configuration.LearningRateAt)]);
        Assert.Equal(0.8, (configuration with { Schedule = RateSchedule.Constant }).LearningRateAt(999));
    }

    [Fact]
    public void A_run_starts_from_weights_that_fit_in_part()
    {
        using var clips = new TrainingClips();
        clips.AddMoving();
        Train(clips, "first", 2);
        string start = Path.Combine(clips["first"], "weights.safetensors");
        List<string> lines = [];
        TrainingConfiguration deeper = Configuration(clips, 1) with { Network = Small with { BlockResiduals = [2, 1] }, Start = start, LearningRate = 1e-9 };
        using (var trainer = new Trainer(deeper, Options(clips, "second") with { Report = lines.Add }))
        {
            trainer.Run(CancellationToken.None);
        }

        Assert.Contains(lines, line => line.StartsWith($"starting from {start}; fresh: blocks.0.body.1.first.weight", StringComparison.Ordinal));
        SafetensorsFile before = SafetensorsFile.Read(start), after = SafetensorsFile.Read(Path.Combine(clips["second"], "weights.safetensors"));
        Assert.Equal(before.Tensors["headDown.weight"].ToFloats(), after.Tensors["headDown.weight"].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-6);
        TrainingConfiguration absent = deeper with { Start = clips["nowhere.safetensors"] };
        Assert.Contains("nowhere", Assert.Throws<ModelException>(() => new Trainer(absent, Options(clips, "third"))).Message, StringComparison.Ordinal);
    }

    private static void Train(TrainingClips clips, string run, long steps, int? stopAfter = null, TrainingConfiguration? configuration = null)
    {
        using var stop = new CancellationTokenSource();
        int lines = 0;
        using var trainer = new Trainer(configuration ?? Configuration(clips, steps), Options(clips, run) with
        {
            Progress = _ =>
            {
                if (++lines == stopAfter)
                {
                    stop.Cancel();
                }
            },
        });
        trainer.Run(stop.Token);
    }

    private static TrainingConfiguration Configuration(TrainingClips clips, long steps) => new()
    {
        Sources = [new FootageConfiguration { Path = clips.Clips }],
        Network = Small,
        Steps = steps,
        Batch = 2,
        PatchSize = 64,
        WarmUp = 5,
        LearningRate = 1e-3,
        BFloat16 = false,
        Seed = 3,
    };

    // A line a step, so that the log tells every loss; one thread, so that sums keep their order.
    private static TrainerOptions Options(TrainingClips clips, string run) =>
        new() { RunFolder = clips[run], CacheFolder = clips["cache"], ReportInterval = TimeSpan.Zero, Threads = 1 };

    private static LogEntry[] Losses(TrainingClips clips, string run) =>
    [
        .. File.ReadLines(Path.Combine(clips[run], "log.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(entry => entry.TryGetProperty("loss", out _))
            .Select(entry =>
                new LogEntry(entry.GetProperty("step").GetInt64(), entry.GetProperty("loss").GetDouble(), entry.GetProperty("baseline").GetDouble())),
    ];

    private sealed record LogEntry(long Step, double Loss, double Baseline);
}
