using AdaConv.Engine;
using AdaConv.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>A layer's convolution and its gradients, timed by the engine's kernels, which are float32, and by libtorch's in bfloat16.</summary>
/// <param name="Engine">The least processor time by the engine.</param>
/// <param name="Libtorch">The least processor time by libtorch.</param>
public sealed record ConvolutionTrial(TimeSpan Engine, TimeSpan Libtorch)
{
    private const int WarmUps = 4, Runs = 8;

    /// <summary>Whether the engine's are taken: they are more exact, so libtorch's must be clearly faster. Noise does not turn the choice either.</summary>
    public bool EngineWins => Engine <= 1.1 * Libtorch;

    /// <summary>Times a layer of 64 channels on a batch of 16 patches; takes a tenth of a second.</summary>
    public static ConvolutionTrial Run(EngineOptions options)
    {
        using DisposeScope scope = NewDisposeScope();
        using Convolution layer = new(new("trial", 64, 64, Slope: 0.1f));
        Tensor activations = zeros(16, 32, 32, 64).permute(0, 3, 1, 2);
        TimeSpan libtorch = Time(layer, activations.to(ScalarType.BFloat16));
        layer.UseEngine(options);
        return new(Time(layer, activations), libtorch);
    }

    private static TimeSpan Time(Convolution layer, Tensor activations)
    {
        TimeSpan least = TimeSpan.MaxValue;
        for (int run = -WarmUps; run < Runs; run++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = activations.clone().requires_grad_();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            using Tensor sum = layer.forward(input).sum();
            sum.backward();
            TimeSpan used = Environment.CpuUsage.TotalTime - before;
            least = run >= 0 && used < least ? used : least;
        }

        return least;
    }
}
