using System.Runtime.InteropServices;

namespace AdaConv.Storage;

/// <summary>
/// Whether the process was given standard input, output and error. A shell's <c>&gt;&amp;-</c> or a daemon closes them, and then the first files and pipes
/// that the run time opens get their numbers: what is written there would go into these.
/// </summary>
public static partial class StandardStream
{
    // fcntl.h of Linux and macOS.
    private const int GetFlags = 1, CloseOnExec = 1;

    /// <summary>Whether there is a standard input.</summary>
    public static bool HasInput => IsInherited(0);

    /// <summary>Whether there is a standard output.</summary>
    public static bool HasOutput => IsInherited(1);

    /// <summary>Whether there is a standard error.</summary>
    public static bool HasError => IsInherited(2);

    // What .NET opens is closed in programs that it starts; what the process was given is not, or it would not have it.
    private static bool IsInherited(int descriptor) =>
        OperatingSystem.IsWindows() || (Control(descriptor, GetFlags) is var flags and >= 0 && (flags & CloseOnExec) == 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);
}
