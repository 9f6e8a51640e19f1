namespace AdaConv.Fuzz;

/// <summary>Damages what lies in the folder of a job, and puts it through the commands that read it.</summary>
/// <param name="trial">Runs commands.</param>
/// <param name="work">An empty folder.</param>
/// <param name="bases">Whole files.</param>
internal sealed class JobTrial(Trial trial, string work, Bases bases)
{
    private static readonly string[] Folders = ["clips", "out", "job"];

    private string _damaged = "";

    /// <summary>
    /// Whatever plan.json, a part's record or file, or a note says: status, work and join end in plain words or in the outputs of an unbroken run;
    /// where the plan is whole, in these outputs, as what is damaged is made again.
    /// </summary>
    public Result Of(Random random)
    {
        Result result = Try(random);
        return result.IsFault ? result with { Problem = $"{result.Problem}; {_damaged}" } : result;
    }

    private Result Try(Random random)
    {
        Array.ForEach(["clips", "job"], name => Trial.CopyFolder(Path.Combine(bases.JobFolder, name), Path.Combine(work, name)));
        string job = Path.Combine(work, "job");
        bool isPlanned = Damage(job, random, out bool mayBeJoined);
        string[][] commands =
        [
            ["job", "status", "job", "--json"], ["job", "work", "job", "--index", "0", "--progress", "json"],
            ["job", "work", "job", "--index", "1", "--progress", "json"], ["job", "work", "job", "--index", "2", "--progress", "json"],
            ["job", "join", "job", "--wait", "0", "--progress", "json"],
        ];
        Result result = RunAll(commands);
        for (int round = 0; round < 2 && isPlanned && result.Outcome == Outcome.Refused; round++)
        {
            result = RunAll(commands[1..]);
        }

        if (isPlanned && result.Outcome == Outcome.Refused)
        {
            return result with { Outcome = Outcome.Wrong, Problem = "the plan is whole, and the job never ends" };
        }

        if (!result.IsFault && random.Next(4) == 0 && Run(Bases.PlanJob) is { IsFault: true } planned)
        {
            return planned;
        }

        return result.IsFault ? result : Judge(result, mayBeJoined) is { } wrong ? result with { Outcome = Outcome.Wrong, Problem = wrong } : result;
    }

    // Whether the plan is whole; and whether a note says that nothing is left to do.
    private bool Damage(string job, Random random, out bool mayBeJoined)
    {
        string plan = Path.Combine(job, "plan.json"), parts = Path.Combine(job, "parts");
        string[] records = Files(parts, "part.json"), contents = [.. Files(parts, "*").Except(records)];
        int choice = random.Next(10);
        mayBeJoined = choice == 9;
        switch (choice)
        {
            case < 5:
                Rewrite(plan, random);
                return false;
            case < 7:
                Rewrite(records[random.Next(records.Length)], random);
                return true;
            case 7:
                string content = contents[random.Next(contents.Length)];
                ClipMutator.Damage(content, random);
                _damaged = $"{Path.GetRelativePath(work, content)} is damaged";
                return true;
            case 8:
                string failure = Path.Combine(job, "failed", "000001.json");
                Directory.CreateDirectory(Path.GetDirectoryName(failure)!);
                File.WriteAllText(failure, """{"part":1,"host":"a","error":"The disk is full.","time":"2026-01-02T03:04:05+00:00","needsBeginning":true}""");
                Rewrite(failure, random);
                return true;
            default:
                string joined = Path.Combine(job, "joined.jsonl");
                File.WriteAllText(joined, "[0]\n[1]\n");
                Rewrite(joined, random);
                return true;
        }
    }

    private static string[] Files(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private void Rewrite(string path, Random random)
    {
        string text = TextMutator.Json(File.ReadAllText(path), random);
        File.WriteAllText(path, text);
        _damaged = $"{Path.GetRelativePath(work, path)} is {text[..Math.Min(text.Length, 600)]}";
    }

    // The last command's result, or the first fault.
    private Result RunAll(string[][] commands)
    {
        Result result = Run(commands[0]);
        foreach (string[] command in commands[1..])
        {
            if (result.IsFault)
            {
                break;
            }

            result = Run(command);
        }

        return result;
    }

    private Result Run(string[] command) => trial.Run(command, Folders, keep: true).Result;

    private string? Judge(Result result, bool mayBeJoined)
    {
        string parts = Path.Combine(work, "job", "parts"), done = Path.Combine(work, "out");
        string? stray = new[] { parts, done }.Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries).Select(path => Path.GetFileName(path))
            .FirstOrDefault(name => name.StartsWith('.') && !name.EndsWith(".segments", StringComparison.Ordinal));
        if (stray is not null)
        {
            return $"{stray} is left";
        }

        foreach (string name in result.Outcome == Outcome.Used ? bases.JobOutputs : [])
        {
            string path = Path.Combine(done, name);
            if (!File.Exists(path))
            {
                if (!mayBeJoined && File.Exists(Path.Combine(work, "clips", name)))
                {
                    return $"success, and no {name}";
                }
            }
            else if (Fuzz.Judge.Frames(path) != Fuzz.Judge.Frames(Path.Combine(bases.JobFolder, "expected", name)))
            {
                return $"{name} has other frames than that of an unbroken run";
            }
        }

        return null;
    }
}
