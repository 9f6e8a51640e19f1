using System.Diagnostics;
using System.Globalization;
using AdaConv.Training.Data;
using AdaConv.Training.Data.Configuration;

// dotnet run -c Release --project bench/Loader -- CACHE [--footage DIR] [--photos DIR] [--patch N] [--seconds N]
// Samples a second that one thread makes of each source, by the clock and by its processor time.
string? footage = null, photos = null;
int patch = 128, seconds = 10;
for (int i = 1; i + 1 < args.Length; i += 2)
{
    bool understood = args[i] switch
    {
        "--footage" => (footage = args[i + 1]).Length > 0,
        "--photos" => (photos = args[i + 1]).Length > 0,
        "--patch" => int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out patch),
        "--seconds" => int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds),
        _ => false,
    };
    if (!understood)
        return Fail($"Not understood: {args[i]} {args[i + 1]}.");
}

if (args.Length % 2 == 0 || (footage ?? photos) is null)
    return Fail("Say where the cache lies and what to load: CACHE [--footage DIR] [--photos DIR] [--patch N] [--seconds N].");
List<(string Name, SourceConfiguration Source, AugmentationConfiguration Augmentation)> cases = [];
if (footage is not null)
{
    cases.Add(("footage", new FootageConfiguration { Path = footage }, new()));
    cases.Add(("footage, no augmentation", new FootageConfiguration { Path = footage }, AugmentationConfiguration.None));
    cases.Add(("footage, scaled down by 1 to 2", new FootageConfiguration { Path = footage }, new() { ScaleDown = 2 }));
}

if (photos is not null)
{
    cases.Add(("synthetic", new SyntheticConfiguration { Path = photos }, new()));
    cases.Add(("synthetic, four layers", new SyntheticConfiguration { Path = photos, MinimumLayers = 4 }, new()));
}

Console.WriteLine($"{patch}x{patch} patches, one thread, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
Console.WriteLine("| source | samples a second | samples a second of processor time |");
Console.WriteLine("|---|---|---|");
float[] sample = new float[9 * patch * patch];
foreach (var (name, source, augmentation) in cases)
{
    using TripletSampler sampler = TripletSampler.Open([source], new SamplingOptions(patch, 1, augmentation), args[0], Console.Error.WriteLine);
    for (int i = 0; i < 500; i++)
        sampler.FillSample(0, i, sample); // compiled, and the pages are in memory
    int count = 0;
    TimeSpan before = Environment.CpuUsage.TotalTime;
    var clock = Stopwatch.StartNew();
    while (clock.Elapsed.TotalSeconds < seconds)
        sampler.FillSample(1, count++, sample);
    double processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {count / clock.Elapsed.TotalSeconds:F0} | {count / processor:F0} |"));
}

return 0;

static int Fail(string message)
{
    Console.Error.WriteLine($"error: {message}");
    return 2;
}
