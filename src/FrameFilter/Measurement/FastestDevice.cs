using System.Diagnostics;
using System.Text.Json;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Engine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.Model;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Measurement;

/// <summary>
/// Which of this build's devices run a network fastest: <c>bench</c> measures them where there is ONNX Runtime, and writes down those of ONNX Runtime's
/// that are faster than all others; <c>--device auto</c> then uses them.
/// </summary>
/// <param name="files">Where the user's folder is, which the file lies in.</param>
public sealed class FastestDevice(ApplicationFiles files)
{
    // So much less time must it take: measurements differ by a few percent from run to run.
    private const double Margin = 0.95;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The file; empty where the user has no folder.</summary>
    public string File => files.UserRoot.Length == 0 ? string.Empty : Path.Combine(files.UserRoot, "fastest-device.json");

    /// <summary>The device that was measured to be the fastest with a weight file, on this machine and with this build; null: none was.</summary>
    public ComputeDevice? Of(string weightsPath) =>
        Read() is { } known && known.Weights.TryGetValue(Path.GetFileName(weightsPath), out string? word)
            ? Enum.GetValues<ComputeDevice>().Cast<ComputeDevice?>().FirstOrDefault(device => NetworkExecutors.WordOf(device!.Value) == word)
            : null;

    /// <summary>Measures every device, and writes down which is the fastest.</summary>
    /// <param name="options">The network, and how it runs.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="time">How long, roughly, all together; a frame is predicted three times with each in any case.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public IReadOnlyList<SpeedOfDevice> Measure(InterpolationOptions options, int width, int height, TimeSpan time, CancellationToken cancellation)
    {
        ComputeDevice[] devices = [.. Candidates];
        SpeedOfDevice[] speeds = [.. devices.Select(device => MeasureOne(options, device, width, height, time / devices.Length, cancellation))];
        string weights = Path.GetFileName(InterpolatorFactory.WeightsOf(options, files.Models)!);
        Remember(weights, Choose(speeds));
        return speeds;
    }

    /// <summary>ONNX Runtime's device that is faster than all others by more than chance; null: none is.</summary>
    internal static string? Choose(IReadOnlyList<SpeedOfDevice> speeds)
    {
        double others = speeds.Where(one => !IsOnnx(one)).Min(one => one.Seconds) ?? double.PositiveInfinity;
        return speeds.Where(one => IsOnnx(one) && one.Seconds < Margin * others).MinBy(one => one.Seconds)?.Device;

        static bool IsOnnx(SpeedOfDevice one) => one.Device.StartsWith("onnx", StringComparison.Ordinal);
    }

    internal void Remember(string weights, string? device)
    {
        if (File.Length == 0)
        {
            return;
        }

        Dictionary<string, string> all = new(Read()?.Weights ?? new Dictionary<string, string>());
        bool changed = all.Remove(weights);
        if (device is not null)
        {
            all[weights] = device;
        }
        else if (!changed)
        {
            return;
        }

        DurableStore.CreateFolder(files.UserRoot);
        DurableStore.Write(File, JsonSerializer.Serialize(new Known(Machine.Summary, NetworkExecutors.Onnx!.Description, all), s_json));
    }

    private static IEnumerable<ComputeDevice> Candidates =>
        ((ComputeDevice[])[ComputeDevice.Cpu, ComputeDevice.Cuda]).Where(device => NetworkExecutors.WhyNot(device) is null)
            .Concat(NetworkExecutors.Onnx!.Devices);

    private SpeedOfDevice MeasureOne(
        InterpolationOptions options, ComputeDevice device, int width, int height, TimeSpan time, CancellationToken cancellation)
    {
        string word = NetworkExecutors.WordOf(device);
        try
        {
            IFrameInterpolator interpolator = InterpolatorFactory.Create(options with { Network = options.Network with { Device = device } }, files.Models);
            using IDisposable? owned = interpolator as IDisposable;
            using PlanarFrame first = Moving(0), second = Moving(6), between = first.CreateAlike();
            double best = double.PositiveInfinity;
            long begin = Stopwatch.GetTimestamp();
            for (int run = 0; run < 3 || Stopwatch.GetElapsedTime(begin) < time; run++)
            {
                long start = Stopwatch.GetTimestamp();
                interpolator.Begin(first, second, 0.5, between, cancellation)?.Invoke();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return new(word, best, null);
        }
        catch (Exception error) when (error is ModelException or ConfigurationException)
        {
            return new(word, null, error.Message);
        }

        PlanarFrame Moving(int shift)
        {
            PlanarFrame frame = new(width, height, 3, samplesAreRgb: true, depth: 8);
            for (int i = 0; i < 3 * frame.PlaneLength; i++)
            {
                (int plane, int at) = Math.DivRem(i, (int)frame.PlaneLength);
                (int y, int x) = Math.DivRem(at, width);
                frame.RgbPlane(plane)[at] = (float)(0.5 + (0.2 * Math.Sin(((x + shift) / 7.0) + plane)) + (0.2 * Math.Cos((y + x + shift) / 19.0)));
            }

            return frame;
        }
    }

    private Known? Read()
    {
        try
        {
            Known? known = System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Known>(System.IO.File.ReadAllText(File), s_json) : null;
            return known is not null && (known.Machine, known.Runtime) == (Machine.Summary, NetworkExecutors.Onnx?.Description) ? known : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // what cannot be read was not measured
        }
    }

    private sealed record Known(string Machine, string Runtime, IReadOnlyDictionary<string, string> Weights);
}
