using System.CommandLine;
using AdaConv.Training.Evaluation;

namespace AdaConv.Training.Commands;

/// <summary>training report: renews a run's charts and page.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> run = new("run") { Description = "The run's folder; it may be running." };
        Command command =
            new("report", "Update a run's curves (PNG) and its report, a self-contained HTML page. A run updates them itself at each examination.\n\n"
            + "Example: training report runs/guided")
        {
            run,
        };
        command.SetAction(result => Console.WriteLine(RunReport.Write(result.GetValue(run)!)));
        return command;
    }
}
