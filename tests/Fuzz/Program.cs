using System.Diagnostics;
using System.Globalization;
using AdaConv.Fuzz;

// Damages inputs of every kind and puts them through framefilter: eng/fuzz.sh, which tells the options.
if (args is ["worker"])
{
    return Worker.Run();
}

bool injects = args is ["faults", ..];
Options options = Options.Parse(injects ? args[1..] : args);
if (injects)
{
    return Faults.Run(options.Folder, options.All);
}

using WorkerProcess worker = new();
string seeds = Path.Combine(options.Folder, "seeds"), work = Path.Combine(options.Folder, $"work-{Environment.ProcessId}");
string failures = Path.Combine(options.Folder, "failures");
Directory.CreateDirectory(work);
Directory.CreateDirectory(failures);
try
{
    string[] clips = Seeds.Make(seeds, options.All);
    ClipMutator clipMutator = new(clips, Seeds.MakeChanging(seeds, options.All), work + "-parts");
    Directory.CreateDirectory(work + "-parts");
    Bases bases = new(Path.Combine(options.Folder, "bases"), worker);
    Trial trial = new(worker, work, bases, isShort: !options.All);
    Report report = new();
    Console.WriteLine($"{clips.Length} clips, seed {options.Seed}");
    long begin = Stopwatch.GetTimestamp();
    for (int number = options.First; number < options.Mutants && Stopwatch.GetElapsedTime(begin).TotalMinutes < options.Minutes; number++)
    {
        // Each mutant follows from the seed and its number alone.
        Random random = new(unchecked((options.Seed * 1_000_003) + number));
        Kind kind = Weighted.Pick(random);
        if (options.Kind is { } only && kind != only)
        {
            continue;
        }

        string name = Path.Combine(work, $"mutant-{number}");
        string? mutant = null;
        Result? result = kind switch
        {
            Kind.Settings => trial.OfSettings(TextMutator.Settings(Bases.Settings(random), random)),
            Kind.Weights => trial.OfWeights(TextMutator.Weights(Bases.Weights(), random)),
            Kind.Log => trial.OfLog(TextMutator.Json(bases.Log(), random)),
            Kind.Segments => trial.OfSegments(
                random.Next(2) == 0 ? TextMutator.Json(bases.Manifest(), random) : null, files => ClipMutator.Damage(files[random.Next(files.Length)], random)),
            _ => (mutant = clipMutator.Make(kind, random, name)) is null ? null : trial.OfClip(mutant, random),
        };
        if (result is null)
        {
            report.NotMade++;
        }
        else
        {
            report.Add(kind, result);
        }

        if (result is { IsFault: true })
        {
            string kept = Path.Combine(failures, $"{options.Seed}-{number}-{kind}{Path.GetExtension(mutant)}");
            if (mutant is not null && File.Exists(mutant))
            {
                File.Copy(mutant, kept, overwrite: true);
            }

            Console.WriteLine($"{kind} {number}: {result.Outcome}: {result.Problem}\n    framefilter {string.Join(' ', result.Arguments)}  ({kept})");
        }

        trial.Clear([]);
    }

    report.Write(Console.Out);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{trial.Commands} commands in {Stopwatch.GetElapsedTime(begin).TotalMinutes:0.0} minutes; most memory {trial.Peak >> 10} MiB, "
        + $"most open files {trial.OpenFiles}; {report.NotMade} mutants that ffmpeg does not write were passed over"));
    Console.WriteLine($"{report.Total} mutants, {report.Faults} faults");
    return report.Faults == 0 && report.Total > 0 ? 0 : 1;
}
finally
{
    Directory.Delete(work, recursive: true);
    Directory.Delete(work + "-parts", recursive: true);
}
