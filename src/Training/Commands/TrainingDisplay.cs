using System.Globalization;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;

namespace AdaConv.Training.Commands;

/// <summary>Shows a run on stdout: plain lines, for logs and pipes.</summary>
internal class TrainingDisplay
{
    /// <summary>A live display on a terminal, lines elsewhere.</summary>
    public static TrainingDisplay Create() =>
        Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb" ? new TrainingDisplay() : new LiveTrainingDisplay();

    /// <summary>Runs the work with the display on.</summary>
    public virtual void Run(Action work) => work();

    /// <summary>Something to say.</summary>
    public void Line(string text) => Write(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss}  {text}"));

    /// <summary>Where the run stands.</summary>
    public virtual void Progress(TrainingProgress progress) => Line(progress.ToString());

    /// <summary>What an examination found.</summary>
    public virtual void Examined(long step, ExaminationResult result)
    {
        string loss = result.ValidationLoss is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"  validation loss {value:F5}  {value / result.ValidationBaseline:F3} of averaging's") : "";
        Line($"examined at step {step}  " + string.Join("  ", result.Summary().Select(pair => $"{pair.Key} {pair.Value}")) + loss);
    }

    /// <summary>Writes a line.</summary>
    protected virtual void Write(string line) => Console.WriteLine(line);
}
