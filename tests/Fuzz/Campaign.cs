using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AdaConv.Fuzz;

/// <summary>Makes mutants, one after the other or several at a time, and says what came of them.</summary>
internal sealed class Campaign
{
    private readonly Options _options;
    private readonly Report _report;
    private readonly string[] _clips, _changing;
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private int _next, _commands, _openFiles;
    private long _peak;
    private volatile bool _isOver;

    private Campaign(Options options, Report report)
    {
        string seeds = Path.Combine(options.Folder, "seeds");
        (_options, _report, _next) = (options, report, options.First);
        _clips = Seeds.Make(seeds, options.All);
        _changing = Seeds.MakeChanging(seeds, options.All);
        Console.WriteLine($"{_clips.Length} clips, seed {options.Seed}");
    }

    private string Failures => Path.Combine(_options.Folder, "failures");

    /// <summary>Runs.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Options options)
    {
        Directory.CreateDirectory(Path.Combine(options.Folder, "failures"));
        using Report report = new(Path.Combine(options.Folder, options.IsWhole ? $"{options.Seed}.tsv" : "some.tsv"), options.Resume);
        Campaign campaign = new(options, report);
        using WorkerProcess first = new();
        Bases bases = new(Path.Combine(options.Folder, "bases"), first);

        // Whoever ends a long run sees what it found.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, campaign.Stop);
        using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, campaign.Stop);
        Thread[] threads = [.. Enumerable.Range(0, options.Jobs).Select(job => new Thread(() => campaign.Work(job, bases)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        report.Write(Console.Out);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{campaign._commands} commands in {Stopwatch.GetElapsedTime(campaign._begin).TotalMinutes:0.0} minutes; most memory {campaign._peak >> 10} MiB, "
            + $"most open files {campaign._openFiles}; {report.Missing} mutants that ffmpeg does not write were passed over"));
        Console.WriteLine($"{report.Total} mutants, {report.Faults} faults");
        return report.Faults == 0 && report.Total > 0 ? 0 : 1;
    }

    private void Stop(PosixSignalContext signal) => _isOver = signal.Cancel = true;

    private int? Next()
    {
        lock (_lock)
        {
            while (!_isOver && _next < _options.Mutants && Stopwatch.GetElapsedTime(_begin).TotalMinutes < _options.Minutes)
            {
                if (!_report.Has(_next))
                {
                    return _next++;
                }

                _next++;
            }
        }

        return null;
    }

    private void Work(int job, Bases bases)
    {
        string work = Path.Combine(_options.Folder, $"work-{Environment.ProcessId}-{job}"), parts = work + "-parts";
        Directory.CreateDirectory(work);
        Directory.CreateDirectory(parts);
        using WorkerProcess worker = new();
        Trial trial = new(worker, work, bases, isShort: !_options.All);
        ClipMutator mutator = new(_clips, _changing, parts);
        try
        {
            while (Next() is { } number)
            {
                Try(number, work, trial, mutator, bases);
                trial.Clear([]);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            Directory.Delete(parts, recursive: true);
            lock (_lock)
            {
                _commands += trial.Commands;
                _peak = Math.Max(_peak, trial.Peak);
                _openFiles = Math.Max(_openFiles, trial.OpenFiles);
            }
        }
    }

    private void Try(int number, string work, Trial trial, ClipMutator mutator, Bases bases)
    {
        // Each mutant follows from the seed and its number alone.
        Random random = new(unchecked((_options.Seed * 1_000_003) + number));
        Kind kind = Weighted.Pick(random);
        if (_options.Kind is { } only && kind != only)
        {
            return;
        }

        string? mutant = null;
        Result? result = kind switch
        {
            Kind.Settings => trial.OfSettings(TextMutator.Settings(Bases.Settings(random), random)),
            Kind.Weights => trial.OfWeights(TextMutator.Weights(Bases.Weights(), random)),
            Kind.Log => trial.OfLog(TextMutator.Json(bases.Log(), random)),
            Kind.Segments => trial.OfSegments(
                random.Next(2) == 0 ? TextMutator.Json(bases.Manifest(), random) : null, files => ClipMutator.Damage(files[random.Next(files.Length)], random)),
            Kind.Job => trial.OfJob(random),
            _ => (mutant = mutator.Make(kind, random, Path.Combine(work, $"mutant-{number}"))) is null ? null : trial.OfClip(mutant, random),
        };
        _report.Add(number, kind, result);
        if (result is { IsFault: true })
        {
            string kept = Path.Combine(Failures, $"{_options.Seed}-{number}-{kind}{Path.GetExtension(mutant)}");
            if (mutant is not null && File.Exists(mutant))
            {
                File.Copy(mutant, kept, overwrite: true);
            }

            Console.WriteLine($"{kind} {number}: {result.Outcome}: {result.Problem}\n    framefilter {string.Join(' ', result.Arguments)}  ({kept})");
        }
    }
}
