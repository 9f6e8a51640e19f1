using AdaConv.Conversion.Options;

namespace AdaConv.FrameFilter.Display;

/// <summary>Reports failures on stderr and chooses the exit code. ADACONV_DEBUG=1 adds the stack trace.</summary>
internal static class ErrorReport
{
    /// <summary>The message of an interrupted run.</summary>
    public const string Interrupted = "interrupted; no unfinished output was left behind.";

    /// <summary>A command that failed.</summary>
    public static int Failure(Exception exception)
    {
        Write(Describe(exception));
        Debug(exception);
        return CodeOf(exception);
    }

    /// <summary>A failure in plain words.</summary>
    public static string Describe(Exception exception) => Cause(exception) switch
    {
        AdaConvException or IOException or UnauthorizedAccessException => Cause(exception).Message,
        OutOfMemoryException => "Out of memory. A limit makes the network predict in tiles: --memory-limit 2GiB.",
        var unknown => $"Internal error: {unknown.Message} ({unknown.GetType().Name}). Please report it; ADACONV_DEBUG=1 adds a stack trace.",
    };

    /// <summary>The exit code for a failure.</summary>
    public static int CodeOf(Exception exception) => Cause(exception) is ConfigurationException ? ExitCode.Usage : ExitCode.Failure;

    // What went wrong in work that was shared among threads.
    private static Exception Cause(Exception exception) => exception is AggregateException all ? all.Flatten().InnerExceptions[0] : exception;

    private static void Write(string message) => Console.Error.WriteLine($"framefilter: error: {Printable.OfLines(message)}");

    /// <summary>The stack trace, if requested.</summary>
    public static void Debug(Exception exception)
    {
        if (Environment.GetEnvironmentVariable("ADACONV_DEBUG") is { Length: > 0 } and not "0")
        {
            Console.Error.WriteLine(exception);
        }
    }
}
