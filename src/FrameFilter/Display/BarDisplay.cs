using System.Collections.Concurrent;
using System.Globalization;
using AdaConv.Conversion.Pipeline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AdaConv.FrameFilter.Display;

/// <summary>A progress bar on the terminal for each file being converted: which of how many, frames, frames per second, time left.</summary>
internal sealed class BarDisplay(Verbosity verbosity) : ConversionDisplay(verbosity)
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly ConcurrentDictionary<FileDisplay, ProgressTask?> _files = new();
    private readonly ConcurrentDictionary<int, FileDisplay> _byTask = new();
    private volatile bool _running;

    public override FileDisplay Begin(string input, string output, int number = 1, int count = 1)
    {
        FileDisplay file = base.Begin(input, output, number, count);
        _files[file] = null;
        return file;
    }

    // The bars are brought up to date from a timer.
    public override void Show(FileDisplay file, ConversionProgress progress)
    {
    }

    public override void Finish(FileDisplay file, ConversionResult result)
    {
        Remove(file);
        base.Finish(file, result);
    }

    public override void Fail(FileDisplay file, string error)
    {
        Remove(file);
        base.Fail(file, error);
    }

    public override T Run<T>(Func<T> work) => _console
        .Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new StateColumn(task => _byTask.GetValueOrDefault(task.Id)))
        .Start(context =>
        {
            using var timer = new Timer(_ => Update(context), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
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

    // Above the bars while they stand; else as it is, not broken at the terminal's width.
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

    private void Remove(FileDisplay file)
    {
        if (_files.TryRemove(file, out ProgressTask? task))
        {
            task?.StopTask();
        }
    }

    private void Update(ProgressContext context)
    {
        foreach (var (file, known) in _files)
        {
            ProgressTask task = known ?? context.AddTask(Markup.Escape(Printable.Of(file.Input)));
            if (known is null)
            {
                task.IsIndeterminate = true;
                _byTask[task.Id] = file;
                if (!_files.TryUpdate(file, task, null))
                {
                    task.StopTask();
                }
            }

            if (file.Progress is { FramesExpected: > 0 } progress)
            {
                task.IsIndeterminate = false;
                task.MaxValue = progress.FramesExpected.Value;
                // One short of the end: a task that is complete disappears before its file is.
                task.Value = Math.Min(progress.FramesOut, task.MaxValue - 1);
            }
        }
    }

    private sealed class StateColumn(Func<ProgressTask, FileDisplay?> find) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            FileDisplay? file = find(task);
            string name = file is null ? string.Empty : Name(file);
            if (file?.Progress is not { } progress)
            {
                return new Text($"{name}opening …");
            }

            string expected = progress.FramesExpected is { } frames ? string.Create(CultureInfo.InvariantCulture, $"/{frames}") : string.Empty;
            string left = progress.Remaining is { } remaining ? $"  {Time(remaining)} left" : string.Empty;
            return new Text(string.Create(
                CultureInfo.InvariantCulture, $"{name}{progress.FramesOut}{expected} frames  {progress.FramesPerSecond:0.0} fps{left}"));
        }
    }
}
