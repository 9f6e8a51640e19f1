using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AdaConv.Fuzz;

/// <summary>How an order ended that has no answer.</summary>
internal enum Death
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>The process ended by itself.</summary>
    Crash,

    /// <summary>It was ended after <see cref="WorkerProcess.MostSeconds"/>.</summary>
    Hang,

    /// <summary>It was ended when it had more than <see cref="WorkerProcess.MostKilobytes"/>.</summary>
    Memory,
}

/// <summary>The worker as its parent sees it: started again whenever it died, ended when it takes too long or too much.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>Processor time for one command, in seconds.</summary>
    public const int MostSeconds = 60;

    // And time by the clock, for one that waits for ever: on a machine that others keep busy a second of the processor may take long.
    private const int MostPatience = 900;

    /// <summary>Resident memory: 3 GiB.</summary>
    public const long MostKilobytes = 3L << 20;

    private readonly StringBuilder _words = new();
    private Process? _process;

    /// <summary>What the process wrote to its standard error past the program, such as a library's last words.</summary>
    public string Words
    {
        get
        {
            lock (_words)
            {
                return _words.ToString();
            }
        }
    }

    /// <summary>Runs a command line.</summary>
    public (Answer? Answer, Death Death) Run(Order order)
    {
        _process ??= Start();
        lock (_words)
        {
            _words.Clear();
        }

        Task<string?> answer;
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(order));
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLineAsync();
        }
        catch (IOException)
        {
            answer = Task.FromResult<string?>(null);
        }

        long begin = Stopwatch.GetTimestamp();
        TimeSpan used = Used();
        Death death = Death.None;
        while (!answer.Wait(50))
        {
            bool isLate = (Used() - used).TotalSeconds > MostSeconds || Stopwatch.GetElapsedTime(begin).TotalSeconds > MostPatience;
            death = isLate ? Death.Hang : Resident() > MostKilobytes ? Death.Memory : Death.None;
            if (death != Death.None)
            {
                break;
            }
        }

        if (death == Death.None && answer.Result is { } line)
        {
            Answer told = JsonSerializer.Deserialize<Answer>(line)!;
            return (told, told.PeakKilobytes > MostKilobytes ? Death.Memory : Death.None);
        }

        End();
        return (null, death == Death.None ? Death.Crash : death);
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private Process Start()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(WorkerProcess).Assembly.Location, "worker"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Compiled once: so short a life does not pay for a second time.
        start.Environment["DOTNET_TieredCompilation"] = "0";

        // As a container of that size tells it.
        start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{MostKilobytes << 10:X}";
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_words)
            {
                if (line.Data is not null && _words.Length < 4000)
                {
                    _words.AppendLine(line.Data);
                }
            }
        };
        process.BeginErrorReadLine();
        return process;
    }

    private TimeSpan Used()
    {
        try
        {
            return _process!.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return TimeSpan.Zero; // it ended by itself
        }
    }

    private long Resident()
    {
        _process!.Refresh();
        return _process.HasExited ? 0 : _process.WorkingSet64 >> 10;
    }

    private void End()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }
}
