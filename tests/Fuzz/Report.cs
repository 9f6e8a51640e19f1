using System.Globalization;

namespace AdaConv.Fuzz;

/// <summary>How often each kind is made.</summary>
internal static class Weighted
{
    private static readonly Kind[] Kinds =
    [
        .. Enumerable.Repeat(Kind.BitFlips, 20), .. Enumerable.Repeat(Kind.Truncation, 14), .. Enumerable.Repeat(Kind.SplicedHeader, 8),
        .. Enumerable.Repeat(Kind.SwappedParts, 10), .. Enumerable.Repeat(Kind.Sizes, 14), .. Enumerable.Repeat(Kind.Timestamps, 10),
        .. Enumerable.Repeat(Kind.PacketNoise, 5), .. Enumerable.Repeat(Kind.EarlyEnd, 3), .. Enumerable.Repeat(Kind.FormatChange, 4),
        .. Enumerable.Repeat(Kind.NoKeyFrames, 3), .. Enumerable.Repeat(Kind.Settings, 4), .. Enumerable.Repeat(Kind.Weights, 2),
        .. Enumerable.Repeat(Kind.Log, 2), Kind.Segments, .. Enumerable.Repeat(Kind.Job, 6),
    ];

    /// <summary>The kind of the next mutant.</summary>
    public static Kind Pick(Random random) => Kinds[random.Next(Kinds.Length)];
}

/// <summary>Mutants by kind and outcome, noted in a file one by one, so that a run that is ended loses nothing and can go on.</summary>
internal sealed class Report : IDisposable
{
    private const string NotMade = "NotMade";

    private readonly Dictionary<(Kind, string), int> _counts = [];
    private readonly HashSet<int> _known = [];
    private readonly Lock _lock = new();
    private readonly StreamWriter _file;

    /// <summary>Begins a report.</summary>
    /// <param name="path">The file: number, kind, outcome, problem and command of each mutant.</param>
    /// <param name="resume">Whether what it says counts.</param>
    public Report(string path, bool resume)
    {
        string[] lines = resume && File.Exists(path) ? [.. File.ReadLines(path).Where(Holds)] : [];
        foreach (string[] words in lines.Select(line => line.Split('\t')))
        {
            _known.Add(int.Parse(words[0], CultureInfo.InvariantCulture));
            Count(Enum.Parse<Kind>(words[1]), words[2]);
        }

        File.WriteAllLines(path, lines);
        _file = new(path, append: true) { AutoFlush = true };
    }

    /// <summary>Mutants that ran.</summary>
    public int Total => Sum((_, outcome) => outcome != NotMade);

    /// <summary>Those that showed a fault.</summary>
    public int Faults => Sum((_, outcome) => outcome is not (NotMade or nameof(Outcome.Used) or nameof(Outcome.Refused)));

    /// <summary>Mutants that could not be made.</summary>
    public int Missing => Sum((_, outcome) => outcome == NotMade);

    /// <summary>Whether an earlier run tells what came of a mutant.</summary>
    public bool Has(int number) => _known.Contains(number);

    /// <summary>Notes one.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="result">What came of it; null where it could not be made.</param>
    public void Add(int number, Kind kind, Result? result)
    {
        string outcome = result?.Outcome.ToString() ?? NotMade;
        string problem = string.Join(' ', (result?.Problem ?? "").Split('\t', '\r', '\n')), command = string.Join(' ', result?.Arguments ?? []);
        lock (_lock)
        {
            Count(kind, outcome);
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}\t{kind}\t{outcome}\t{problem}\t{command}"));
        }
    }

    /// <summary>The table, as Markdown.</summary>
    public void Write(TextWriter writer)
    {
        Outcome[] outcomes = Enum.GetValues<Outcome>();
        writer.WriteLine($"| mutants | {string.Join(" | ", outcomes)} |");
        writer.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", outcomes.Length))}");
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            writer.WriteLine($"| {kind} | {string.Join(" | ", outcomes.Select(outcome => Sum((of, came) => of == kind && came == outcome.ToString())))} |");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // A fault may be mended by now, and a line may be cut off: such mutants run again.
    private static bool Holds(string line) =>
        line.Split('\t') is [_, _, NotMade or nameof(Outcome.Used) or nameof(Outcome.Refused), _, _];

    private void Count(Kind kind, string outcome) => _counts[(kind, outcome)] = _counts.GetValueOrDefault((kind, outcome)) + 1;

    private int Sum(Func<Kind, string, bool> which)
    {
        lock (_lock)
        {
            return _counts.Where(pair => which(pair.Key.Item1, pair.Key.Item2)).Sum(pair => pair.Value);
        }
    }
}
