using System.Globalization;
using AdaConv.Engine;
using AdaConv.Engine.Convolution;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Bench;

/// <summary>The default network's convolutions at 1280×720: libtorch's beside the engine's, with rectifier or sum, taking turns.</summary>
internal static class ConvolutionTable
{
    // As often as a frame takes each, with the size of the input.
    private static readonly (int Count, int Inputs, int Outputs, int Stride, bool Adds, int Width, int Height)[] Layers =
    [
        (1, 25, 64, 2, false, 160, 92), (1, 64, 128, 2, false, 80, 46), (6, 128, 128, 1, false, 40, 23), (6, 128, 128, 1, true, 40, 23),
        (1, 128, 13, 1, false, 40, 23), (1, 25, 64, 2, false, 320, 180), (1, 64, 128, 2, false, 160, 90), (6, 128, 128, 1, false, 80, 45),
        (6, 128, 128, 1, true, 80, 45), (1, 128, 13, 1, false, 80, 45), (1, 25, 32, 2, false, 640, 360), (1, 32, 96, 2, false, 320, 180),
        (4, 96, 96, 1, false, 160, 90), (4, 96, 96, 1, true, 160, 90), (1, 96, 13, 1, false, 160, 90), (2, 25, 32, 2, false, 1280, 720),
        (1, 32, 64, 2, false, 640, 360), (3, 64, 64, 1, false, 320, 180), (3, 64, 64, 1, true, 320, 180), (1, 64, 13, 1, false, 320, 180),
        (2, 32, 32, 1, false, 640, 360), (2, 32, 32, 1, true, 640, 360), (1, 32, 37, 1, false, 640, 360),
    ];

    /// <summary>Prints a row for each layer: processor milliseconds of one thread, the best of some runs.</summary>
    public static void Print(int runs)
    {
        EngineOptions options = new(Threads: 1);
        KernelLevel level = options.ResolveLevel();
        using IDisposable noGradient = no_grad();
        Console.WriteLine($"{level}, one thread, processor milliseconds at best of {runs}; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        Console.WriteLine(
            "| layer, input | n | GFLOP | libtorch float32 | bfloat16 | engine | GFLOP/s | of the peak | float32 / engine | bfloat16 / engine | "
            + "error, largest and mean |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        double[] sums = new double[4];
        foreach (var (count, inputs, outputs, stride, adds, width, height) in Layers)
        {
            using IDisposable scope = NewDisposeScope();
            using Layer layer = new(new(inputs, outputs, stride, adds || outputs is 13 or 37 ? 1 : 0.1f), adds, width, height, level);
            double float32 = double.PositiveInfinity, bfloat16 = float32, engine = float32, peak = 0;
            for (int run = 0; run < runs; run++)
            {
                float32 = Math.Min(float32, Processor(() => layer.Libtorch(ScalarType.Float32)));
                bfloat16 = Math.Min(bfloat16, Processor(() => layer.Libtorch(ScalarType.BFloat16)));
                engine = Math.Min(engine, Processor(layer.Engine));
                peak = Math.Max(peak, run % 4 == 0 ? PeakRate.Measure(options) : 0);
            }

            double work = 2e-6 * layer.Shape.MultiplyAdds(height, width); // in millions: a millisecond's work at 1 GFLOP/s
            double[] row = [work, float32, bfloat16, engine];
            sums = [.. sums.Zip(row, (sum, value) => sum + count * value)];
            var (largest, mean) = layer.Error();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {inputs}→{outputs} /{stride}{(adds ? " +" : "")} {width}x{height} | {count} | {work / 1000:F2} | {float32:F2} | {bfloat16:F2} | "
                + $"{engine:F2} "
                + $"| {work / engine:F0} | {work / engine / peak:P0} | {float32 / engine:F2} | {bfloat16 / engine:F2} | {largest:E1}, {mean:E1} |"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| a frame's | {Layers.Sum(layer => layer.Count)} | {sums[0] / 1000:F2} | {sums[1]:F1} | {sums[2]:F1} | {sums[3]:F1} | {sums[0] / sums[3]:F0} | "
            + $"| {sums[1] / sums[3]:F2} | {sums[2] / sums[3]:F2} | |"));
    }

