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
        .. Enumerable.Repeat(Kind.Log, 2), Kind.Segments,
    ];

    /// <summary>The kind of the next mutant.</summary>
    public static Kind Pick(Random random) => Kinds[random.Next(Kinds.Length)];
}

/// <summary>Mutants by kind and outcome.</summary>
internal sealed class Report
{
    private readonly Dictionary<(Kind, Outcome), int> _counts = [];

    /// <summary>Mutants that ran.</summary>
    public int Total => _counts.Values.Sum();

    /// <summary>Those that showed a fault.</summary>
    public int Faults => _counts.Where(pair => pair.Key.Item2 is not (Outcome.Used or Outcome.Refused)).Sum(pair => pair.Value);

    /// <summary>Mutants that could not be made.</summary>
    public int NotMade { get; set; }

    /// <summary>Counts one.</summary>
    public void Add(Kind kind, Result result) => _counts[(kind, result.Outcome)] = Count(kind, result.Outcome) + 1;

    /// <summary>The table, as Markdown.</summary>
    public void Write(TextWriter writer)
    {
        Outcome[] outcomes = Enum.GetValues<Outcome>();
        writer.WriteLine($"| mutants | {string.Join(" | ", outcomes)} |");
        writer.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", outcomes.Length))}");
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            writer.WriteLine($"| {kind} | {string.Join(" | ", outcomes.Select(outcome => Count(kind, outcome)))} |");
        }
    }

    private int Count(Kind kind, Outcome outcome) => _counts.GetValueOrDefault((kind, outcome));
}
