using AdaConv.CommandLine;

namespace AdaConv.FrameFilter.Display;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>A file or the machine prevented it; there is no output.</summary>
    public const int Failure = 1;

    /// <summary>The command line or a settings file is wrong; nothing was started.</summary>
    public const int Usage = UsageReport.ExitCode;

    /// <summary>128 + 2, the shells' number for SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + 15, the shells' number for SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>128 + 13, the shells' number for SIGPIPE: the reader of standard output closed it.</summary>
    public const int PipeClosed = 141;
}
