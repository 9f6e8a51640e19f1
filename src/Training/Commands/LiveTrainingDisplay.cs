using System.Globalization;
using AdaConv.Reports;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AdaConv.Training.Commands;

/// <summary>Shows a run on a terminal: a bar with speed and time left, and the last losses and scores under it.</summary>
internal sealed class LiveTrainingDisplay : TrainingDisplay
{
    private readonly IAnsiConsole _console;
    private LiveDisplayContext? _live;
    private TrainingProgress? _progress;
    private string _examined = "";

    public LiveTrainingDisplay(IAnsiConsole? console = null) => _console = console ?? AnsiConsole.Console;

    public override void Run(Action work) => _console.Live(new Text("opening …")).AutoClear(true).Start(context =>
    {
        _live = context;
        try
        {
            work();
        }
        finally
        {
            _live = null;
        }
    });

    public override void Progress(TrainingProgress progress)
    {
        _progress = progress;
        Update();
    }

    public override void Examined(long step, ExaminationResult result)
    {
        base.Examined(step, result);
        List<string> parts = [];
        if (result.ValidationLoss is { } loss)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"validation {loss:F5}, {loss / result.ValidationBaseline:F3} of averaging's"));
        }

        if (result.Middlebury.Count > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"Middlebury {FrameScore.Mean([.. result.Middlebury.Values]).Psnr:F2} dB"));
        }

        _examined = parts.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", parts)} (step {step})") : "";
        Update();
    }

    // Above the live lines while they stand.
    protected override void Write(string line) => _console.WriteLine(line);

    private void Update()
    {
        if (_progress is { } progress)
        {
            _live?.UpdateTarget(State(progress));
        }
    }

    private Rows State(TrainingProgress progress)
    {
        double done = (double)progress.Step / progress.Steps;
        const int Width = 24;
        int filled = (int)(Width * Math.Clamp(done, 0, 1));
        List<IRenderable> lines =
        [
            new Text(string.Create(CultureInfo.InvariantCulture,
                $"{new string('━', filled)}{new string('─', Width - filled)} {100 * done:F0} %  step {progress.Step}/{progress.Steps}  "
                + $"{progress.SamplesPerSecond:F1} samples/s  {TrainingProgress.Time(progress.Left)} left")),
            new Text(string.Create(CultureInfo.InvariantCulture,
                $"training {progress.Loss:F5}, {progress.Loss / progress.Baseline:F3} of averaging's  gradient norm {progress.Norm:F2}")),
        ];
        if (_examined.Length > 0)
        {
            lines.Add(new Text(_examined));
        }

        return new Rows(lines);
    }
}
