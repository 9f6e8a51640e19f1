using System.Globalization;
using System.Text.Json;
using AdaConv.Conversion.Options;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>
/// A job's folder on storage that all machines see. Each part is a folder that gets its name when it is complete, by one renaming; so any number
/// of machines may make the same part, and the first one's counts.
/// </summary>
/// <remarks>plan.json; parts/NNNNNN/part.json with the part's files; failed/NNNNNN.json; joined.jsonl; logs/; submitted.json.</remarks>
internal sealed class JobFolder
{
    /// <summary>How many parts are looked at, moved or removed at a time: network storage answers late, but many at once.</summary>
    public const int AtATime = 8;

    private const string PlanName = "plan.json", RecordName = "part.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private JobFolder(string path, JobPlan plan) => (Path, Plan) = (path, plan);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>What is to be done.</summary>
    public JobPlan Plan { get; }

    /// <summary>The plan's file.</summary>
    public string PlanPath => PlanOf(Path);

    /// <summary>The schedulers' and the local engine's logs.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>Which files are joined.</summary>
    public string JoinedPath => System.IO.Path.Combine(Path, "joined.jsonl");

    /// <summary>All parts.</summary>
    public string Parts => System.IO.Path.Combine(Path, "parts");

    private string Failures => System.IO.Path.Combine(Path, "failed");

    /// <summary>Opens a job.</summary>
    /// <exception cref="ConfigurationException">There is none, or it is of another version.</exception>
    public static JobFolder Open(string path)
    {
        string full = FullPath(path), plan = PlanOf(full);
        try
        {
            return new(full, JobPlan.Parse(File.ReadAllText(plan), plan));
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw new ConfigurationException(
                error is FileNotFoundException or DirectoryNotFoundException
                    ? $"There is no job in {full}: `framefilter job plan INPUT OUTPUT {path}` makes one."
                    : $"The plan of the job {full} cannot be read: {error.Message}",
                error);
        }
    }

    /// <summary>Makes a job of a plan; where the same plan stands there already, that is the job.</summary>
    /// <exception cref="ConfigurationException">Another job is in that folder.</exception>
    /// <exception cref="StorageException">The folder cannot be written.</exception>
    public static JobFolder Create(string path, JobPlan plan, out bool isNew)
    {
        string full = FullPath(path), file = PlanOf(full), text = plan.ToJson();
        DurableStore.CreateFolder(full);
        isNew = !File.Exists(file);
        if (isNew)
        {
            // Of two at once, one is first.
            string partial = System.IO.Path.Combine(full, $".plan.{Guid.NewGuid():n}.json");
            DurableStore.Write(partial, text);
            try
            {
                DurableStore.Rename(partial, file, overwrite: false);
            }
            catch (StorageException) when (File.Exists(file))
            {
                DurableStore.Remove(partial);
                isNew = false;
            }
        }

        JobFolder job = Open(full);
        return job.Plan.ToJson() == text ? job : throw new ConfigurationException(
            $"The folder {full} holds another job ({Counted.Of(job.Plan.Parts, "part")}, {job.Plan.Files[0].Input} first). Name another folder, or "
            + "delete that one.");
    }

    /// <summary>A file's path as this machine sees it.</summary>
    public string Resolve(string path) => System.IO.Path.GetFullPath(path, Path);

    /// <summary>A path as the plan names it: relative to the job's folder where both lie in the same folder, which may be mounted elsewhere.</summary>
    public static string Name(string path, string job)
    {
        string full = System.IO.Path.GetFullPath(path), folder = FullPath(job), above = System.IO.Path.GetDirectoryName(folder) ?? "";
        return above.Length > 1 && full.StartsWith(above + System.IO.Path.DirectorySeparatorChar, RealPath.Comparison)
            ? System.IO.Path.GetRelativePath(folder, full).Replace('\\', '/')
            : full;
    }

    /// <summary>The folder of a finished part.</summary>
    public string FolderOf(int part) => System.IO.Path.Combine(Parts, Number(part));

    /// <summary>What is known of a finished part; null where it is not finished.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public PartRecord? Find(int part)
    {
        string path = System.IO.Path.Combine(FolderOf(part), RecordName);
        try
        {
            PartRecord? record = JsonSerializer.Deserialize<PartRecord>(File.ReadAllText(path), Format);
            bool isWhole = part < Plan.Parts && Plan.Files[Plan.FileOf(part)].SegmentsPerPart is null;
            return part < Plan.Parts && record?.IsOf(part, isWhole) == true ? record : null; // damaged: the part is made again
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            return null; // truncated: the part is made again
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Reading the part", path, error);
        }
    }

