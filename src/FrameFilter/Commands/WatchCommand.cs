using System.CommandLine;
using System.Runtime.ExceptionServices;
using AdaConv.CommandLine;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Watch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdaConv.FrameFilter.Commands;

/// <summary><c>framefilter watch</c>: converts new files of a folder, until it is stopped.</summary>
internal static class WatchCommand
{
    /// <summary>Well below the 10 s that container runtimes give, and systemd's 90.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    public static Command Create(ApplicationFiles files)
    {
        var folders = new FolderArguments();
        var interval = Seconds("--interval", 10, "Seconds between two scans of the folder; it is also scanned when the system reports a new file.");
        var settle = Seconds("--settle", 5, "Seconds that a file must stay unchanged to count as complete.");
        var command =
            new Command("watch", "Converts every video that arrives in a folder, until it is stopped: in a terminal, under systemd or as a Windows service.");
        folders.AddTo(command);
        command.Add(interval);
        command.Add(settle);
        var shared = new ConversionArguments(files);
        shared.AddTo(command);
        command.SetAction(result =>
        {
            var options = shared.Read(result);
            var watch = new WatchOptions(TimeSpan.FromSeconds(result.GetValue(interval)), TimeSpan.FromSeconds(result.GetValue(settle)));
            var batch = folders.Read(result, isComplete: false);
            BatchStart.CheckOutputs(batch.Extension, options.Conversion);
            return Run(batch, watch, options, files, shared.Verbosity(result));
        });
        return command.WithExamples(
            "framefilter watch incoming done --preset 15to30",
            "framefilter watch incoming done --extension mp4 --settle 30   slow uploads");
    }

    private static int Run(BatchOptions batch, WatchOptions watch, FilterOptions options, ApplicationFiles files, Verbosity verbosity)
    {
        BatchStart.CheckMachine(options, files);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        builder.Logging.SetMinimumLevel(verbosity switch { Verbosity.Quiet => LogLevel.Error, Verbosity.Verbose => LogLevel.Debug, _ => LogLevel.Information });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // What ends the service is told in plain words below; the host would add its stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_patience);
        builder.Services.AddSystemd();
        builder.Services.AddWindowsService(service => service.ServiceName = "AdaConv");
        builder.Services.AddSingleton(services => new FolderWatch(
            batch, watch, log => new BatchWork(options, options, files, log), services.GetRequiredService<ILogger<FolderWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<FolderWatch>());
        using var host = builder.Build();
        var service = host.Services.GetRequiredService<FolderWatch>();
        try
        {
            host.Run();
        }
        catch (OperationCanceledException)
        {
            // The patience was not enough.
        }

        if (service.IsWorking)
        {
            // A prediction cannot be stopped within a tile, and its threads would hold the process.
            Interruption.EndProcess(ExitCode.Success);
        }

        if (service.ExecuteTask?.Exception?.GetBaseException() is { } failure and not OperationCanceledException)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return ExitCode.Success;
    }

    private static Option<double> Seconds(string name, double value, string description) =>
        new Option<double>(name) { Description = description + $" Default: {value}.", HelpName = "SECONDS", DefaultValueFactory = _ => value }
            .Within(0.1, 86400);
}
