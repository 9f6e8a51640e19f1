using System.Globalization;
using System.Text;
using System.Text.Json;
using AdaConv.Model;
using AdaConv.Reports;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Evaluation;

/// <summary>What an evaluation found, as Markdown and JSON.</summary>
/// <param name="scores">Every item's scores by each method.</param>
/// <param name="flicker">The clips' flicker.</param>
/// <param name="weights">The weight files that were evaluated.</param>
/// <param name="options">How their networks ran.</param>
public sealed class EvaluationReport(
    IReadOnlyList<ScoredItem> scores, ClipFlicker flicker, IReadOnlyList<EvaluatedWeights> weights, InterpolatorOptions options)
{
    /// <summary>Tables of each set, of the clips' flicker, and of all methods with what they cost.</summary>
    /// <param name="mostLines">Sets with more lines than this are shown by their means alone.</param>
    public string ToMarkdown(int mostLines = int.MaxValue)
    {
        StringBuilder text = new(ScoreTables.ToMarkdown(scores, mostLines));
        if (flicker.Table() is { } pulses)
        {
            text.Append("## Flicker\n\nNew frames compared with the mean of their two neighbours; the values of truth are not flicker.\n\n")
                .Append(pulses.ToMarkdown()).Append('\n');
        }

        if (weights.Count > 0)
        {
            text.Append("## Methods and their cost\n\n").Append(Costs().ToMarkdown());
        }

        return text.ToString();
    }

    /// <summary>The same for programs.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            weights = weights.Select(each => new { each.Name, each.File, each.Parameters, each.MultiplyAddsPerPixel, each.Samples, each.SecondsPerMegapixel }),
            options.Precision,
            options.Ensemble,
            options.Synthesis,
            sets = scores.GroupBy(score => (score.Set, score.Kind)).Select(set => new
            {
                name = set.Key.Set,
                kind = set.Key.Kind,
                means = ScoreTables.Means(set).ToDictionary(mean => mean.Method, mean => mean.Mean),
                items = set.Select(score => new { score.Name, score.Method, score.Frames, score.Score }),
                published = PublishedScores.Of(set.Key.Kind)
                    .Select(score => new { score.Method, score.Psnr, score.Ssim, score.MeanAbsoluteError, score.Source }),
            }),
            flicker = flicker.Pulses.Select(line => new { line.Clip, line.Method, line.Pulse }),
        },
        RunJson.Options) + "\n";

    private ReportTable Costs()
    {
        var sets = scores.GroupBy(score => score.Set).Select(set => (Name: set.Key, Means: ScoreTables.Means(set).ToList())).ToList();
        return new ReportTable(
            [
                "method", "parameters", "multiply-adds/pixel", "samples",
                    .. sets.SelectMany(set => ScoreTables.Measures[1..].Select(measure => $"{set.Name}: {measure}")),
                "s/megapixel",
            ],
            [.. scores.Select(score => score.Method).Distinct().Select(method => (string[])[method, .. Row(method)])]);

        IEnumerable<string> Row(string method)
        {
            EvaluatedWeights? of = weights.FirstOrDefault(each => each.Name == method);
            return
            [
                of?.Parameters.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                    of?.MultiplyAddsPerPixel.ToString("N0", CultureInfo.InvariantCulture) ?? "", of?.Samples ?? "",
                .. sets.SelectMany(set => ScoreTables.Cells(set.Means.First(mean => mean.Method == method).Mean)[1..]),
                of?.SecondsPerMegapixel?.ToString("F2", CultureInfo.InvariantCulture) ?? "",
            ];
        }
    }
}
