using AdaConv.Engine;
using AdaConv.Model;
using Xunit;

namespace AdaConv.Onnx.Tests;

/// <summary>Networks with random weights, whose flows reach over several pixels, and frames to give them.</summary>
internal static class RandomNetwork
{
    /// <summary>A network of random weights, biases and times, the same in every run.</summary>
    public static NetworkWeights Of(string configuration)
    {
        const int seed = 23;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        InterpolationNetwork network = InterpolationNetwork.Of(NetworkConfiguration.Parse(configuration));
        Dictionary<string, float[]> tensors = [];
        foreach (ConvolutionLayer layer in network.Layers)
        {
            double weight = (layer.Gain < 1 && layer.FreshBias is null ? 0.5 : layer.Gain) * Math.Sqrt(6.0 / (9 * layer.StoredInputs));
            foreach (var (name, shape) in layer.Tensors)
            {
                double scale = shape.Length == 4 ? weight : 0.2;
                tensors[name] = [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)(scale * (2 * random.NextDouble() - 1)))];
            }

            if (layer.FreshBias is { } fresh)
            {
                tensors[layer.Name + ".bias"] = [.. fresh];
            }
        }

        return new(network, tensors, new Dictionary<string, string> { ["sources"] = "none" });
    }

    /// <summary>A texture without a still place that moves right by some pixels.</summary>
    public static PlanarFrame Pattern(int width, int height, int shift, int samples = 3, bool areRgb = true)
    {
        PlanarFrame frame = new(width, height, samples, areRgb, depth: 8);
        for (int i = 0; i < 4 * frame.PlaneLength; i++)
        {
            (int plane, int at) = Math.DivRem(i, (int)frame.PlaneLength);
            (int y, int x) = Math.DivRem(at, width);
            double value = 0.5 + (0.25 * Math.Sin(((x - shift) * 0.31) + plane)) + (0.2 * Math.Cos((y * 0.23) + ((x - shift) * 0.07)));
            if (plane < 3)
            {
                frame.RgbPlane(plane)[at] = (float)value;
            }

            if (plane < samples && !areRgb)
            {
                frame.SamplePlane(plane)[at] = (float)(255 * value);
            }
        }

        return frame;
    }

    /// <summary>The largest difference of two frames' samples.</summary>
    public static double Difference(PlanarFrame one, PlanarFrame other)
    {
        double most = 0;
        for (int plane = 0; plane < one.SampleCount; plane++)
        {
            ReadOnlySpan<float> a = one.SamplePlane(plane), b = other.SamplePlane(plane);
            for (int i = 0; i < a.Length; i++)
            {
                Assert.False(float.IsNaN(a[i] - b[i]), $"no number at {i} of plane {plane}");
                most = Math.Max(most, Math.Abs(a[i] - b[i]));
            }
        }

        return most;
    }
}
