using System.Runtime.InteropServices;
using AdaConv.Engine.Convolution;
using AdaConv.Engine.Fit;

namespace AdaConv.Engine.Bench;

/// <summary>One operation at one size.</summary>
/// <param name="Name">As printed.</param>
/// <param name="GigaFlops">
/// Multiplications and additions of the formula, in 10⁹; what upsampling, normalisation and unused lanes cost on top is not counted.
/// </param>
/// <param name="Prepare">Allocates inputs and outputs.</param>
internal sealed record BenchCase(string Name, double GigaFlops, Func<BenchCase.Runner> Prepare)
{
    public static IEnumerable<BenchCase> All =>
    [
        .. Separable("K 51, 864x480", new(1, 3, 480, 864, 51, 1, true)),
        .. Separable("K 51 half, 864x480", new(1, 3, 480, 864, 51, 2, true)),
        .. Separable("K 9 half, 1920x1080", new(1, 3, 1080, 1920, 9, 2, true)),
        .. Separable("K 9 half, 1 plane, 1920x1080", new(1, 1, 1080, 1920, 9, 2, true)),
        .. Separable("K 9 half, 3840x2160", new(1, 3, 2160, 3840, 9, 2, true)),
        .. Separable("K 9 half, 16x128x128", new(16, 3, 128, 128, 9, 2, true)),
        .. Separable("K 9 half, 16x192x192", new(16, 3, 192, 192, 9, 2, true)),
        .. Separable("K 9 half, 16x256x256", new(16, 3, 256, 256, 9, 2, true)),
        .. Separable("K 51, 16x128x128", new(16, 3, 128, 128, 51, 1, true)),
        .. Separable("K 51 half, 16x128x128", new(16, 3, 128, 128, 51, 2, true)),
        .. Warp("16x128x128", new(16, 3, 128, 128)),
        .. Warp("854x480", new(1, 3, 480, 854)),
        .. Warp("1920x1080", new(1, 3, 1080, 1920)),
        Fit("856x480", new(1, 1, 480, 856)),
        Fit("1920x1080", new(1, 1, 1080, 1920)),
        // The default network's layers at 1280x720.
        Convolve(new(25, 64, 2), 46, 80),
        Convolve(new(128, 128), 23, 40),
        Convolve(new(25, 64, 2), 90, 160),
        Convolve(new(64, 128, 2), 45, 80),
        Convolve(new(128, 128), 45, 80),
        Convolve(new(128, 13), 45, 80),
        Convolve(new(25, 32, 2), 180, 320),
        Convolve(new(32, 96, 2), 90, 160),
        Convolve(new(96, 96), 90, 160),
        Convolve(new(96, 13), 90, 160),
        Convolve(new(25, 32, 2), 360, 640),
        Convolve(new(32, 64, 2), 180, 320),
        Convolve(new(64, 64), 180, 320),
        Convolve(new(32, 32), 360, 640),
        Convolve(new(32, 37), 360, 640),
        // The same network's in a training step, 16 patches of 128x128.
        .. Train(new(32, 32, 2), 128),
        .. Train(new(32, 32), 64),
        .. Train(new(32, 64, 2), 64),
        .. Train(new(64, 64), 32),
        .. Train(new(96, 96), 16),
        .. Train(new(128, 128), 8),
        .. Train(new(128, 128), 4),
    ];

    private static IEnumerable<BenchCase> Separable(string name, SeparableConvolutionShape shape)
    {
        double pixels = (double)shape.Batch * shape.Height * shape.Width / 1e9, k = shape.Taps, p = shape.Planes;
        int size = shape.Batch * shape.Planes * shape.Height * shape.Width;
        int taps = shape.Batch * shape.Taps * shape.TapHeight * shape.TapWidth;
        yield return new BenchCase($"separable forward, {name}", 2 * pixels * p * k * (k + 1), () =>
        {
            var runner = new Runner(size, taps, taps, size);
            runner.Run = options => SeparableConvolution.Forward(shape, runner[0], runner[1], runner[2], runner[3], options);
            return runner;
        });
        yield return new BenchCase($"separable backward of taps, {name}", 2 * pixels * k * k * (p + 2), () =>
        {
            var runner = new Runner(size, taps, taps, size, taps, taps);
            runner.Run = options => SeparableConvolution.Backward(shape, runner[0], runner[1], runner[2], runner[3], default, runner[4],
                runner[5], options);
            return runner;
        });
        yield return new BenchCase($"separable backward of all, {name}", 2 * pixels * k * k * (2 * p + 2), () =>
        {
            var runner = new Runner(size, taps, taps, size, taps, taps, size);
            runner.Run = options => SeparableConvolution.Backward(shape, runner[0], runner[1], runner[2], runner[3], runner[6], runner[4],
                runner[5], options);
            return runner;
        });
    }

