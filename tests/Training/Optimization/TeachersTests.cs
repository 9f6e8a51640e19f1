using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Training.Tests.Optimization;

/// <summary>Learning from other networks: what they show, and what it counts for.</summary>
public sealed class TeachersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adaconv-teachers-");

    [Fact]
    public void Teachers_show_the_mean_of_their_frames()
    {
        string one = Weights("one", seed: 1), two = Weights("two", seed: 2);
        using IDisposable scope = NewDisposeScope();
        Tensor frames = Frames(), alone = Show(frames, one), other = Show(frames, two), both = Show(frames, one, two);
        Assert.Equal([2, 3, 64, 96], both.shape);
        Assert.InRange((alone - other).abs().max().item<float>(), 1e-3f, 1);
        Assert.InRange((both - (alone + other) / 2).abs().max().item<float>(), 0, 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    public void A_share_of_the_loss_compares_with_them(double share)
    {
        TrainingConfiguration configuration = Configuration(Weights("teacher", seed: 3)) with { TeacherShare = share, BlendWeight = 0.2 };
        using IDisposable scope = NewDisposeScope();
        using Learner learner = Learn(configuration);
        using Teachers teachers = new(configuration, onProcessor: true, threads: 1);
        Tensor frames = Frames(), taught = teachers.Predict(frames, Middle), truth = taught + rand(2, 3, 64, 96) * 0.01;
        double byTruth = learner.Loss(frames, truth).Sum.item<float>(), byTeacher = learner.Loss(frames, taught).Sum.item<float>();
        var (sum, frame) = learner.Loss(frames, truth, taught: taught);
        Assert.Equal((1 - share) * byTruth + share * byTeacher, sum.item<float>(), 1e-5);
        Assert.Equal(learner.Loss(frames, truth).Frame.item<float>(), frame.item<float>(), 1e-6); // what is reported is always the distance from the truth
    }

    [Fact]
    public void Who_learns_from_itself_alone_has_nothing_to_learn()
    {
        string own = Weights("own", seed: 4);
        TrainingConfiguration configuration = Configuration(own) with { TeacherShare = 1, TeacherViews = 1, BlendWeight = 0, FitPlace = 0.5 };
        using IDisposable scope = NewDisposeScope();
        using Learner learner = Learn(configuration);
        learner.StartFrom(own);
        using Teachers teachers = new(configuration, onProcessor: true, threads: 1);
        Tensor frames = Frames(), taught = teachers.Predict(frames, Middle);
        Assert.InRange(learner.Loss(frames, taught, taught: taught).Sum.item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void A_sample_that_the_learner_knows_better_is_learnt_from_the_truth()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor truth = rand(2, 3, 8, 8), taught = truth.clone(), frame = truth.clone();
        taught[0] += 0.2f;
        frame[0] += 0.1f;
        taught[1] += 0.1f;
        frame[1] += 0.2f;
        Tensor chosen = Teachers.WhereNearer(taught, frame, truth);
        Assert.Equal(0, (chosen[0] - truth[0]).abs().max().item<float>());
        Assert.Equal(0, (chosen[1] - taught[1]).abs().max().item<float>());
    }

    [Fact]
    public void Steps_go_towards_the_teacher()
    {
        TrainingConfiguration configuration = Configuration(Weights("teacher", seed: 5)) with
        {
            TeacherShare = 1,
            TeacherViews = 2,
            LearningRate = 1e-3,
            WarmUp = 0,
        };
        using IDisposable scope = NewDisposeScope();
        using Learner learner = Learn(configuration);
        using Teachers teachers = new(configuration, onProcessor: true, threads: 1);
        Tensor frames = Frames(), taught = teachers.Predict(frames, Middle);
        double before = Distance();
        for (int step = 0; step < 5; step++)
        {
            learner.Step(frames, taught.clone(), Middle, step);
        }

        Assert.InRange(Distance(), 0, 0.95 * before);

        double Distance() => learner.Loss(frames, taught).Frame.item<float>();
    }

    [Fact]
    public void A_teacher_that_cannot_be_used_is_named()
    {
        string missing = Path.Combine(_folder.FullName, "missing.safetensors"), middle = Weights("middle", seed: 6);
        Assert.Contains(missing, Assert.Throws<ModelException>(() => Learn(Configuration(missing))).Message, StringComparison.Ordinal);
        TrainingConfiguration anyTime = Configuration(middle) with
        {
            OtherTimes = 0.5,
            Network = Small with { KnowsTime = true },
        };
        string words = Assert.Throws<TrainingException>(() => Teachers.Check(anyTime)).Message;
        Assert.Contains(middle, words, StringComparison.Ordinal);
        Assert.Contains("must know the time", words, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static NetworkConfiguration Small => NetworkConfiguration.Guided with
    {
        BlockWidths = [32, 32],
        BlockResiduals = [1, 1],
        HeadResiduals = 1,
        KernelSize = 5,
    };

    private static float[] Middle => [0.5f, 0.5f];

    private static TrainingConfiguration Configuration(params string[] teachers) => new()
    {
        Sources = [],
        Network = Small,
        BFloat16 = false,
        Teachers = teachers,
    };

    private static Learner Learn(TrainingConfiguration configuration) =>
        new(configuration, TrainingDevice.Open(ComputeDevice.Cpu, threads: 1, bfloat16: false, Assert.Fail), threads: 1);

    private static Tensor Show(Tensor frames, params string[] teachers)
    {
        using Teachers shown = new(Configuration(teachers), onProcessor: true, threads: 1);
        return shown.Predict(frames, Middle);
    }

    // Smooth pictures, the second a little further on.
    private static Tensor Frames()
    {
        manual_seed(11);
        Tensor coarse = rand(2, 3, 10, 14);
        Tensor large = nn.functional.interpolate(coarse, size: [68, 100], mode: InterpolationMode.Bilinear, align_corners: false);
        return cat([large.slice(2, 0, 64, 1).slice(3, 0, 96, 1), large.slice(2, 2, 66, 1).slice(3, 3, 99, 1)], 1).contiguous();
    }

    private string Weights(string name, int seed)
    {
        string path = Path.Combine(_folder.FullName, name + ".safetensors");
        manual_seed(seed);
        using TorchNetwork network = Small.CreateNetwork();
        TorchWeights.Save(network, path, new Dictionary<string, string>(), half: false);
        return path;
    }
}
