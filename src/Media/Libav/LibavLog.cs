using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AdaConv.LibAv;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>Keeps libav's log off the terminal: the last warnings of each thread are kept for the error that may follow.</summary>
internal static unsafe partial class LibavLog
{
    private const int LineLength = 512, MostLines = 32;
    private const string SvtLevel = "SVT_LOG";
    private static readonly Lock Gate = new();

    private static bool s_isInstalled;

    [ThreadStatic]
    private static Queue<string>? t_lines;

    /// <summary>Loads FFmpeg's libraries and takes libav's log over; later calls do nothing. Whoever uses libav first calls it.</summary>
    /// <exception cref="MediaException">There are no such libraries; the message says what was found and how to install them.</exception>
    public static void Install()
    {
        lock (Gate)
        {
            if (!s_isInstalled)
            {
                try
                {
                    // Asked for here, as an error from within the search for a function's library would cross the runtime's native frames.
                    _ = LibAvLibraries.Loaded;
                    av_log_set_callback(new() { Pointer = (nint)(delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void>)&Receive });
                }
                catch (LibAvNotFoundException missing)
                {
                    throw new MediaException("Loading FFmpeg", null, missing.Message, innerException: missing);
                }

                s_isInstalled = true;
                SilenceEncoders();
            }
        }
    }

    /// <summary>The last line that libav logged on this thread since the last call, without its origin.</summary>
    public static string? TakeLastLine() => TakeLines() is [.., var last] ? last : null;

    /// <summary>The lines that libav logged on this thread since the last call, the latest of them, in their order.</summary>
    public static string[] TakeLines()
    {
        if (t_lines is not { Count: > 0 } lines)
        {
            return [];
        }

        string[] taken = [.. lines];
        lines.Clear();
        return taken;
    }

    // SVT-AV1 writes to the terminal itself, past libav's log: only errors (1), unless the user wants more.
    private static void SilenceEncoders()
    {
        if (OperatingSystem.IsWindows())
        {
            if (Environment.GetEnvironmentVariable(SvtLevel) is null)
            {
                Environment.SetEnvironmentVariable(SvtLevel, "1");
            }
        }
        else
        {
            // .NET's own environment is a copy, which native code does not see.
            _ = SetEnvironment(SvtLevel, "1", overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    // libav logs dozens of lines a frame, most of them for developers: none of them may cost a string.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(void* source, int level, byte* format, byte* arguments)
    {
        if (level > AV_LOG_WARNING)
        {
            return;
        }

        byte* line = stackalloc byte[LineLength];
        int prefix = 0;
        if (av_log_format_line2(source, level, LibavText.Of(format), arguments, line, LineLength, &prefix) < 0)
        {
            return;
        }

        string text = (Marshal.PtrToStringUTF8((nint)line) ?? "").Trim();
        if (text.Length > 0)
        {
            t_lines ??= new(MostLines);
            if (t_lines.Count == MostLines)
            {
                t_lines.Dequeue();
            }

            t_lines.Enqueue(text);
        }
    }
}
