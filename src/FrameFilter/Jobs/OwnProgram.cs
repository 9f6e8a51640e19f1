using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>This program and others as commands.</summary>
internal static class OwnProgram
{
    /// <summary>The version without the commit.</summary>
    public static string Version { get; } =
        typeof(OwnProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The words that start this program again: its own file, or dotnet and its assembly.</summary>
    public static string[] Command
    {
        get
        {
            string host = Environment.ProcessPath!;
            return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, Path.Combine(AppContext.BaseDirectory, "AdaConv.FrameFilter.dll")] : [host];
        }
    }

    /// <summary>A word as a POSIX shell reads it back.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-=:,+@%".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Runs another program to its end.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads; null: nothing.</param>
    /// <exception cref="JobException">It is not installed.</exception>
    public static (int Code, string Output, string Error) Run(string program, IEnumerable<string> arguments, string? input = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            Give(process.StandardInput, input);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Trim(), error.GetAwaiter().GetResult().Trim());
        }
        catch (Win32Exception error)
        {
            throw new JobException($"The command {program} cannot be run here: {error.Message}. Submit from a machine that has it.", error);
        }
    }

    // A program that does not read to the end says by itself why.
    private static void Give(StreamWriter to, string? input)
    {
        try
        {
            using (to)
            {
                to.Write(input);
            }
        }
        catch (IOException)
        {
        }
    }
}
