using System.Runtime.InteropServices;

namespace AdaConv.CommandLine;

/// <summary>The end of a process that still has threads at work in native code.</summary>
public static partial class ProcessEnd
{
    /// <summary>Ends it at once, without the runtime's and libtorch's own ways out, which would wait for or trip over such threads.</summary>
    /// <param name="code">What the process returns.</param>
    public static void Now(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            const nint thisProcess = -1;
            _ = TerminateProcess(thisProcess, (uint)code);
        }

        Exit(code);
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int TerminateProcess(nint process, uint code);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
