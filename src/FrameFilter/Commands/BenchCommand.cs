using System.CommandLine;
using System.Globalization;
using AdaConv.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.Engine;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Diagnosis;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Measurement;
using AdaConv.Model;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter bench</c>: how fast this machine converts, and where the time goes.</summary>
internal static class BenchCommand
{
    private static readonly (string Name, int Width, int Height)[] s_sizes = [("480p", 854, 480), ("720p", 1280, 720), ("1080p", 1920, 1080)];

    public static Command Create(ApplicationFiles files)
    {
        var seconds = new Option<double>("--seconds")
        {
            Description = "Seconds to measure, roughly, 1 to 3600; large frames on slow machines take longer.",
            HelpName = "N",
            DefaultValueFactory = _ => 30,
        }.Within(1d, 3600);
        var size = new Option<string[]>("--size")
        {
            Description = "A size to measure. May be repeated. Default: all.",
            HelpName = "480p|720p|1080p",
            Arity = ArgumentArity.OneOrMore
        };
        size.AcceptOnlyFromAmong([.. s_sizes.Select(known => known.Name)]);
        var preset = new Option<string?>("--preset")
        {
            Description = "Settings by name (see: framefilter presets list) or from a .yaml file.",
            HelpName = "NAME|FILE"
        };
        var json = JsonOutput.CreateOption();
        var command = new Command("bench", "Measures how fast this machine converts, and where the time goes.") { seconds, size, preset, json };
        var settings = new SettingOptions();
        settings.AddTo(command);
        command.SetAction(result =>
        {
            var options = settings.Resolve(result, result.GetValue(preset), files);
            string[] wanted = result.GetValue(size) is { Length: > 0 } named ? named : [.. s_sizes.Select(known => known.Name)];
            var time = TimeSpan.FromSeconds(result.GetValue(seconds));
            return Interruption.Run(cancellation =>
            {
                using var meter = new SpeedMeter(options, files);
                var kernels = meter.MeasureKernels(time / 20);
                (int Width, int Height)[] sizes = [.. s_sizes.Where(known => wanted.Contains(known.Name)).Select(known => (known.Width, known.Height))];
                var processor = meter.MeasureProcessor(sizes, time / 5, cancellation);
                var speeds = sizes.Select(one => meter.Measure(one.Width, one.Height, time * 0.7 / sizes.Length, cancellation)).ToList();
                var interpolation = options.Interpolation;
                bool choose = NetworkExecutors.Onnx is not null
                    && (interpolation.Method, interpolation.Network.Device) == (InterpolationMethod.Network, ComputeDevice.Auto);
                IReadOnlyList<SpeedOfDevice> devices = choose
                    ? new FastestDevice(files).Measure(interpolation, sizes[^1].Width, sizes[^1].Height, time / 10, cancellation)
                    : [];
                var report = new SpeedReport(Machine.Summary, Describe(options), speeds, kernels, processor, devices);
                JsonOutput.Write(result.InvocationConfiguration.Output, report, result.GetValue(json), Print);

                return ExitCode.Success;
            });
        });
        return command.WithExamples("framefilter bench", "framefilter bench --seconds 120 --size 1080p", "framefilter bench --precision float32 --json");
    }

    private static string Describe(FilterOptions options)
    {
        var interpolation = options.Interpolation;
        EngineOptions engine = new(interpolation.Network.Kernels, interpolation.Network.Threads);
        string text = interpolation.Method == InterpolationMethod.Average
            ? "average"
            : $"{interpolation.Model}, precision {interpolation.Network.Precision}, kernels {engine.ResolveLevel()}, {engine.ResolveThreads()} threads";
#pragma warning disable CA1308 // The words of the settings are in lower case.
        return text.ToLowerInvariant();
#pragma warning restore CA1308
    }

    private static void Print(TextWriter output, SpeedReport report)
    {
        output.WriteLine(report.Machine);
        output.WriteLine(report.Settings);
        output.WriteLine();
        output.WriteLine("size        new frames/s   decode   planes  predict   encode   for one new frame, each by itself");
        foreach (var speed in report.Sizes)
        {
            string size = string.Create(CultureInfo.InvariantCulture, $"{speed.Width}×{speed.Height}");
            string shares = string.Concat(
                new[] { speed.DecodeSeconds, speed.PlanesSeconds, speed.PredictSeconds, speed.EncodeSeconds }
                    .Select(seconds => string.Create(CultureInfo.InvariantCulture, $"{100 * seconds / speed.SumSeconds,7:0.0} %")));
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{size,-10} {speed.NewFramesPerSecond,13:0.00}{shares}   {1000 * speed.SumSeconds:0} ms"));
        }

        output.WriteLine();
        foreach (var kernel in report.Kernels)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"separable convolution, {kernel.Name}: {kernel.GigaFlopsPerSecond:0} GFLOP/s"));
        }

        if (report.Devices.Count > 0)
        {
            output.WriteLine();
            foreach (var device in report.Devices)
            {
                output.WriteLine(device.Seconds is { } time
                    ? string.Create(CultureInfo.InvariantCulture,
                        $"device {device.Device}: {1000 * time:0} ms a frame of {report.Sizes[^1].Width}×{report.Sizes[^1].Height}")
                    : $"device {device.Device}: {device.Problem}");
            }

            output.WriteLine(FastestDevice.Choose(report.Devices) is { } fastest
                ? $"--device auto uses {fastest} from now on."
                : "--device auto uses none of ONNX Runtime's.");
        }

        output.WriteLine();
        foreach (var threads in report.Processor)
        {
            string count = threads.Threads == 1 ? "one thread" : string.Create(CultureInfo.InvariantCulture, $"{threads.Threads} threads");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{count}: peak {threads.PeakGigaFlopsPerSecond:0} GFLOP/s, memory {threads.MemoryGigaBytesPerSecond:0.0} GB/s"));
            foreach (var size in threads.Convolutions)
            {
                string share = size.ShareOfPeak is { } part ? string.Create(CultureInfo.InvariantCulture, $", {100 * part:0} % of the peak") : "";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"    convolutions of {size.Width}×{size.Height}: {1000 * size.Seconds:0} ms, "
                    + $"{size.EffectiveGigaFlopsPerSecond:0} effective GFLOP/s{share}"));
            }
        }
    }
}
