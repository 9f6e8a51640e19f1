using System.Diagnostics;
using System.Globalization;
using AdaConv.Engine;
using AdaConv.Engine.Bench;

// dotnet run -c Release --project bench/Engine [-- [--runs N] [--threads N] [--level scalar|vector256|vector512] [--case TEXT]]
if (args.Length % 2 != 0)
    return Fail("Every option takes a value: --runs N, --threads N, --level LEVEL, --case TEXT.");
int runs = 15, threads = 0;
KernelLevel? only = null;
string filter = "";
for (int i = 0; i < args.Length; i += 2)
{
    string value = args[i + 1];
    bool understood = args[i] switch
    {
        "--runs" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out runs) && runs > 0,
        "--threads" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out threads),
        "--level" => Enum.TryParse(value, ignoreCase: true, out KernelLevel level) && (only = level) is not null,
        "--case" => (filter = value).Length > 0,
        _ => false,
    };
    if (!understood)
        return Fail($"Not understood: {args[i]} {value}.");
}

KernelLevel best = EngineOptions.Default.ResolveLevel();
int processors = new EngineOptions(Threads: threads).ResolveThreads();
Console.WriteLine($"{Environment.OSVersion}, .NET {Environment.Version}, best level {best}, {processors} threads, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
foreach (KernelLevel level in Enum.GetValues<KernelLevel>().Where(level => level != KernelLevel.Scalar && level <= best))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{level}: peak of a core {PeakRate.Measure(new(level)):F0} GFLOP/s"));
Console.WriteLine("| case | level | best ms | median ms | best GFLOP/s | median GFLOP/s | best processor ms | GFLOP/s of a processor | of its peak |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
foreach (BenchCase benchCase in BenchCase.All.Where(c => c.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
{
    using BenchCase.Runner runner = benchCase.Prepare();
    foreach (KernelLevel level in Enum.GetValues<KernelLevel>())
    {
        if (level > best || (only is { } wanted && level != wanted))
            continue;
        var options = new EngineOptions(level, threads);
        // The reference is thousands of times slower on the large sizes; one run tells as much as fifteen.
        bool slow = level == KernelLevel.Scalar;
        if (slow && benchCase.GigaFlops > 3)
            continue;
        // Processor time, summed over threads, hardly sees what else the machine does; the clock does.
        List<double> times = [], processorTimes = [];
        for (int run = slow ? 0 : -3; run < (slow ? 3 : runs); run++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            runner.Run(options);
            double elapsed = clock.Elapsed.TotalMilliseconds, used = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
            if (run < 0)
                continue;
            times.Add(elapsed);
            processorTimes.Add(used);
        }
        times.Sort();
        processorTimes.Sort();
        double peak = PeakRate.Measure(new(level));
        double fastest = times[0], median = times[times.Count / 2], processor = processorTimes[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {benchCase.Name} | {level} | {fastest:F2} | {median:F2} | {benchCase.GigaFlops / fastest * 1000:F0} | "
            + $"{benchCase.GigaFlops / median * 1000:F0} | {processor:F2} | {benchCase.GigaFlops / processor * 1000:F0} | "
            + $"{(peak > 0 ? (benchCase.GigaFlops / processor * 1000 / peak).ToString("P0", CultureInfo.InvariantCulture) : "")} |"));
    }
}
return 0;

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