    /// <summary>Begins an attempt at a part, in a folder of its own.</summary>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public string Begin(int part)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $".{Number(part)}.{Environment.MachineName}.{Environment.ProcessId}.{Guid.NewGuid().ToString("n")[..8]}");
        string folder = System.IO.Path.Combine(Parts, name);
        DurableStore.CreateFolder(folder);
        return folder;
    }

    /// <summary>Removes what a process of this machine, which was killed, left of a part.</summary>
    public void RemoveAttempts(int part, int process)
    {
        string begin = string.Create(CultureInfo.InvariantCulture, $".{Number(part)}.{Environment.MachineName}.{process}.");
        foreach (string folder in Directory.Exists(Parts) ? Directory.EnumerateDirectories(Parts, begin + "*") : [])
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (StorageException.IsRefusal(error))
            {
                // The join removes it.
            }
        }
    }

    /// <summary>Makes an attempt the part.</summary>
    /// <returns>False where another one was faster, which counts.</returns>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public bool Publish(int part, string attempt, PartRecord record)
    {
        File.WriteAllText(System.IO.Path.Combine(attempt, RecordName), JsonSerializer.Serialize(record, Format));
        string folder = FolderOf(part);
        if (Directory.Exists(folder) && Find(part) is null)
        {
            Discard(part); // it was damaged
        }

        try
        {
            DurableStore.Publish(attempt, folder);
        }
        catch (StorageException) when (Find(part) is not null)
        {
            return false;
        }

        Remove(FailureOf(part));
        return true;
    }

    /// <summary>Takes a part out that turned out to be damaged, so that it is made again.</summary>
    /// <exception cref="StorageException">It cannot be removed.</exception>
    public void Discard(int part)
    {
        string folder = FolderOf(part), away = System.IO.Path.Combine(Parts, $".{Number(part)}.damaged.{Guid.NewGuid().ToString("n")[..8]}");
        DurableStore.Rename(folder, away);
        DurableStore.Remove(away);
    }

    /// <summary>Notes why a part failed; where not even that can be written, the error on its way to the user says it.</summary>
    public void Fail(PartFailure failure)
    {
        try
        {
            DurableStore.Write(FailureOf(failure.Part), JsonSerializer.Serialize(failure, Format));
        }
        catch (StorageException)
        {
        }
    }

    /// <summary>The last failure of a part that is not finished; null where there was none.</summary>
    public PartFailure? FindFailure(int part)
    {
        try
        {
            PartFailure? failure = JsonSerializer.Deserialize<PartFailure>(File.ReadAllText(FailureOf(part)), Format);
            return failure is { Host: not null, Error: not null } && failure.Part == part ? failure : null;
        }
        catch (Exception error) when (StorageException.IsRefusal(error) || error is JsonException)
        {
            return null;
        }
    }

    /// <summary>Which parts are there: finished ones, those that failed last, and those of which an attempt is or was at work.</summary>
    public (HashSet<int> Finished, HashSet<int> Failed, HashSet<int> Begun) Look()
    {
        HashSet<int> finished = [], failed = [], begun = [];
        foreach (string name in Directory.Exists(Parts) ? Directory.EnumerateDirectories(Parts).Select(folder => System.IO.Path.GetFileName(folder)) : [])
        {
            if (name[0] == '.' && int.TryParse(name.Split('.')[1], NumberStyles.None, CultureInfo.InvariantCulture, out int attempted))
            {
                begun.Add(attempted);
            }
            else if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int part))
            {
                finished.Add(part);
            }
        }

        foreach (string name in Directory.Exists(Failures) ? Directory.EnumerateFiles(Failures) : [])
        {
            if (int.TryParse(System.IO.Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out int part)
                && !finished.Contains(part))
            {
                failed.Add(part);
            }
        }

        return (finished, failed, begun);
    }

    /// <summary>The parts that are still to be made, in their order.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public int[] Unfinished()
    {
        HashSet<int> joined = Joined(), finished = Look().Finished;
        return [.. Enumerable.Range(0, Plan.Parts).Where(part => !finished.Contains(part) && !joined.Contains(Plan.FileOf(part)))];
    }

    /// <summary>Which files are joined.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public HashSet<int> Joined() => ReadJoined(AppendLog.ReadLines(JoinedPath));

    /// <summary>Which of the plan's files the lines of the log name.</summary>
    public HashSet<int> ReadJoined(IEnumerable<string> lines)
    {
        HashSet<int> joined = [];
        foreach (string line in lines)
        {
            try
            {
                joined.UnionWith((JsonSerializer.Deserialize<int[]>(line) ?? []).Where(file => file >= 0 && file < Plan.Files.Count));
            }
            catch (JsonException)
            {
                // A line that a crash cut short: the file is looked at again.
            }
        }

        return joined;
    }

    /// <summary>Removes all parts; nothing is needed of them any more.</summary>
    /// <exception cref="StorageException">It cannot be done.</exception>
    public void RemoveParts()
    {
        if (Directory.Exists(Parts))
        {
            // Each takes the storage a moment, which it can spend on several.
            Parallel.ForEach(Directory.GetDirectories(Parts), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, folder =>
            {
                try
                {
                    Directory.Delete(folder, recursive: true);
                }
                catch (Exception error) when (StorageException.IsRefusal(error))
                {
                    // Whatever is left is told below.
                }
            });
        }

        DurableStore.Remove(Parts);
        DurableStore.Remove(Failures);
    }

    private static void Remove(string path)
    {
        if (File.Exists(path))
        {
            DurableStore.Remove(path);
        }
    }

    // Shells complete a folder's name with a separator, behind which Path sees another, nameless folder.
    private static string FullPath(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    private static string PlanOf(string folder) => System.IO.Path.Combine(folder, PlanName);

    private static string Number(int part) => part.ToString("000000", CultureInfo.InvariantCulture);

    private string FailureOf(int part) => System.IO.Path.Combine(Failures, Number(part) + ".json");
}
