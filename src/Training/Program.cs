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
NamedHelp.Use(root, help => new(help, "training"));
ParseResult command = root.Parse(args);
if (UsageReport.Write(command, "training", Console.Error))
{
    return UsageReport.ExitCode;
}

try
{
    int code = await command.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20), // a checkpoint is written first
    });
    if (code is 130 or 143)
    {
        // The patience with it has ended before a step of the command has: libtorch's way out would trip over the threads that are in it.
        ProcessEnd.Now(code);
    }

    return code;
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
