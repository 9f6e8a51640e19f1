using System.Runtime.CompilerServices;
using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>
/// Runs a small network of a kind once, on another thread, while the weights of a large one are read: the run time compiles the kernels then, which takes
/// longer than the first frame of a small video itself.
/// </summary>
internal static class KernelWarmUp
{
    private const int FrameSize = 64;
    private const int Width = 32, WideWidth = 96; // channels: layers of more than 64 have kernels of their own
    private static int s_begun;

    /// <summary>Begins, for the first network of a process; later ones find most of it done. What goes wrong is the first frame's to tell.</summary>
    /// <param name="network">The network that is about to be loaded.</param>
    /// <param name="options">How it will run.</param>
    public static void Begin(InterpolationNetwork network, InterpolatorOptions options)
    {
        if (RuntimeFeature.IsDynamicCodeCompiled && network.Configuration.Kind == NetworkKind.Guided && Interlocked.Exchange(ref s_begun, 1) == 0)
        {
            _ = Task.Run(() => Run(network.Configuration, options));
        }
    }

    /// <summary>Predicts a frame of noise by a network of zeros that has every kind of layer of the given one.</summary>
    internal static void Run(NetworkConfiguration configuration, InterpolatorOptions options)
    {
        InterpolationNetwork network = InterpolationNetwork.Of(configuration with
        {
            BlockWidths = [.. configuration.BlockWidths.Select((_, block) => block == 0 ? WideWidth : Width)],
            BlockResiduals = [.. configuration.BlockResiduals.Select(count => Math.Min(count, 1))],
            HeadWidth = Width,
            HeadResiduals = Math.Min(configuration.HeadResiduals, 1),
        });
        Dictionary<string, float[]> zeros = network.Layers.SelectMany(layer => layer.Tensors)
            .ToDictionary(tensor => tensor.Name, tensor => new float[tensor.Shape.Aggregate(1L, (count, length) => count * length)]);
        InterpolatorOptions alone = options with { Device = ComputeDevice.Cpu, Threads = 1, Ensemble = 1, MemoryLimit = null };
        using TiledInterpolator tiled = EngineExecutor.Create(new(network, zeros, new Dictionary<string, string>()), alone);
        using PlanarFrame first = Noise(1), second = Noise(2), between = first.CreateAlike();
        IFrameInterpolator interpolator = tiled.ForAnyTime();
        interpolator.Look(first, second);
        interpolator.Begin(first, second, 0.5, between)?.Invoke();
    }

    private static unsafe PlanarFrame Noise(int seed)
    {
        Random random = new(seed);
        PlanarFrame frame = new(FrameSize, FrameSize, sampleCount: 3, depth: 8) { IsSubsampled = true };
        for (long i = 0; i < 3 * frame.PlaneLength; i++)
        {
            frame.Samples[i] = frame.Rgb[i] = random.NextSingle();
        }

        return frame;
    }
}
