using System.Text.Json;
using System.Text.Json.Serialization;
using AdaConv.Model;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Optimization;

/// <summary>Everything that decides a run's result; stored as config.json in the run's folder.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>The network.</summary>
    public NetworkConfiguration Network { get; init; } = NetworkConfiguration.Guided;

    /// <summary>What is trained on, mixed by shares.</summary>
    public required IReadOnlyList<SourceConfiguration> Sources { get; init; }

    /// <summary>What is done to a patch so that it counts for many.</summary>
    public AugmentationConfiguration Augmentation { get; init; } = new();

    /// <summary>Frames at most of each clip.</summary>
    public int FramesPerClip { get; init; } = SamplingOptions.DefaultFramesPerClip;

    /// <summary>Weights to start from: a file whose tensors fit in part or in whole; null = fresh ones.</summary>
    public string? Start { get; init; }

    /// <summary>
    /// Length of the run in epochs, when that is how it is given: an epoch is as many samples as the footage has triplets. Null:
    /// <see cref="Steps"/> says it.
    /// </summary>
    public double? Epochs { get; init; }

    /// <summary>Steps of the whole run; the learning rate's schedule ends here.</summary>
    public long Steps { get; init; } = 20_000;

    /// <summary>Samples a step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Patch width and height in pixels, a multiple of 32.</summary>
    public int PatchSize { get; init; } = 128;

    /// <summary>Frames between neighbours: 1 up to this.</summary>
    public int MaximumStride { get; init; } = 1;

    /// <summary>
    /// Share of the samples whose frame between may lie anywhere between the outer two, for networks that know the time. All others are as they would be
    /// without such.
    /// </summary>
    public double OtherTimes { get; init; }

    /// <summary>Intervals at most between the outer frames of such samples; there are three or more.</summary>
    public int LongestSpan { get; init; } = 8;

    /// <summary>Whether nothing is trained but what changes with the time: in the middle the network stays what it was, bit for bit.</summary>
    public bool TimeAlone { get; init; }

    /// <summary>How gradients become steps.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>
    /// Share of the loss, below 1, that compares the frame with the true one where that lies (<see cref="FittedPlace"/>): the network is not blamed there for
    /// acceleration, which a pair of frames does not tell.
    /// </summary>
    public double FitPlace { get; init; }

    /// <summary>Weight files to learn from beside the true frames (<see cref="Optimization.Teachers"/>); none: true frames alone.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>Share of the loss that compares with what the teachers predict instead of with the true frame: 1, with that alone.</summary>
    public double TeacherShare { get; init; } = 0.5;

    /// <summary>Views of each pair that a teacher's prediction is the mean of: 1, 2, 4 or 8.</summary>
    public int TeacherViews { get; init; } = 2;

    /// <summary>Learning rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 6e-4;

    /// <summary>How the learning rate falls after the warm-up.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Cosine;

    /// <summary>Steps over which the learning rate rises from zero.</summary>
    public int WarmUp { get; init; } = 200;

    /// <summary>Gradients with a larger norm are scaled down to it.</summary>
    public double GradientNorm { get; init; } = 0.3;

    /// <summary>
    /// Gradients with a larger norm are not followed at all: even scaled down, one wild step among calm ones can throw a run off its course.
    /// </summary>
    public double LargestNorm { get; init; } = 3;

    /// <summary>Loss on the final frame.</summary>
    public LossTerms Loss { get; init; } = LossKind.L1;

    /// <summary>Weight of the same loss on each flow block's own estimate.</summary>
    public double BlendWeight { get; init; } = 0.2;

    /// <summary>Share that the averaged weights keep of themselves each step.</summary>
    public double AveragingDecay { get; init; } = 0.999;

    /// <summary>Seed of weights and data.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// libtorch's convolutions in bfloat16 (float32 weights), slower on processors without the instructions; where the engine's float32 ones are faster
    /// still, those are taken instead.
    /// </summary>
    public bool BFloat16 { get; init; } = true;

    /// <summary>Checks every value against its range.</summary>
    /// <exception cref="TrainingException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Require(Sources.Count > 0, "sources must name at least one");
        foreach (string rule in Sources.Select(source => source.BrokenRule()).Append(Augmentation.BrokenRule()).OfType<string>())
        {
            Require(false, rule);
        }

        Require(Epochs is null or > 0, "epochs must be above 0");
        Require(Steps >= 1, "steps must be 1 or more");
        Require(Batch is >= 1 and <= 1024, "batch must be 1 to 1024");
        Require(PatchSize is >= 32 and <= 1024 && PatchSize % 32 == 0, "patchSize must be a multiple of 32 from 32 to 1024");
        Require(FramesPerClip >= 3, "framesPerClip must be 3 or more");
        Require(MaximumStride is >= 1 and <= TripletRules.MaximumStride, $"maximumStride must be 1 to {TripletRules.MaximumStride}");
        Require(OtherTimes is >= 0 and <= 1, "otherTimes must be 0 to 1");
        Require(OtherTimes == 0 || Network.KnowsTime, "otherTimes is above 0, but the network does not know the time (network.knowsTime)");
        Require(!TimeAlone || (Network.KnowsTime && Optimizer == OptimizerKind.Adam), "timeAlone needs a network that knows the time, and Adam");
        Require(FitPlace is >= 0 and < 1, "fitPlace must be 0 or more and below 1: the rest keeps frames where they belong");
        Require(FitPlace == 0 || Network.Kind == NetworkKind.Guided, "fitPlace above 0 needs a network of the kind guided, which finds motion");
        Require(TeacherShare is > 0 and <= 1, "teacherShare must be above 0 and at most 1");
        Require(TeacherViews is 1 or 2 or 4 or 8, "teacherViews must be 1, 2, 4 or 8");
        Require(LongestSpan is >= 3 and <= 2 * TripletRules.MaximumStride, $"longestSpan must be 3 to {2 * TripletRules.MaximumStride}");
        Require(LearningRate is > 0 and < 1, "learningRate must be above 0 and below 1");
        Require(Enum.IsDefined(Optimizer), "optimizer must be adam or muon");
        Require(Enum.IsDefined(Schedule), "schedule must be cosine, halving or constant");
        Require(WarmUp >= 0, "warmUp must be 0 or more");
        Require(GradientNorm > 0, "gradientNorm must be above 0");
        Require(LargestNorm > 0, "largestNorm must be above 0");
        Require(BlendWeight >= 0, "blendWeight must be 0 or more");
        Require(AveragingDecay is >= 0 and < 1, "averagingDecay must be 0 or more and below 1");
        Network.Validate();
    }

    /// <summary>The same run, so many times shorter: steps or epochs, and the warm-up.</summary>
    /// <exception cref="TrainingException">The factor is below 1.</exception>
    public TrainingConfiguration ScaledDown(double factor) => factor >= 1 && double.IsFinite(factor)
        ? this with { Epochs = Epochs / factor, Steps = Math.Max(1, (long)(Steps / factor)), WarmUp = (int)(WarmUp / factor) }
        : throw new TrainingException("--scale-down must be 1 or more.");

    /// <summary>The run's length as steps, once the footage is known.</summary>
    /// <param name="triplets">Triplets of the footage; null when all of it is synthetic.</param>
    /// <exception cref="TrainingException">The length is given in epochs, which synthetic samples alone do not have.</exception>
    public TrainingConfiguration WithSteps(long? triplets) => Epochs is not { } epochs
        ? this
        : triplets is { } count
            ? this with { Steps = Math.Max(1, (long)Math.Ceiling(epochs * count / Batch)) }
            : throw new TrainingException("The configuration counts epochs, but synthetic samples alone have none; set steps instead.");

    /// <summary>The learning rate of a step: a linear warm-up, then the schedule.</summary>
    public double LearningRateAt(long step)
    {
        double warm = WarmUp == 0 ? 1 : Math.Min(1, (step + 1.0) / WarmUp);
        double progress = Math.Clamp((double)step / Steps, 0, 1);
        return LearningRate * warm * Schedule switch
        {
            RateSchedule.Cosine => 0.01 + 0.99 * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            RateSchedule.Halving => progress < 0.5 ? 1 : progress < 0.75 ? 0.5 : progress < 0.875 ? 0.25 : 0.125,
            _ => 1,
        };
    }

    /// <summary>How the sources become batches.</summary>
    internal SamplingOptions Sampling() => new(PatchSize, Seed, Augmentation)
    {
        MaximumStride = MaximumStride,
        OtherTimes = OtherTimes,
        LongestSpan = LongestSpan,
        FramesPerClip = FramesPerClip,
    };

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new TrainingException($"The training configuration is not valid: {rule}.");
        }
    }
}

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Adam, as in the paper.</summary>
    Adam,

    /// <summary>Muon for the weights of the residual pairs, Adam for everything else.</summary>
    Muon,
}

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum RateSchedule
{
    /// <summary>A half cosine that ends at a hundredth.</summary>
    Cosine,

    /// <summary>Halved at 1/2, 3/4 and 7/8 of the run.</summary>
    Halving,

    /// <summary>It does not (the paper's, within each of its two parts).</summary>
    Constant,
}
