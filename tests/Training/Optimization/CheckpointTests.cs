using AdaConv.Model;
using AdaConv.Tests.Support;
using AdaConv.Torch;
using AdaConv.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace AdaConv.Training.Tests.Optimization;

public sealed class CheckpointTests
{
    private static readonly NetworkConfiguration Tiny =
        NetworkConfiguration.Guided with { BlockWidths = [32, 32], BlockResiduals = [0, 0], HeadWidth = 32, HeadResiduals = 0, KernelSize = 5 };

    [Fact]
    public void After_a_power_cut_at_any_moment_a_run_resumes_from_its_last_checkpoint_or_the_one_just_written()
    {
        using ClipFolder folder = new();
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using TorchNetwork network = Tiny.CreateNetwork();
        Tensor[] averaged = [.. network.parameters().Select(parameter => zeros_like(parameter))];
        AdamMoments[] moments = [.. network.parameters().Select(parameter => new AdamMoments(zeros_like(parameter), zeros_like(parameter)))];
        string run = Directory.CreateDirectory(folder["run"]).FullName;
        PowerCut cut = new(run, seed);

        cut.During(() =>
        {
            for (int step = 1; step <= 3; step++)
            {
                Fill(step);
                Checkpoint.Save(run, network, averaged, moments, step);
                cut.Promised = step;
            }
        });

        foreach (CutState state in cut.States)
        {
            state.Restore(folder["again"]);
            long step = Checkpoint.TryLoad(folder["again"], network, averaged, moments) ?? 0;
            Assert.InRange(step, state.Promised, Math.Min(3, state.Promised + 1));
            if (step > 0)
            {
                Assert.All(averaged, values => Assert.Equal(step, values.max().ToDouble()));
                Assert.All(moments, pair => Assert.Equal(step, pair.Second.min().ToDouble()));
            }

            Directory.Delete(folder["again"], recursive: true);
        }

        Assert.Contains(cut.States, state => state.Promised == 3);

        void Fill(double value)
        {
            using IDisposable noGradient = no_grad();
            foreach (Tensor tensor in averaged.Concat(moments.SelectMany(pair => new[] { pair.First, pair.Second })))
            {
                tensor.fill_(value);
            }
        }
    }
}
