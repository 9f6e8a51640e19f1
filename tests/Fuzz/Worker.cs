using System.Globalization;
using System.Reflection;
using System.Text.Json;
using AdaConv.FrameFilter.Commands;
using AdaConv.Media.Libav;

namespace AdaConv.Fuzz;

/// <summary>A command line for the worker.</summary>
/// <param name="Folder">Its current folder.</param>
/// <param name="Arguments">The arguments of framefilter.</param>
/// <param name="Function">A function of libav's to count the calls of; null: none.</param>
/// <param name="Failing">Which of them fails; 0: none.</param>
internal sealed record Order(string Folder, string[] Arguments, string? Function = null, long Failing = 0);

/// <summary>What a command line came to.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
/// <param name="PeakKilobytes">The most memory that the process had meanwhile.</param>
/// <param name="OpenFiles">Files that are open afterwards.</param>
/// <param name="Calls">Calls of the function that was named.</param>
/// <param name="Live">Objects of libav's that are owned afterwards.</param>
internal sealed record Answer(int Code, string Output, string Error, long PeakKilobytes, int OpenFiles, long Calls, long Live);

/// <summary>The process under test: runs framefilter's command lines one after the other, as its parent orders them, one JSON object a line.</summary>
internal static class Worker
{
    /// <summary>Works until standard input ends.</summary>
    public static int Run()
    {
        using StreamReader orders = new(Console.OpenStandardInput());
        using StreamWriter answers = new(Console.OpenStandardOutput()) { AutoFlush = true };
        while (orders.ReadLine() is { } line)
        {
            Order order = JsonSerializer.Deserialize<Order>(line)!;
            Environment.CurrentDirectory = order.Folder;
            using StringWriter output = new(), error = new();
            Console.SetOut(output);
            Console.SetError(TextWriter.Synchronized(error));
            ForgetPeak();
            bool isFaulty = order.Function is not null;
            if (isFaulty)
            {
                FaultLibrary.Arm(order.Function, order.Failing);
            }

            int code = FilterCommandLine.Run(order.Arguments);
            long calls = isFaulty ? FaultLibrary.Calls() : 0;
            if (isFaulty)
            {
                // What a constructor had when it failed is the finalizers'.
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            answers.WriteLine(JsonSerializer.Serialize(new Answer(code, output.ToString(), error.ToString(), Peak(), OpenFiles(), calls, Live())));
        }

        return 0;
    }

    // proc(5): 5 sets the peak of the resident memory back to what it is now.
    private static void ForgetPeak()
    {
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
    }

    private static long Peak() => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture)
        : 0;

    private static long Live() => (long)typeof(LibavHandle).GetProperty("Live", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

    private static int OpenFiles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;
}
