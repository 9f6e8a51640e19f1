using System.Diagnostics;

namespace AdaConv.Training.Tests;

/// <summary>The real command line, as built beside these tests.</summary>
internal sealed record TrainingProgram(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs it to its end.</summary>
    public static TrainingProgram Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    /// <summary>Runs it to its end, with some environment variables of its own.</summary>
    public static TrainingProgram Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet, [Path.Combine(AppContext.BaseDirectory, "AdaConv.Training.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new TrainingProgram(process.ExitCode, output, errors.Result);
    }

    // By its full name, so that a test may take the PATH away.
    private static string Dotnet =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")).FirstOrDefault(File.Exists) ?? "dotnet";
}
