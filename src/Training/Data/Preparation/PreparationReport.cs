using System.Globalization;
using System.Text;
using System.Text.Json;
using AdaConv.Reports;
using AdaConv.Storage;
using AdaConv.Training.Data.Files;

namespace AdaConv.Training.Data.Preparation;

/// <summary>What was kept of footage and why the rest was not: for the terminal, as Markdown and as JSON.</summary>
internal sealed class PreparationReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
    private static readonly (float Below, string Name)[] Motions = [(1, "below 1"), (4, "1 to 4"), (16, "4 to 16"), (float.MaxValue, "16 and more")];
    private readonly List<(string Source, PreparedItem Item)> _items = [];

    /// <summary>Adds the items of a source.</summary>
    public void Add(string source, IEnumerable<PreparedItem> items) => _items.AddRange(items.Select(item => (source, item)));

    /// <summary>A line for each item.</summary>
    public ReportTable Table() => new(
        ["name", "kind", "size", "cached", "frames", "kept", "triplets", "cut", "still", "uneven", "motion, px", "largest", "remarks"],
        [
            .. _items.Select(entry => entry.Item).Select(item => (IReadOnlyList<string>)[
                item.Name, item.Kind, item.SourceSize ?? "", item.Sequences.Count > 0 ? Text($"{item.Sequences[0].Width}x{item.Sequences[0].Height}") : "",
                Text($"{item.FramesRead}"), Text($"{item.FramesKept}"), Text($"{item.Triplets}"), Text($"{item.Cut}"), Text($"{item.Still}"),
                Text($"{item.Uneven}"),
                Text($"{Median(item):F0}"), Text($"{Motion(item).DefaultIfEmpty().Max():F0}"), Remarks(item)]),
        ]);

    /// <summary>The sums, in a sentence.</summary>
    public string Totals()
    {
        PreparedItem[] all = [.. _items.Select(entry => entry.Item)];
        return Text($"{all.Count(item => item.Sequences.Count > 0)} of {all.Length} clips, folders of frames or of triplets can be used: ")
            + Text($"{Counted.Of(all.Sum(item => item.Triplets), "triplet")} in {all.Sum(item => item.FramesKept)} of ")
            + Text($"{all.Sum(item => item.FramesRead)} frames, ")
            + Text($"{all.Sum(item => item.Length) / 1e9:F2} GB. Left out: {Counted.Of(all.Sum(item => item.Cut), "triplet")} for a cut, ")
            + Text($"{all.Sum(item => item.Still)} for being still, ")
            + Text($"{all.Sum(item => item.Uneven)} for uneven motion.");
    }

    /// <summary>The whole report as Markdown.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new("# Prepared footage\n\n");
        text.Append(Text($"Sources: {string.Join(", ", _items.Select(entry => entry.Source).Distinct())}\n\n{Totals()}\n\n"));
        float[] motion = [.. _items.SelectMany(entry => Motion(entry.Item))];
        text.Append("Motion from frame to frame (90th percentile over blocks of 32×32, in pixels; block matching, up to 35):\n\n").Append(new ReportTable(
            ["pixels", "share of the pairs of frames"],
            [
                .. Motions.Select((range, i) =>
                {
                    int count = motion.Count(value => value < range.Below && (i == 0 || value >= Motions[i - 1].Below));
                    return (IReadOnlyList<string>)[range.Name, Text($"{count / (double)Math.Max(1, motion.Length):P0}")];
                }),
            ]).ToMarkdown());
        text.Append(Text($"\nA triplet is left out for a cut where neighbours differ by more than {TripletRules.CutDifference} of 255 in the mean ")
            + Text($"and {TripletRules.CutRatio} times "))
            .Append(Text($"as much as the frames before and after, for being still where two differ by less than {TripletRules.StillDifference}, and ")
                + Text($"for uneven motion where "))
            .Append(Text($"one half differs more than {TripletRules.EvenRatio} times as much as the other. Counts are of neighbouring frames; a ")
                + Text($"frame is kept where a triplet "))
            .Append(Text($"with up to {TripletRules.MaximumStride} frames between middle and outer ones needs it. Motion: median and largest.\n\n"));
        return text.Append(Table().ToMarkdown()).ToString();
    }

    /// <summary>Writes report.md and report.json into the cache.</summary>
    /// <exception cref="StorageException">The cache cannot be written.</exception>
    public void Write(string cacheFolder)
    {
        DurableStore.Write(Path.Combine(cacheFolder, "report.md"), ToMarkdown());
        DurableStore.Write(Path.Combine(cacheFolder, "report.json"), JsonSerializer.Serialize(
            _items.Select(entry => new
            {
                entry.Source,
                entry.Item.Name,
                entry.Item.Kind,
                entry.Item.SourceSize,
                entry.Item.ScaledBecause,
                entry.Item.FramesRead,
                entry.Item.FramesKept,
                entry.Item.Triplets,
                entry.Item.Cut,
                entry.Item.Still,
                entry.Item.Uneven,
                entry.Item.Length,
                medianMotion = Median(entry.Item),
                entry.Item.LeftOut,
                scenes = entry.Item.Sequences.Select(
                    sequence => new { sequence.Name, sequence.FirstFrame, sequence.FrameCount, sequence.Width, sequence.Height }),
            }), Json));
    }

    private static string Remarks(PreparedItem item)
    {
        IEnumerable<string> left = item.LeftOut.Count > 3 ? [.. item.LeftOut.Take(3), Text($"{item.LeftOut.Count - 3} more")] : item.LeftOut;
        return string.Join("; ",
            left.Select(reason => "left out: " + reason).Prepend(item.ScaledBecause is { } because ? "scaled down: " + because : null).OfType<string>());
    }

    private static IEnumerable<float> Motion(PreparedItem item) => item.Sequences.SelectMany(sequence => sequence.Motion);

    private static float Median(PreparedItem item)
    {
        float[] motion = [.. Motion(item).Order()];
        return motion.Length > 0 ? motion[motion.Length / 2] : 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
