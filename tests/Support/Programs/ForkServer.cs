using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AdaConv.Tests.Support.Cuda;

namespace AdaConv.Tests.Support.Programs;

/// <summary>
/// A program that was loaded once and forks for every run: ffmpeg takes 130 ms to load its 200 libraries, and 10 to make a small clip.
/// What runs is the program's own <c>main</c>: see fork_server.c.
/// </summary>
internal sealed class ForkServer
{
    // A test has failed long before.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), PatienceAtFirst = TimeSpan.FromSeconds(30);

    private readonly string _program;
    private readonly string _folder;
    private readonly Stream _requests;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<int>> _open = new(StringComparer.Ordinal);
    private int _count;

    private ForkServer(string program, string library, string folder)
    {
        (_program, _folder) = (program, folder);
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["LD_PRELOAD"] = library;
        Process process = Process.Start(start)!;
        _requests = process.StandardInput.BaseStream;
        new Thread(() => Listen(process.StandardOutput)) { IsBackground = true, Name = $"answers of {program}" }.Start();
    }

    /// <summary>
    /// The server of a program; null where there is none: on other systems than Linux, without a C compiler, and for scripts and programs that load
    /// no libraries.
    /// </summary>
    public static ForkServer? TryStart(string program)
    {
        if (!OperatingSystem.IsLinux() || NativeSources.Find("cc") is not { } compiler || NativeSources.Find(program) is not { } file || !IsElf(file))
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("adaconv-fork-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
        string library = Path.Combine(folder, "fork_server.so");
        string source = Path.Combine(RepositoryFiles.Root, "tests", "Support", "Programs", "fork_server.c");
        if (NativeSources.Run(compiler, ["-shared", "-fPIC", "-O1", source, "-o", library]).Exit != 0)
        {
            return null;
        }

        try
        {
            ForkServer server = new(program, library, folder);
            return server.Run(["-version"], PatienceAtFirst).ExitCode == 0 ? server : null;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Runs the program to its end, in the current folder and with nothing to read.</summary>
    public (int ExitCode, string Output, string Errors) Run(IEnumerable<string> arguments) => Run(arguments, Patience);

    private (int ExitCode, string Output, string Errors) Run(IEnumerable<string> arguments, TimeSpan patience)
    {
        string name = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        string output = Path.Combine(_folder, $"{name}.out"), errors = Path.Combine(_folder, $"{name}.err");
        string[] strings = [name, Environment.CurrentDirectory, output, errors, _program, .. arguments];
        byte[] request = Encoding.UTF8.GetBytes(string.Concat(strings.Select(text => $"{text}\0")));
        TaskCompletionSource<int> end = _open[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_requests)
        {
            _requests.Write([.. BitConverter.GetBytes(request.Length), .. request]);
            _requests.Flush();
        }

        return (end.Task.WaitAsync(patience).GetAwaiter().GetResult(), Take(output), Take(errors));
    }

    private static bool IsElf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("\u007fELF"u8);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // One that is ended with us still writes there.
        }
    }

    private static string Take(string file)
    {
        string text = File.ReadAllText(file);
        File.Delete(file);
        return text;
    }

    private void Listen(StreamReader answers)
    {
        while (answers.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            if (_open.TryRemove(words[0], out TaskCompletionSource<int>? end))
            {
                end.SetResult(int.Parse(words[1], CultureInfo.InvariantCulture));
            }
        }

        foreach (TaskCompletionSource<int> end in _open.Values)
        {
            end.TrySetException(new InvalidOperationException($"{_program} ended while it waited for requests."));
        }
    }
}
