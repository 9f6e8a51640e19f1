namespace AdaConv.Fuzz;

/// <summary>Every call of libav's that a conversion makes fails once: first, in the middle, at the end.</summary>
internal static class Faults
{
    private static readonly (string Name, string Clip, string[] Settings)[] Conversions =
    [
        ("copied sound", "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 0.4 -c:v libx264 -bf 2 -pix_fmt yuv420p -c:a aac",
            ["--method", "average"]),
        ("fields, stretched sound", "-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 0.4 -c:v mpeg2video -flags +ildct+ilme -top 1 -c:a aac",
            ["--method", "average", "--slow", "2", "--pixel-format", "yuv444p", "--encoder", "ffv1"]),
    ];

    /// <summary>Runs all.</summary>
    /// <param name="folder">For the library and the clips.</param>
    /// <param name="all">Or the first conversion and first calls alone.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string folder, bool all)
    {
        string libraries = Path.Combine(folder, "libraries"), work = Path.Combine(folder, "faults");
        if (!FaultLibrary.TryBuild(libraries))
        {
            Console.WriteLine("skipped: a C compiler on x86-64 Linux is needed");
            return 0;
        }

        Directory.CreateDirectory(work);
        Environment.SetEnvironmentVariable(FaultLibrary.Variable, libraries);
        using WorkerProcess worker = new();
        int injected = 0, faults = 0, refused = 0, never = 0;
        foreach ((string name, string clip, string[] settings) in Conversions.Take(all ? 2 : 1))
        {
            string input = Path.Combine(work, "in.mkv"), output = Path.Combine(work, "out.mkv");
            Environment.SetEnvironmentVariable(FaultLibrary.Variable, null);
            _ = Ffmpeg.Run([.. clip.Split(' '), input]);
            Environment.SetEnvironmentVariable(FaultLibrary.Variable, libraries);
            string[] arguments = ["convert", "in.mkv", "out.mkv", "-y", "--progress", "json", .. settings];
            foreach (string function in FaultLibrary.Functions)
            {
                (Answer? whole, _) = worker.Run(new(work, arguments, function, 0));
                long calls = whole?.Calls ?? 0;
                File.Delete(output);
                never += calls == 0 ? 1 : 0;
                bool isWhole = all || function == "avcodec_send_packet";
                foreach (long nth in new[] { 1, (calls + 1) / 2, calls }.Distinct().Where(n => n > 0 && n <= calls && (isWhole || n == 1)))
                {
                    injected++;
                    (Answer? answer, Death death) = worker.Run(new(work, arguments, function, nth));
                    (Outcome outcome, string? problem) = Judge.Words(answer, death, worker.Words);
                    refused += outcome == Outcome.Refused ? 1 : 0;
                    problem ??= outcome == Outcome.Used ? Judge.Output(output, answer!.Error, doubles: true)
                        : File.Exists(output) ? "an output is there after a failure"
                        : null;
                    problem ??= answer!.Live != whole!.Live ? $"{answer.Live - whole.Live} of libav's objects are left" : null;
                    string[] names = [.. Directory.GetFileSystemEntries(work).Select(file => Path.GetFileName(file))];
                    problem ??= Array.Find(names, file => file is not ("in.mkv" or "out.mkv")) is { } stray ? $"{stray} is left" : null;
                    if (problem is not null)
                    {
                        faults++;
                        Console.WriteLine($"{name}: call {nth} of {calls} of {function}: {outcome}: {problem}");
                    }

                    File.Delete(output);
                }
            }
        }

        Console.WriteLine(
            $"{injected} calls failed: {refused} conversions were refused, {injected - refused - faults} went on; {never} functions were not called");
        Console.WriteLine($"{injected} faults injected, {faults} wrong");
        return faults == 0 && injected > 0 ? 0 : 1;
    }
}
