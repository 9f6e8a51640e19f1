using System.Diagnostics;
using System.Globalization;
using AdaConv.Model;
using AdaConv.Torch;
using AdaConv.Training.Bench;
using AdaConv.Training.Optimization;
using static TorchSharp.torch;

// dotnet run -c Release --project bench/Training [-- [--network guided|paper] [--convolutions engine|float32|bfloat16] [--steps N] [--threads N] …]
// dotnet run -c Release --project bench/Training -- convolutions [RUNS]: the table of convolutions
if (args is ["convolutions", .. var rest])
{
    TorchRuntime.Initialize(threads: 1);
    ConvolutionTable.Print(rest is [var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted > 0
        ? wanted
        : 15);
    return 0;
}

if (args.Length % 2 != 0)
{
    return Fail("Every option takes a value: --network guided|paper, --convolutions engine|float32|bfloat16, --steps N, --threads N, --batch N, --patch N.");
}

NetworkKind kind = NetworkKind.Guided;
string convolutions = "";
int steps = 10, threads = 0, batch = 16, patch = 128;
for (int i = 0; i < args.Length; i += 2)
{
    string value = args[i + 1];
    bool understood = args[i] switch
    {
        "--network" => Enum.TryParse(value, ignoreCase: true, out kind),
        "--convolutions" => (convolutions = value) is "engine" or "float32" or "bfloat16",
        "--steps" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out steps) && steps > 0,
        "--threads" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out threads),
        "--batch" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out batch) && batch > 0,
        "--patch" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out patch) && patch > 0,
        _ => false,
    };
    if (!understood)
    {
        return Fail($"Not understood: {args[i]} {value}.");
    }
}

NetworkConfiguration network = kind == NetworkKind.Paper ? NetworkConfiguration.Paper : NetworkConfiguration.Guided;
TrainingConfiguration configuration = new() { Sources = [], Network = network, Batch = batch, PatchSize = patch };
using Learner learner = new(configuration, TrainingDevice.Open(ComputeDevice.Cpu, threads, configuration.BFloat16, Console.Error.WriteLine), threads);
if (convolutions.Length > 0) // else whichever training takes
{
    learner.Network.UseEngineConvolutions(convolutions == "engine" ? learner.Network.Engine : null);
    learner.Network.ComputeType = convolutions == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
}

using var frames = rand(batch, 6, patch, patch);
using var truth = rand(batch, 3, patch, patch);
Section[] sections = [new("forward and loss"), new("backward"), new("descent")];
for (int step = -3; step < steps; step++)
{
    using IDisposable scope = NewDisposeScope();
    learner.Optimizer.ClearGradients();
    Tensor sum = sections[0].Time(() => learner.Loss(frames, truth).Sum);
    sections[1].Time(() => sum.backward());
    sections[2].Time(() => { learner.Descend(Math.Max(0, step)); });
    if (step < 0)
    {
        Array.ForEach(sections, section => section.Clear());
    }
}

int processors = threads == 0 ? Environment.ProcessorCount : threads;
Console.WriteLine($"{network.Kind}, batch {batch} of {patch}x{patch}, {processors} threads, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
Console.WriteLine("| part | best ms | median ms | least processor ms |");
Console.WriteLine("|---|---|---|---|");
foreach (Section section in sections)
{
    Console.WriteLine(section);
}

double best = sections.Sum(section => section.Best);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"a step {best:F0} ms at best: {batch / best * 1000:F1} samples/s; processor {sections.Sum(section => section.Processor):F0} ms"));
return 0;

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}

internal sealed class Section(string name)
{
    private readonly List<double> _times = [], _processor = [];

    public double Best => _times.Min();

    public double Processor => _processor.Min();

    public T Time<T>(Func<T> work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        T result = work();
        _times.Add(watch.Elapsed.TotalMilliseconds);
        _processor.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        return result;
    }

    public void Time(Action work) => Time(() =>
    {
        work();
        return true;
    });

    public void Clear()
    {
        _times.Clear();
        _processor.Clear();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {Best:F0} | {_times.Order().ElementAt(_times.Count / 2):F0} | {Processor:F0} |");
}
