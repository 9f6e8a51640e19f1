using System.Runtime.InteropServices;
using AdaConv.FrameFilter.Media;

namespace AdaConv.FrameFilter.Commands;

/// <summary>Ctrl-C and SIGTERM: the first one cancels, so that the work can clean up; the second one kills.</summary>
/// <remarks>
/// A prediction cannot be stopped within a tile (seconds for a large one), nor a read from a pipe that gives nothing: what has not ended by
/// <see cref="Patience"/> is ended with the process, once the unfinished output is deleted.
/// </remarks>
internal sealed partial class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private readonly CancellationTokenSource _source = new();
    private Timer? _impatience;
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ExitCode.Terminated)),
    ];

    /// <summary>What is said of it.</summary>
    public const string Words = "interrupted; no unfinished output was left behind.";

    /// <summary>The same as a line.</summary>
    public const string Message = "framefilter: " + Words;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What the process returns after it.</summary>
    public int Code { get; private set; } = ExitCode.Interrupted;

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
        }
    }

    /// <summary>Ends the process at once, without the runtime's and libtorch's own ways out, which would wait for or trip over threads at work.</summary>
    public static void EndProcess(int code)
    {
        Output.DiscardAll();
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(code);
        }

        Exit(code);
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

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
