using AdaConv.Model;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;
using Xunit;

namespace AdaConv.Training.Tests.Optimization;

public sealed class AdaptationTests : IDisposable
{
    private const int Steps = 60;
    private readonly TrainingClips _folder = new();
    private readonly string _video, _start;

    public AdaptationTests()
    {
        _video = _folder.Add("video.mkv", "testsrc2=size=96x96:rate=25,scroll=horizontal=0.02", 62);
        _start = _folder["start.safetensors"];
        var network = NetworkConfiguration.Guided with { BlockWidths = [32], BlockResiduals = [0], HeadResiduals = 0, KernelSize = 3, KnowsTime = true };
        using Torch.TorchNetwork fresh = Torch.TorchExecutor.CreateNetwork(network);
        Torch.TorchWeights.Save(fresh, _start, new Dictionary<string, string> { ["sources"] = "none" }, half: false);
    }

    [Fact]
    public void Weights_learn_a_video_over_two_stretches_and_frames_kept_aside_tell()
    {
        string output = _folder["tuned.safetensors"];
        AdaptationResult first = Adapt(TimeSpan.FromMilliseconds(50), output);
        AdaptationResult second = Adapt(TimeSpan.FromMinutes(10), output); // until the recipe's steps are done
        Assert.InRange(first.Steps, 1, Steps - 1);
        Assert.Equal(Steps, second.Steps);
        Assert.Equal(4, second.Frames); // two of each thirty
        Assert.Equal(first.Before, second.Before);
        Assert.True(second.IsBetter && second.After > second.Before + 0.1, $"{second.Before} dB, then {second.After} dB");
        NetworkWeights tuned = NetworkWeights.Load(output);
        Assert.Equal("none", tuned.Metadata["sources"]);
        Assert.StartsWith("video.mkv: ", tuned.Metadata["adaptedTo"], StringComparison.Ordinal);
        Assert.True(tuned.Network.Configuration.KnowsTime);

        // What is used up is not trained again.
        AdaptationResult third = Adapt(TimeSpan.FromTicks(1), output);
        Assert.Equal((second.Steps, second.After), (third.Steps, third.After));

        string other = _folder.Add("other.mkv", "testsrc2=size=96x96:rate=25", 32);
        Assert.Contains(
            "another video", Assert.Throws<TrainingException>(() => Adapt(TimeSpan.FromTicks(1), output, other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_training_spoils_stay_as_they_were()
    {
        string output = _folder["spoilt.safetensors"];
        AdaptationResult result = Adapt(TimeSpan.FromMinutes(10), output, rate: 0.9, steps: 5);
        Assert.False(result.IsBetter, $"{result.Before} dB, then {result.After} dB");
        Assert.Equal(File.ReadAllBytes(_start), File.ReadAllBytes(output));
    }

    [Fact]
    public void A_video_that_is_too_short_is_refused()
    {
        string small = _folder.Add("short.mkv", "testsrc2=size=96x96:rate=25", 20);
        Assert.Contains("too short to adapt to", Assert.Throws<TrainingException>(() => Adapt(TimeSpan.FromMinutes(1), _folder["no"], small)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_kept_aside_are_in_no_triplet_that_is_trained_on()
    {
        using FootageSource all = new(Open(), 64, 2), some = new(Open(), 64, 2, holdOut: true);
        Assert.Equal(60 + 58, all.Count);
        Assert.Equal(2 * (24 - 2) + 2 * (24 - 4), some.Count);
        int[] scored = [.. Enumerable.Range(0, 62).Where(HeldOutFrames.IsScored)];
        Assert.Equal([25, 28, 55, 58], scored);
        Assert.All(scored, middle => Assert.True(Enumerable.Range(middle - 1, 3).All(HeldOutFrames.Contains)));
        Assert.Equal(scored.Length, ValidationItem.HeldOut(_video, 62).Read().Count());
    }

    public void Dispose() => _folder.Dispose();

    private FrameCache Open() => FrameCache.Open(new FootageConfiguration { Path = _video }, _folder["cache"], 62, _ => { });

    private AdaptationResult Adapt(TimeSpan time, string output, string? video = null, double rate = 0.002, int steps = Steps)
    {
        TrainingConfiguration recipe = new()
        {
            Sources = [new FootageConfiguration { Path = "", HoldOut = true, WholeSize = true }],
            FramesPerClip = 100,
            Steps = steps,
            Batch = 2,
            PatchSize = 64,
            LearningRate = rate,
            WarmUp = 5,
            Schedule = RateSchedule.Constant,
            AveragingDecay = 0.9,
        };
        TrainerOptions options = new() { RunFolder = _folder["run"], CacheFolder = _folder["run/cache"], Threads = 2 };
        return new Adaptation(recipe, video ?? _video, _start, options).Run(time, output, TestContext.Current.CancellationToken);
    }
}
