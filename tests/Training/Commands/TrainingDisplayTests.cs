using AdaConv.Reports;
using AdaConv.Training.Commands;
using AdaConv.Training.Evaluation;
using AdaConv.Training.Optimization;
using Spectre.Console;
using Xunit;

namespace AdaConv.Training.Tests.Commands;

public sealed class TrainingDisplayTests
{
    private static readonly TrainingProgress Progress = new(1200, 4800, 0.02, 0.04, 0.5, 63.24, TimeSpan.FromHours(25.5));
    private static readonly ExaminationResult Result = new(
        new Dictionary<string, FrameScore> { ["a"] = new(1, 33.5, 0.9, 2) }, new Dictionary<string, FrameScore>(), 0.03, 0.05);

    [Fact]
    public void A_terminal_shows_losses_speed_and_time_left_in_place()
    {
        using var screen = new StringWriter();
        var display = new LiveTrainingDisplay(AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        }));
        display.Run(() =>
        {
            display.Line("resuming from step 1000");
            display.Progress(Progress);
            display.Examined(1200, Result);
        });
        string shown = screen.ToString();
        Assert.All(
            (string[])["resuming from step 1000", "25 %", "step 1200/4800", "63.2 samples/s", "25:30:00 left", "training 0.02000, 0.500 of averaging's",
                "validation 0.03000, 0.600 of averaging's", "Middlebury 33.50 dB (step 1200)"],
            part => Assert.Contains(part, shown, StringComparison.Ordinal));
        Assert.Contains("\u001b[", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_gets_a_plain_line() => Assert.Equal(
        "step 1200/4800  loss 0.02000  0.500 of averaging's  norm 0.50  63.2 samples/s  25:30:00 left", Progress.ToString());
}
