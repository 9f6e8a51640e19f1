using System.Globalization;
using System.Text.RegularExpressions;

namespace AdaConv.Training.Evaluation;

/// <summary>When a run is examined: after so many epochs, steps or minutes, whichever comes first.</summary>
/// <param name="Epochs">Epochs between examinations; null = not counted. An epoch is as many samples as the data holds triplets.</param>
/// <param name="Steps">Steps between examinations; null = not counted.</param>
/// <param name="Time">Time between examinations; null = not counted.</param>
public sealed partial record ExaminationSchedule(double? Epochs = null, long? Steps = null, TimeSpan? Time = null)
{
    /// <summary>As in the paper every two epochs; and where those are long, every half hour.</summary>
    public static ExaminationSchedule Default { get; } = new(Epochs: 2, Time: TimeSpan.FromMinutes(30));

    /// <summary>Reads "2epochs", "500steps", "10min", or several of them with commas between.</summary>
    /// <exception cref="TrainingException">The text is none of these.</exception>
    public static ExaminationSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var schedule = new ExaminationSchedule();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            Match match = Part().Match(part);
            if (!match.Success || !double.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                || value is not (> 0 and < 1e9))
            {
                throw new TrainingException($"'{part}' is not a time between examinations; write 2epochs, 500steps, 10min, or a comma-separated list.");
            }

            schedule = match.Groups[2].Value[0] switch
            {
                'e' => schedule with { Epochs = value },
                's' => schedule with { Steps = (long)Math.Ceiling(value) },
                _ => schedule with { Time = TimeSpan.FromMinutes(value) },
            };
        }

        return schedule;
    }

    /// <summary>Whether it is time.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="last">Steps that were done at the last examination, or when the run was started.</param>
    /// <param name="elapsed">Time since then.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch; null where every sample is new.</param>
    public bool IsDue(long step, long last, TimeSpan elapsed, double? stepsPerEpoch) =>
        step - last >= Steps || step - last >= Epochs * stepsPerEpoch || elapsed >= Time;

    [GeneratedRegex("^([0-9.]+) ?(e|epochs?|s|steps?|min|minutes?)$")]
    private static partial Regex Part();
}
