using System.Diagnostics;
using Xunit;

namespace AdaConv.Tests.Support.Cuda;

/// <summary>The folder native/ and the programs that make something of it.</summary>
public static class NativeSources
{
    public static string Folder { get; } = Path.Combine(FindRoot(), "native");

    /// <summary>Where builds of the tests go; deleted by whoever asks for it.</summary>
    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("adaconv-native-").FullName;

    /// <summary>Builds a shared library or a program from sources below <paramref name="folder"/>; the reason to skip where no compiler is.</summary>
    public static void Compile(string folder, string output, string[] flags, params string[] sources)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The emulation of the kernels runs on Linux.");
        Assert.SkipUnless(Find("g++") is not null, "There is no C++ compiler (g++) here to build the emulated kernels with.");
        var (exit, text) = Run("g++", ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Wno-unknown-pragmas", .. flags, "-o", output,
            .. sources.Select(source => Path.Combine(folder, source))]);
        Assert.True(exit == 0, text);
    }

    /// <summary>A program of PATH, null where there is none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end: exit code, and all that it said.</summary>
    public static (int Exit, string Text) Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AdaConv.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie inside the repository.");
    }
}
