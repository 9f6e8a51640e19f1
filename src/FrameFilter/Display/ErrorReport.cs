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
    public static string Describe(Exception exception) => exception switch
    {
        AdaConvException or IOException or UnauthorizedAccessException
            => exception.Message,
        OutOfMemoryException => "Out of memory. A limit makes the network predict in tiles: --memory-limit 2GiB.",
        _ => $"Internal error: {exception.Message} ({exception.GetType().Name}). Please report it; ADACONV_DEBUG=1 adds a stack trace.",
    };

    /// <summary>The exit code for a failure.</summary>
    public static int CodeOf(Exception exception) => exception is ConfigurationException ? ExitCode.Usage : ExitCode.Failure;

    private static void Write(string message) => Console.Error.WriteLine($"framefilter: error: {message}");

    /// <summary>The stack trace, if requested.</summary>
    public static void Debug(Exception exception)
    {
        if (Environment.GetEnvironmentVariable("ADACONV_DEBUG") is { Length: > 0 } and not "0")
        {
            Console.Error.WriteLine(exception);
        }
    }
}
