using System.Globalization;
using AdaConv.FrameFilter.Pipeline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AdaConv.FrameFilter.Commands;

/// <summary>A progress bar on the terminal: frames, frames per second, time left.</summary>
internal sealed class BarDisplay(Verbosity verbosity) : ConversionDisplay(verbosity)
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private volatile ConversionProgress? _progress;
    private volatile bool _running;

    public override void Report(ConversionProgress value) => _progress = value;

    public override ConversionResult Run(Func<ConversionResult> work) => _console
        .Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new StateColumn(() => _progress))
        .Start(context =>
        {
            var task = context.AddTask("converting");
            task.IsIndeterminate = true;
            // The work has this thread; the bar is brought up to date from a timer.
            using var timer = new Timer(_ => Update(task), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
            _running = true;
            try
            {
                return work();
            }
            finally
            {
                _running = false;
            }
        });

    // Above the bar while it stands; else as it is, not broken at the terminal's width.
    protected override void WriteLine(string text)
    {
        if (_running)
        {
            _console.WriteLine(text);
        }
        else
        {
            base.WriteLine(text);
        }
    }

    private void Update(ProgressTask task)
    {
        if (_progress is { FramesExpected: > 0 } progress)
        {
            task.IsIndeterminate = false;
            task.MaxValue = progress.FramesExpected.Value;
            task.Value = Math.Min(progress.FramesOut, task.MaxValue);
        }
    }

    private sealed class StateColumn(Func<ConversionProgress?> current) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            if (current() is not { } progress)
            {
                return new Text("opening …");
            }

            string expected = progress.FramesExpected is { } frames ? string.Create(CultureInfo.InvariantCulture, $"/{frames}") : string.Empty;
            string left = progress.Remaining is { } remaining ? $"  {Time(remaining)} left" : string.Empty;
            return new Text(string.Create(
                CultureInfo.InvariantCulture, $"{progress.FramesOut}{expected} frames  {progress.FramesPerSecond:0.0} fps{left}"));
        }
    }
}
