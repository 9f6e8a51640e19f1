using System.Text.Json;
using AdaConv.Storage;

namespace AdaConv.Training.Evaluation;

/// <summary>A run's log.jsonl, read.</summary>
/// <param name="Progress">Lines of progress, by step.</param>
/// <param name="Examinations">Examinations, by step.</param>
/// <param name="StepsPerEpoch">Steps in an epoch; null where the log does not tell.</param>
public sealed record RunLog(IReadOnlyList<LoggedProgress> Progress, IReadOnlyList<LoggedExamination> Examinations, double? StepsPerEpoch)
{
    /// <summary>Reads a log. Where a run went on from a checkpoint before its last line, the lines it did again replace the first ones; a line
    /// that a kill left half written is passed over.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public static RunLog Read(string path)
    {
        List<LoggedProgress> progress = [];
        SortedDictionary<long, LoggedExamination> examinations = [];
        double? stepsPerEpoch = null;
        foreach (JsonElement line in Lines(path))
        {
            if (!line.TryGetProperty("step", out JsonElement stepValue) || !stepValue.TryGetInt64(out long step))
            {
                continue;
            }

            if (Number(line, "loss") is { } loss)
            {
                progress.RemoveAll(entry => entry.Step >= step);
                foreach (long later in examinations.Keys.Where(key => key > step).ToArray())
                {
                    examinations.Remove(later);
                }

                progress.Add(new LoggedProgress(
                    step, loss, Number(line, "baseline") ?? double.NaN, Number(line, "samplesPerSecond") ?? double.NaN, Number(line, "rate") ?? double.NaN));
            }

            stepsPerEpoch = Number(line, "stepsPerEpoch") ?? stepsPerEpoch;
            LoggedExamination examination = examinations.GetValueOrDefault(step) ?? new LoggedExamination(step);
            if (line.TryGetProperty("middlebury", out JsonElement pictures))
            {
                examinations[step] = examination with { Pictures = Number(pictures, "psnr") };
            }
            else if (line.TryGetProperty("validation", out JsonElement validation))
            {
                examinations[step] = examination with
                {
                    Validation = Number(validation, "psnr"),
                    ValidationLoss = Number(validation, "loss"),
                    ValidationBaseline = Number(validation, "baseline"),
                };
            }
        }

        return new RunLog(progress, [.. examinations.Values], stepsPerEpoch);
    }

    private static IEnumerable<JsonElement> Lines(string path)
    {
        foreach (string line in AppendLog.ReadLines(path))
        {
            if (TryParse(line) is { ValueKind: JsonValueKind.Object } element)
            {
                yield return element;
            }
        }
    }

    private static JsonElement? TryParse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Infinite scores are written as texts.
    private static double? Number(JsonElement element, string name) => !element.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when value.GetString() == "Infinity" => double.PositiveInfinity,
        _ => null,
    };
}

/// <summary>A line of a run's log: means since the line before.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Loss of the final frame.</param>
/// <param name="Baseline">The same of plain averaging.</param>
/// <param name="SamplesPerSecond">Speed.</param>
/// <param name="LearningRate">The learning rate of that step.</param>
public sealed record LoggedProgress(long Step, double Loss, double Baseline, double SamplesPerSecond, double LearningRate);

/// <summary>An examination in a run's log; what was not examined is null.</summary>
/// <param name="Step">Steps done.</param>
public sealed record LoggedExamination(long Step)
{
    /// <summary>Mean PSNR of the test pictures, dB.</summary>
    public double? Pictures { get; init; }

    /// <summary>Mean PSNR of the validation clips, dB.</summary>
    public double? Validation { get; init; }

    /// <summary>The run's loss over the validation frames.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The same of plain averaging.</summary>
    public double? ValidationBaseline { get; init; }
}