    private static double Processor(Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    /// <summary>One layer with random weights and activations for both sides.</summary>
    private sealed unsafe class Layer : IDisposable
    {
        private readonly bool _adds;
        private readonly Tensor _weights, _bias;
        private readonly Dictionary<ScalarType, (Tensor Input, Tensor Weights, Tensor Bias, Tensor Added)> _libtorch = [];
        private readonly Convolution3x3 _convolution;
        private readonly float[] _input, _output;
        private readonly int _width, _height;
        private readonly Scalar _slope;

        public Layer(ConvolutionShape shape, bool adds, int width, int height, KernelLevel level)
        {
            (Shape, _adds, _width, _height) = (shape, adds, width, height);
            _weights = randn(shape.Outputs, shape.Inputs, 3, 3).mul_((1 / (3 * Math.Sqrt(shape.Inputs))).ToScalar());
            _bias = randn(shape.Outputs);
            _slope = shape.Slope.ToScalar();
            // libtorch's channels are rounded up to multiples of 32, as its bfloat16 convolutions need them.
            long inputPad = -shape.Inputs & 31, outputPad = -shape.Outputs & 31;
            Tensor input = Last(nn.functional.pad(randn(1, shape.Inputs, height, width), [0L, 0L, 0L, 0L, 0L, inputPad]));
            Tensor padded = Last(nn.functional.pad(_weights, [0L, 0L, 0L, 0L, 0L, inputPad, 0L, outputPad]));
            Tensor bias = nn.functional.pad(_bias, [0L, outputPad]);
            Tensor added = Last(randn(1, shape.Outputs + outputPad, shape.OutputSize(height), shape.OutputSize(width)));
            foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
                _libtorch[type] = (input.to(type), padded.to(type), bias.to(type), added.to(type));
            _convolution = Convolution3x3.Create(shape, _weights.data<float>().ToArray(), _bias.data<float>().ToArray(), level);
            _input = GC.AllocateUninitializedArray<float>((int)ActivationView.Floats(height, width, shape.Inputs), pinned: true);
            for (int i = 0; i < _input.Length; i++)
                _input[i] = MathF.Sin(i * 0.7f);
            _output = GC.AllocateArray<float>((int)ActivationView.Floats(shape.OutputSize(height), shape.OutputSize(width), shape.Outputs), pinned: true);
        }

        public ConvolutionShape Shape { get; }

        public void Libtorch(ScalarType type)
        {
            using IDisposable scope = NewDisposeScope();
            var (input, weights, bias, added) = _libtorch[type];
            Tensor output = nn.functional.conv2d(input, weights, bias, strides: [Shape.Stride, Shape.Stride], padding: [1L, 1L]);
            if (Shape.Slope != 1)
                output.leaky_relu_(_slope);
            if (_adds)
                output.add_(added, _slope); // layers with a sum have no rectifier: their slope is one
        }

        public void Engine() => Run(_input, _output, _height, _width);

        /// <summary>The largest and the mean error against float64 of a part of the picture, over the root of the results' mean square.</summary>
        public (double Largest, double Mean) Error()
        {
            int height = Math.Min(_height, 40), width = Math.Min(_width, 40), stride = ActivationView.Rounded(Shape.Inputs);
            Tensor values = randn(1, height, width, stride);
            float[] input = GC.AllocateArray<float>(height * width * stride, pinned: true), output = GC.AllocateArray<float>(_output.Length, pinned: true);
            values.data<float>().CopyTo(input);
            Run(input, output, height, width);
            Tensor source = values.slice(3, 0, Shape.Inputs, 1).permute(0, 3, 1, 2).to(ScalarType.Float64);
            Tensor exact = nn.functional.conv2d(
                source, _weights.to(ScalarType.Float64), _bias.to(ScalarType.Float64), strides: [Shape.Stride, Shape.Stride], padding: [1L, 1L]);
            exact = Shape.Slope != 1 ? nn.functional.leaky_relu(exact, Shape.Slope) : exact;
            int rows = Shape.OutputSize(height), columns = Shape.OutputSize(width);
            Tensor found = tensor(output.AsSpan(0, rows * columns * ActivationView.Rounded(Shape.Outputs)).ToArray()).view(1, rows, columns, -1)
                .slice(3, 0, Shape.Outputs, 1).permute(0, 3, 1, 2).to(ScalarType.Float64);
            Tensor errors = (found - exact).abs() / exact.square().mean().sqrt();
            return (errors.max().ToDouble(), errors.mean().ToDouble());
        }

        public void Dispose()
        {
            _convolution.Dispose();
            _slope.Dispose();
        }

        private void Run(float[] input, float[] output, int height, int width)
        {
            fixed (float* from = input, to = output)
            {
                ActivationView result = new(to, Shape.OutputSize(height), Shape.OutputSize(width), Shape.Outputs);
                _convolution.Run(new(from, height, width, Shape.Inputs), result, _adds && ReferenceEquals(output, _output) ? result : null);
            }
        }

        private static Tensor Last(Tensor tensor) => tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }
}
