using System.CommandLine;
using AdaConv;
using AdaConv.CommandLine;
using AdaConv.Training.Commands;

StandardStreams.Guard();
RootCommand root = new("Trains and evaluates AdaConv's networks.")
{
    PrepareCommand.Create(), TrainCommand.Create(), EvaluateCommand.Create(), ScoreCommand.Create(), ReportCommand.Create(), DemoCommand.Create(),
    AdaptCommand.Create(), CompareCommand.Losses(), CompareCommand.Kernels(), ExportCommand.Create(),
};
ParseResult command = root.Parse(args);
if (UsageReport.Write(command, "training", Console.Error))
{
    return UsageReport.ExitCode;
}

try
{
    return await command.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20), // a checkpoint is written first
    });
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("training: stopped.");
    return 130;
}
catch (Exception exception) when (exception is AdaConvException)
{
    await Console.Error.WriteLineAsync($"training: error: {exception.Message}");
    return 1;
}
catch (Exception exception) when (Environment.GetEnvironmentVariable("ADACONV_DEBUG") != "1")
{
    await Console.Error.WriteLineAsync(
        $"training: error: internal error: {exception.Message} The last checkpoint is intact. Please report it; ADACONV_DEBUG=1 adds a stack trace.");
    return 1;
}
