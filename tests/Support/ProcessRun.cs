using System.Diagnostics;

namespace AdaConv.Tests.Support;

/// <summary>A finished process.</summary>
public sealed record ProcessRun(int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>Runs a program to its end, which must come within so many minutes.</summary>
    public static async Task<ProcessRun> Of(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null, int minutes = 2)
    {
        long begin = Stopwatch.GetTimestamp();
        using var process = Start(program, arguments, folder, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in {minutes} minutes.");
        }

        return new(process.ExitCode, await output, await error, Stopwatch.GetElapsedTime(begin));
    }

    /// <summary>Runs the filter's command line, as built beside these tests.</summary>
    public static Task<ProcessRun> OfFilter(string[] arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        Of("dotnet", [FilterAssembly, .. arguments], folder, environment);

    /// <summary>Starts the filter's command line and does not wait.</summary>
    public static Process StartFilter(string[] arguments, string folder) => Start("dotnet", [FilterAssembly, .. arguments], folder, null);

    /// <summary>Starts it behind a pipe that stays open and gives nothing.</summary>
    public static Process StartFilterOnSilentPipe(string[] arguments, string folder) => Start(
        "bash", ["-c", "mkfifo ../silent.$$; exec 3<>../silent.$$; rm ../silent.$$; exec dotnet \"$@\" <&3", "filter", FilterAssembly,
            .. arguments], folder, null);

    /// <summary>
    /// The filter's program: compiled to native code beforehand, as the launcher starts it, where that was made of the newest build; a start then takes
    /// a third less of the processor.
    /// </summary>
    public static string FilterAssembly { get; } = FindFilter();

    /// <summary>The program of a project, as built beside these tests.</summary>
    public static string AssemblyOf(string project) => Path.Combine(
        RepositoryFiles.Root,
        "artifacts",
        "bin",
        project,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        $"AdaConv.{project}.dll");

    private static string FindFilter()
    {
        string built = AssemblyOf("FrameFilter"), precompiled = Path.Combine(RepositoryFiles.Root, "artifacts", "precompiled", "FrameFilter");
        FileInfo native = new(Path.Combine(precompiled, "precompiled.stamp"));
        return native.Exists && new FileInfo(built).Directory!.GetFiles("AdaConv.*.dll").All(file => file.LastWriteTimeUtc <= native.LastWriteTimeUtc)
            ? Path.Combine(precompiled, Path.GetFileName(built))
            : built;
    }

    private static Process Start(
        string program, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Environment.CurrentDirectory,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
