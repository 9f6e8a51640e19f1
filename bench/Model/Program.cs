using System.Diagnostics;
using System.Globalization;
using AdaConv.Engine;
using AdaConv.Model;

// Where the time of a frame goes: milliseconds of processor time for each kind of operation, in the interpolator alone.
//   dotnet run -c Release --project bench/Model -- WEIGHTS WIDTH HEIGHT [THREADS [PASSES [None|WhereItSaves|All [Smooth|Keep]]]]
// The last but one says which steps run a few rows at a time, the last one what becomes of grain.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: WEIGHTS WIDTH HEIGHT [THREADS [PASSES [None|WhereItSaves|All [Smooth|Keep]]]]");
    return 2;
}

int width = int.Parse(args[1], CultureInfo.InvariantCulture), height = int.Parse(args[2], CultureInfo.InvariantCulture);
int threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1,
    passes = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 10;
EngineOptions options = new(Threads: threads);
long started = Stopwatch.GetTimestamp();
using EngineWeights weights = new(NetworkWeights.Load(args[0]), options);
double loading = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
int multiple = weights.Network.SizeMultiple;
TileShape shape = new((width + multiple - 1) / multiple * multiple, (height + multiple - 1) / multiple * multiple, 3, SamplesAreColours: false, Depth: 8);
Grain grain = args.Length > 6 ? Enum.Parse<Grain>(args[6]) : Grain.Smooth;
EngineProgram program = EngineProgram.Write(weights, new(shape), new(Synthesis.Convolution, grain), options,
    args.Length > 5 ? Enum.Parse<SlidingChoice>(args[5]) : SlidingChoice.WhereItSaves);
using FloatBuffer arena = new(), frames = new();
double[] best = new double[program.Steps.Count];
double first = 0, whole = double.MaxValue, processor = double.MaxValue;
Run();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{Path.GetFileName(args[0])}, {width}x{height}, {threads} threads, {options.ResolveLevel()}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC; weights "
    + $"loaded and packed in {loading:F0} ms, arena {program.Floats * 4 >> 20} MiB"));
Console.WriteLine("| operation | times | ms | share |");
Console.WriteLine("|---|---|---|---|");
double sum = best.Sum();
foreach (var group in program.Steps.Select((step, i) => (step.Name, Milliseconds: best[i])).GroupBy(step => step.Name)
    .OrderByDescending(group => group.Sum(step => step.Milliseconds)))
{
    double milliseconds = group.Sum(step => step.Milliseconds);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {group.Key} | {group.Count()} | {milliseconds:F1} | {milliseconds / sum:P1} |"));
}

double convolutions = program.Steps.Select((step, i) => step.Name.StartsWith("convolution", StringComparison.Ordinal) ? best[i] : 0).Sum();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"sum of the best {sum:F0} ms, of which convolutions {convolutions:F0}; a frame {whole:F0} ms at best, {processor:F0} ms of processor time, the "
    + $"first one {first:F0}"));
return 0;

unsafe void Run()
{
    float* memory = arena.Take(program.Floats);
    float* input = frames.Take(shape.InputPlanes * shape.PlaneLength);
    float[] mean = [0.5f, 0.5f, 0.5f];
    Array.Fill(best, double.MaxValue);
    program.Prepare(memory, FramePair.Of(input, 3, shape), FramePair.Of(input + (6 * shape.PlaneLength), 3, shape), mean, 0.5);
    for (int pass = 0; pass < passes; pass++)
    {
        for (long i = 0; i < shape.InputPlanes * shape.PlaneLength; i++)
        {
            // A soft texture, three pixels further right in the second frame.
            long plane = i / shape.PlaneLength, x = i % shape.Width - (plane % 6 >= 3 ? 3 : 0), y = i % shape.PlaneLength / shape.Width;
            input[i] = (float)(0.5 + (0.25 * Math.Sin((x * 0.31) + (plane % 3))) + (0.2 * Math.Cos((y * 0.23) + (x * 0.07))));
        }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < best.Length; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime; // hardly sees what else the machine does; the clock does
            program.Steps[i].Run(memory);
            best[i] = Math.Min(best[i], (Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
        }

        double elapsed = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        first = pass == 0 ? elapsed : first;
        whole = Math.Min(whole, elapsed);
        processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    program.Run(memory, default); // keeps the program alive
}