    private static IEnumerable<BenchCase> Warp(string name, WarpShape shape)
    {
        double pixels = (double)shape.Batch * shape.Height * shape.Width / 1e9;
        int size = shape.Batch * shape.Planes * shape.Height * shape.Width, flow = shape.Batch * 2 * shape.Height * shape.Width;
        foreach (string flows in (string[])["", ", smooth flow", ", noisy flow"])
        {
            yield return new BenchCase($"warp forward, {name}{flows}", pixels * shape.Planes * 9, () =>
            {
                Runner runner = Inputs(flows);
                runner.Run = options => BilinearWarp.Forward(shape, runner[0], runner[1], runner[2], options);
                return runner;
            });
            yield return new BenchCase($"cubic warp forward, {name}{flows}", pixels * shape.Planes * 84, () =>
            {
                Runner runner = Inputs(flows);
                runner.Run = options => CubicWarp.Forward(shape, runner[0], runner[1], runner[2], far: 0.125f, options);
                return runner;
            });
        }
        yield return new BenchCase($"warp backward, {name}", pixels * shape.Planes * 26, () =>
        {
            var runner = new Runner(size, flow, size, size, flow);
            runner.Run = options => BilinearWarp.Backward(shape, runner[0], runner[1], runner[2], runner[3], runner[4], options);
            return runner;
        });
        yield return new BenchCase($"cubic warp backward, {name}", pixels * shape.Planes * 180, () =>
        {
            var runner = new Runner(size, flow, size, flow);
            runner.Run = options => CubicWarp.Backward(shape, runner[0], runner[1], runner[2], runner[3], far: 0.125f, options);
            return runner;
        });

        // From 0 to 1, neighbours look at neighbours; slow waves of six pixels, as motion inside of objects is; none near its neighbours.
        Runner Inputs(string flows)
        {
            Runner runner = new(size, flow, size);
            if (flows.Contains("smooth", StringComparison.Ordinal))
                runner.Change(1, (i, _) => 6 * MathF.Sin(i % shape.Width / 150f + i / shape.Width % shape.Height / 90f));
            else if (flows.Contains("noisy", StringComparison.Ordinal))
                runner.Change(1, (_, value) => 6 * value - 3);
            return runner;
        }
    }

    private static unsafe BenchCase Fit(string name, WarpShape shape)
    {
        int pixels = shape.Height * shape.Width, cells = pixels / (FlowFit.Cell * FlowFit.Cell);
        return new BenchCase($"fit of flows, {name}", pixels / 1e9 * (36 * shape.Planes + 5), () =>
        {
            var runner = new Runner(2 * shape.Planes * pixels, FlowFit.Planes * cells, FlowFit.Sums * cells);
            runner.Run = options => FlowFit.Apply(shape, runner[0], 0.5f, runner[1], runner[2].Data, options);
            return runner;
        });
    }

    private static unsafe BenchCase Convolve(ConvolutionShape shape, int height, int width, int pictures = 1)
    {
        int outputHeight = shape.OutputSize(height), outputWidth = shape.OutputSize(width);
        string name = $"convolution {shape.Inputs} to {shape.Outputs} / {shape.Stride}, {(pictures > 1 ? $"{pictures}x" : "")}{width}x{height}";
        return new BenchCase(name, 2e-9 * pictures * shape.MultiplyAdds(height, width), () =>
        {
            Runner runner = Buffers(shape, height, width, pictures);
            Dictionary<KernelLevel, Convolution3x3> layers = [];
            runner.Run = options =>
            {
                KernelLevel level = options.ResolveLevel();
                if (!layers.TryGetValue(level, out var layer))
                {
                    layers[level] = layer = Convolution3x3.Create(shape, level);
                    layer.SetWeights(WeightView.Planar(runner[2].Data, shape.Inputs), new(runner[3].Data, shape.Outputs));
                }
                layer.Run(
                    new(runner[0].Data, height, width, shape.Inputs, 0, pictures),
                    new(runner[1].Data, outputHeight, outputWidth, shape.Outputs, 0, pictures), null,
                    options.ResolveThreads());
            };
            return runner;
        });
    }

