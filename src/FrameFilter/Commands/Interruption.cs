using System.Runtime.InteropServices;
using AdaConv.CommandLine;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Output;

namespace AdaConv.FrameFilter.Commands;

/// <summary>
/// Ctrl-C and SIGTERM, on Windows Ctrl-Break, the closing of the window and the end of the session too: the first one cancels, so that the
/// work can clean up; the second one kills.
/// </summary>
/// <remarks>
/// A prediction cannot be stopped within a tile (seconds for a large one), nor a read from a pipe that gives nothing: what has not ended by
/// <see cref="Patience"/> is ended with the process, once the unfinished output is deleted.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private readonly CancellationTokenSource _source = new();
    private Timer? _impatience;
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
        [.. Signals.Select(signal => PosixSignalRegistration.Create(signal.Signal, context => Handle(context, signal.Code)))];

    // On Windows .NET takes Ctrl-Break for SIGQUIT, the closing of the window for SIGHUP and logging off or shutting down for SIGTERM. On
    // others SIGQUIT asks for a core dump, and SIGHUP may be ignored on purpose (nohup).
    private static IEnumerable<(PosixSignal Signal, int Code)> Signals =>
    [
        (PosixSignal.SIGINT, ExitCode.Interrupted),
        (PosixSignal.SIGTERM, ExitCode.Terminated),
        .. OperatingSystem.IsWindows()
            ? [(PosixSignal.SIGQUIT, ExitCode.Interrupted), (PosixSignal.SIGHUP, ExitCode.Terminated)]
            : Array.Empty<(PosixSignal, int)>(),
    ];

    /// <summary>What is said of it, as a line.</summary>
    public const string Message = "framefilter: " + ErrorReport.Interrupted;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What the process returns after it.</summary>
    public int Code { get; private set; } = ExitCode.Interrupted;

    /// <summary>Does a command's work; where a signal ends it, says so and returns its exit code.</summary>
    /// <param name="work">Returns the exit code, and ends with <see cref="OperationCanceledException"/> when the token is cancelled.</param>
    public static int Run(Func<CancellationToken, int> work)
    {
        using Interruption interruption = new();
        try
        {
            return work(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine(Message);
            return interruption.Code;
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _impatience?.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, int code)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            Code = code;
            _impatience = new Timer(_ => EndNow(code), null, Patience, Timeout.InfiniteTimeSpan);
            _source.Cancel();
            if (OperatingSystem.IsWindows() && code == ExitCode.Terminated)
            {
                // Windows ends the process when this returns, and after some five seconds in any case.
                Thread.Sleep(2 * Patience);
            }
        }
    }

    /// <summary>Ends the process at once, without the runtime's and libtorch's own ways out, which would wait for or trip over threads at work.</summary>
    public static void EndProcess(int code)
    {
        OutputTarget.DiscardAll();
        ProcessEnd.Now(code);
    }

    private static void EndNow(int code)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write("\x1b[?25h\n"); // the bar had hidden the cursor
        }

        Console.Error.WriteLine(Message);
        EndProcess(code);
    }
}
