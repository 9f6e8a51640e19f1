using System.Diagnostics;
using System.Globalization;
using AdaConv.Engine;
using AdaConv.Model;

namespace AdaConv.Torch;

/// <summary>A whole network on a CUDA device beside the processor, and its speed: for whoever has a card.</summary>
public static class NetworkSelfTest
{
    private const int TimedPairs = 20;

    /// <summary>Runs the test and writes its report line by line.</summary>
    /// <param name="weightsPath">The network's weights.</param>
    /// <param name="write">Takes each line.</param>
    /// <returns>Whether the device's frames are those of the processor.</returns>
    /// <exception cref="ModelException">The weights or the device cannot be used, or it failed; the message says which.</exception>
    public static bool Run(string weightsPath, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using TorchNetwork network = TorchWeights.Load(weightsPath);
        return Run(network, DeviceChoice.OpenCuda, write, (320, 192), [(1280, 720), (1920, 1080)]);
    }

    /// <summary>The same on a device of the caller's and on frames of other sizes.</summary>
    internal static bool Run(
        TorchNetwork network,
        Func<InterpolatorOptions, NetworkDevice> open,
        Action<string> write,
        (int Width, int Height) size,
        IReadOnlyList<(int Width, int Height)> timedSizes)
    {
        InterpolatorOptions exact = new() { Device = ComputeDevice.Cpu, Precision = Precision.Float32 };
        using PlanarFrame first = Pattern(size, 0), second = Pattern(size, 3), expected = Pattern(size, 0), actual = Pattern(size, 0);
        using (TiledInterpolator processor = TorchExecutor.Create(network, exact))
        {
            processor.Interpolate(first, second, 0.5, expected);
        }

        // Of 255: float32 in another order; half the bits all the way, where a pixel may take another way.
        bool agree = Compare(Precision.Float32, 0.02);
        agree &= Compare(Precision.Auto, 0.5);
        foreach (var timed in timedSizes)
        {
            InterpolatorOptions options = exact with { Precision = Precision.Auto };
            using TiledInterpolator device = Open(options);
            double seconds = Time(device, timed);
            write(Line($"time          network, {timed.Width}x{timed.Height}, copies included: {seconds * 1e3:F1} ms a frame, {1 / seconds:F1}/s"));
        }

        return agree;

        bool Compare(Precision precision, double allowed)
        {
            using TiledInterpolator device = Open(exact with { Precision = precision });
            device.Interpolate(first, second, 0.5, actual);
            double sum = 0, worst = 0;
            for (int plane = 0; plane < 3; plane++)
            {
                Span<float> e = expected.SamplePlane(plane), a = actual.SamplePlane(plane);
                for (int i = 0; i < e.Length; i++)
                {
                    double difference = Math.Abs(e[i] - a[i]);
                    sum += difference;
                    worst = difference <= worst ? worst : difference; // also takes what is not a number
                }
            }

            double mean = sum / (3 * expected.PlaneLength);
            bool agrees = mean <= allowed && !double.IsNaN(worst);
            write(Line($"network       {network.ComputeType}: {(agrees ? "agrees" : "DIFFERS")}, by {mean:F4} of 255 in the mean (allowed ")
                + Line($"{allowed}), {worst:F2} at most"));
            return agrees;
        }

        TiledInterpolator Open(InterpolatorOptions options)
        {
            TiledInterpolator interpolator = TorchExecutor.Create(network, options, open(options));
            interpolator.Listen(note => write("note          " + note));
            return interpolator;
        }
    }

    // As the pipeline does: a pair is begun before the one before is waited for. The first two are not counted.
    private static double Time(TiledInterpolator device, (int Width, int Height) size)
    {
        using PlanarFrame first = Pattern(size, 0), second = Pattern(size, 3), one = Pattern(size, 0), other = Pattern(size, 0);
        Action? pending = null;
        long started = 0;
        for (int pair = 0; pair < TimedPairs + 2; pair++)
        {
            Action? next = device.Begin(first, second, 0.5, pair % 2 == 0 ? one : other);
            pending?.Invoke();
            pending = next;
            started = pair == 1 ? Stopwatch.GetTimestamp() : started;
        }

        pending?.Invoke();
        return Stopwatch.GetElapsedTime(started).TotalSeconds / TimedPairs;
    }

    // A soft texture, moved to the right; samples are codes of 8 bits.
    private static PlanarFrame Pattern((int Width, int Height) size, int shift)
    {
        PlanarFrame frame = new(size.Width, size.Height, 3, depth: 8);
        for (int plane = 0; plane < 3; plane++)
        {
            Span<float> colours = frame.RgbPlane(plane), samples = frame.SamplePlane(plane);
            for (int i = 0; i < colours.Length; i++)
            {
                int x = (i % size.Width) - shift, y = i / size.Width;
                colours[i] = (float)(0.5 + (0.25 * Math.Sin((x * 0.31) + plane)) + (0.2 * Math.Cos((y * 0.23) + (x * 0.07))));
                samples[i] = CodeValues.ToByte(255 * colours[i]);
            }
        }

        return frame;
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