    private static IEnumerable<BenchCase> Train(ConvolutionShape shape, int size)
    {
        const int batch = 16;
        BenchCase forward = Convolve(shape, size, size, batch);
        return [forward, Gradient("input", forward, shape, size, batch), Gradient("weights", forward, shape, size, batch)];
    }

    private static unsafe BenchCase Gradient(string what, BenchCase forward, ConvolutionShape shape, int size, int pictures)
    {
        int outputSize = shape.OutputSize(size);
        return forward with
        {
            Name = $"gradient of {what}, {forward.Name}",
            Prepare = () =>
            {
                Runner runner = Buffers(shape, size, size, pictures);
                Dictionary<KernelLevel, (ConvolutionGradient3x3 Layer, nint Workspace)> layers = [];
                runner.Run = options =>
                {
                    KernelLevel level = options.ResolveLevel();
                    WeightView weights = WeightView.Planar(runner[2].Data, shape.Inputs);
                    if (!layers.TryGetValue(level, out var pair))
                    {
                        ConvolutionGradient3x3 layer = ConvolutionGradient3x3.Create(shape, level);
                        nuint floats = (nuint)layer.WorkspaceFloats(pictures, outputSize, outputSize);
                        layers[level] = pair = (layer, (nint)NativeMemory.AlignedAlloc(floats * sizeof(float), 64));
                        pair.Layer.SetWeights(weights);
                    }
                    ActivationView input = new(runner[0].Data, size, size, shape.Inputs, 0, pictures);
                    ActivationView gradient = new(runner[1].Data, outputSize, outputSize, shape.Outputs, 0, pictures);
                    if (what == "input")
                        pair.Layer.OfInput(gradient, input, options.ResolveThreads());
                    else
                        pair.Layer.OfWeights(input, gradient, weights, (float*)pair.Workspace, options.ResolveThreads());
                };
                return runner;
            },
        };
    }

    private static Runner Buffers(ConvolutionShape shape, int height, int width, int pictures) => new(
        pictures * (int)ActivationView.Floats(height, width, shape.Inputs),
        pictures * (int)ActivationView.Floats(shape.OutputSize(height), shape.OutputSize(width), shape.Outputs),
        9 * shape.Inputs * shape.Outputs,
        shape.Outputs);

    /// <summary>Buffers of random values from 0 to 1 (as flows: motion of up to a pixel) and the call that uses them.</summary>
    internal sealed unsafe class Runner : IDisposable
    {
        private readonly nint[] buffers;
        private readonly int[] lengths;

        public Runner(params int[] lengths)
        {
            this.lengths = lengths;
            var random = new Random(1);
            buffers = new nint[lengths.Length];
            for (int i = 0; i < lengths.Length; i++)
            {
                buffers[i] = (nint)NativeMemory.AlignedAlloc((nuint)lengths[i] * sizeof(float), 64);
                foreach (ref float value in new Span<float>((float*)buffers[i], lengths[i]))
                    value = random.NextSingle();
            }
        }

        public Action<EngineOptions> Run { get; set; } = _ => { };

        public TensorView this[int index] => (float*)buffers[index];

        /// <summary>Replaces a buffer's values, given their places and the values before.</summary>
        public void Change(int index, Func<int, float, float> change)
        {
            Span<float> values = new((float*)buffers[index], lengths[index]);
            for (int i = 0; i < values.Length; i++)
                values[i] = change(i, values[i]);
        }

        public void Dispose()
        {
            foreach (nint buffer in buffers)
                NativeMemory.AlignedFree((void*)buffer);
        }
    }
}
