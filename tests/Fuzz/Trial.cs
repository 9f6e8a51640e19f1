using System.Globalization;
using System.Text.RegularExpressions;

namespace AdaConv.Fuzz;

/// <summary>A command that went wrong, or how the last one ended.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Problem">What is wrong; null where nothing is.</param>
/// <param name="Arguments">The command.</param>
internal sealed record Result(Outcome Outcome, string? Problem, string[] Arguments)
{
    /// <summary>Whether it is a fault of the program.</summary>
    public bool IsFault => Outcome is not (Outcome.Used or Outcome.Refused);
}

/// <summary>Puts a mutant through the commands.</summary>
/// <param name="worker">The process under test.</param>
/// <param name="work">An empty folder, cleared after each command.</param>
/// <param name="bases">Whole files.</param>
/// <param name="isShort">Whether time is short: every third clip is inspected, and the ffmpeg program judges every fourth output.</param>
internal sealed partial class Trial(WorkerProcess worker, string work, Bases bases, bool isShort)
{
    private static readonly string[] Outputs = ["mkv", "mkv", "mp4", "mov", "nut", "ts", "avi"];

    /// <summary>Commands that ran.</summary>
    public int Commands { get; private set; }

    /// <summary>The most memory that a command took, in KiB.</summary>
    public long Peak { get; private set; }

    /// <summary>The most files that were open after a command.</summary>
    public int OpenFiles { get; private set; }

    /// <summary>A clip: inspect and convert always, and each of the others now and then.</summary>
    public Result OfClip(string mutant, Random random)
    {
        string input = Path.GetFileName(mutant);
        Answer? answer = null;
        if (!isShort || random.Next(3) == 0)
        {
            (Result inspected, answer) = Run(["inspect", input, "--json"], [input]);
            if (inspected.IsFault)
            {
                return inspected;
            }
        }

        string output = $"out.{Outputs[random.Next(Outputs.Length)]}";
        string drop = random.Next(2) == 0 ? "on" : "off";
        Result result = Convert(input, output, ["--method", "average", "--drop-unsupported-streams", drop]);
        bool isSmall = answer is not null && Pixels(answer.Output) <= 200_000;
        if (!result.IsFault && isSmall && random.Next(isShort ? 20 : 5) == 0)
        {
            result = Convert(input, "out.mkv", ["--model", "fast", "--drop-unsupported-streams", "on"]);
        }

        if (!result.IsFault && isSmall && random.Next(10) == 0)
        {
            result = Run(["compare", input, "--frames", "5", "--method", "average", "-o", "scores"], [input, "scores"]).Result;
            Clear([input]);
        }

        return !result.IsFault && random.Next(12) == 0 ? Batch(mutant) : result;
    }

    /// <summary>A settings file: as a preset that is looked at, and one that a conversion takes.</summary>
    public Result OfSettings(string text)
    {
        string preset = Path.Combine(work, "mutant.yaml");
        File.WriteAllText(preset, text);
        Result result = Run(["presets", "validate", "mutant.yaml"], ["mutant.yaml"]).Result;
        File.Copy(bases.Clip, Path.Combine(work, "in.mp4"), overwrite: true);
        string[] arguments = ["convert", "in.mp4", "out.mkv", "--preset", "mutant.yaml", "--method", "average", "--progress", "json"];
        return result.IsFault ? result : Run(arguments, ["mutant.yaml", "in.mp4"], "out.mkv").Result;
    }

    /// <summary>A weight file.</summary>
    public Result OfWeights(byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(work, "mutant.safetensors"), bytes);
        File.Copy(bases.Clip, Path.Combine(work, "in.mp4"), overwrite: true);
        return Convert("in.mp4", "out.mkv", ["--model", "mutant.safetensors"], "mutant.safetensors");
    }

    /// <summary>The log of an earlier batch: whatever it says, all videos are there after a further run.</summary>
    public Result OfLog(string text)
    {
        CopyFolder(bases.BatchFolder, work);
        File.WriteAllText(Path.Combine(work, "done", "framefilter.jsonl"), text);
        (Result result, _) = Run(["batch", "videos", "done", "--method", "average", "--progress", "json", "-y"], ["videos", "done"]);
        return result.Outcome == Outcome.Used && Videos("done") is var there && there != Videos("videos")
            ? result with { Outcome = Outcome.Wrong, Problem = $"success, but the folder holds {there}" }
            : result;
    }

    /// <summary>What a killed conversion left: whatever it says, the output is that of an unbroken run.</summary>
    public Result OfSegments(string? manifest, Action<string[]> damage)
    {
        CopyFolder(bases.SegmentFolder, work);
        string store = Path.Combine(work, Bases.Store);
        if (manifest is not null)
        {
            File.WriteAllText(Path.Combine(store, "manifest.json"), manifest);
        }

        damage(Directory.GetFiles(store, "*.segment"));
        Result result = Convert("in.mkv", "out.mkv", Bases.SegmentSettings);
        return result.Outcome == Outcome.Refused && !Directory.Exists(store)
            ? result with { Outcome = Outcome.Wrong, Problem = "the conversion was refused, and its segments are gone" }
            : result;
    }

    private Result Convert(string input, string output, string[] settings, params string[] others)
    {
        bool doubles = Path.GetExtension(output) is ".mkv" or ".mp4" or ".mov" or ".nut";
        string[] arguments = ["convert", input, output, "--progress", "json", .. settings];
        bool isJudged = !isShort || Commands % 4 == 0;
        return Run(arguments, [input, .. others], output, judge: path => isJudged ? Judge.Output(path, _errors, doubles) : null).Result;
    }

    private string _errors = "";

    // The good one of two videos is converted, whatever the other is.
    private Result Batch(string mutant)
    {
        string folder = Path.Combine(work, "videos");
        Directory.CreateDirectory(folder);
        File.Copy(mutant, Path.Combine(folder, "mutant" + Path.GetExtension(mutant)));
        File.Copy(bases.Clip, Path.Combine(folder, "good.mp4"));
        string[] arguments = ["batch", "videos", "done", "--method", "average", "--progress", "json", "--drop-unsupported-streams", "on"];
        (Result result, _) = Run(arguments, [Path.GetFileName(mutant), "videos", "done"], keep: true);
        if (!result.IsFault && !File.Exists(Path.Combine(work, "done", "good.mp4")))
        {
            result = result with { Outcome = Outcome.Wrong, Problem = "the other video of the folder was not converted" };
        }
        else if (!result.IsFault && Directory.GetFileSystemEntries(Path.Combine(work, "done")).Select(Path.GetFileName)
            .FirstOrDefault(name => name!.StartsWith('.') && !name.EndsWith(".segments", StringComparison.Ordinal)) is { } stray)
        {
            result = result with { Outcome = Outcome.LeftOver, Problem = $"{stray} is left in the output's folder" };
        }

        Clear([Path.GetFileName(mutant)]);
        return result;
    }

    /// <summary>A job's folder.</summary>
    public Result OfJob(Random random) => new JobTrial(this, work, bases).Of(random);

    /// <summary>Runs a command and judges it.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="kept">What may be in the folder afterwards.</param>
    /// <param name="output">And this, after a success; null: nothing.</param>
    /// <param name="judge">Says what is wrong with it; null: nobody.</param>
    /// <param name="keep">Whether all stays for a further command.</param>
    public (Result Result, Answer? Answer) Run(
        string[] arguments, string[] kept, string? output = null, Func<string, string?>? judge = null, bool keep = false)
    {
        (Answer? answer, Death death) = worker.Run(new(work, arguments));
        Commands++;
        Peak = Math.Max(Peak, answer?.PeakKilobytes ?? 0);
        OpenFiles = Math.Max(OpenFiles, answer?.OpenFiles ?? 0);
        _errors = answer?.Error ?? "";
        (Outcome outcome, string? problem) = Judge.Words(answer, death, worker.Words);
        if (outcome == Outcome.Used && output is not null && judge?.Invoke(Path.Combine(work, output)) is { } wrong)
        {
            (outcome, problem) = (Outcome.Wrong, wrong);
        }

        string[] allowed = outcome == Outcome.Used && output is not null ? [.. kept, output] : kept;
        string? stray = Directory.GetFileSystemEntries(work).Select(path => Path.GetFileName(path)).FirstOrDefault(
            name => !allowed.Contains(name) && !(outcome != Outcome.Used && name.EndsWith(".segments", StringComparison.Ordinal)));
        if (outcome is Outcome.Used or Outcome.Refused && stray is not null)
        {
            (outcome, problem) = (Outcome.LeftOver, $"{stray} is left");
        }

        if (!keep)
        {
            Clear([.. kept, Bases.Store]);
        }

        return (new(outcome, problem, arguments), answer);
    }

    /// <summary>Empties the folder.</summary>
    /// <param name="kept">Names that stay.</param>
    public void Clear(string[] kept)
    {
        foreach (string path in Directory.GetFileSystemEntries(work).Where(path => !kept.Contains(Path.GetFileName(path))))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    private string Videos(string folder) => string.Join(' ', Directory.GetFiles(Path.Combine(work, folder), "*.mp4").Select(Path.GetFileName).Order());

    /// <summary>Copies a folder with the times of its files.</summary>
    public static void CopyFolder(string from, string to)
    {
        foreach (string path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy, overwrite: true);
            File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(path));
        }
    }

    private static long Pixels(string json)
    {
        Match width = Width().Match(json), height = Height().Match(json);
        return width.Success && height.Success
            ? long.Parse(width.Groups[1].Value, CultureInfo.InvariantCulture) * long.Parse(height.Groups[1].Value, CultureInfo.InvariantCulture)
            : long.MaxValue;
    }

    [GeneratedRegex("\"width\":\\s*(\\d+)")]
    private static partial Regex Width();

    [GeneratedRegex("\"height\":\\s*(\\d+)")]
    private static partial Regex Height();
}
