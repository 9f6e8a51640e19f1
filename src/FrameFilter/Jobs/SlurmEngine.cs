using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Hands a job to Slurm: an array of the parts that are not finished, and a join that waits for all of them.</summary>
/// <param name="job">The job.</param>
/// <param name="options">What is asked of Slurm.</param>
internal sealed partial class SlurmEngine(JobFolder job, SlurmOptions options)
{
    // Slurm's own default.
    private const int UsualArraySize = 1001;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private string SubmittedPath => Path.Combine(job.Path, "submitted.json");

    /// <summary>Submits, unless what was submitted before is still in Slurm's queue.</summary>
    /// <returns>What Slurm has, and whether it is new.</returns>
    /// <exception cref="JobException">Slurm refuses.</exception>
    public (Submission Submission, bool IsNew) Submit()
    {
        DurableStore.CreateFolder(job.Logs);
        using FileStream held = Hold();
        if (Read() is { } before && IsQueued(before))
        {
            return (before, false);
        }

        int[] open = job.Unfinished();
        int size = ArraySize();
        List<string> arrays = [];
        try
        {
            foreach (IGrouping<int, int> array in open.GroupBy(part => part / size))
            {
                int offset = array.Key * size;
                string spec = PartNumbers.Text(array.Select(part => part - offset)) + (options.Limit is { } limit ? $"%{limit}" : "");
                string[] more = offset == 0 ? [] : ["--offset", offset.ToString(CultureInfo.InvariantCulture)];

                // A limit is that of one array: of several, one follows the other, whatever became of it.
                string[] follows = options.Limit is not null && arrays.Count > 0 ? [$"--dependency=afterany:{arrays[^1]}"] : [];
                arrays.Add(Batch(
                    ["job", "work", job.Path, .. more],
                    [$"--array={spec}", .. follows, "--requeue", $"--output={job.Logs}/work-%A_%a.log", .. options.ForParts, .. options.ForAll]));
            }

            string[] waits = arrays.Count == 0 ? [] : [$"--dependency=afterok:{string.Join(':', arrays)}", "--kill-on-invalid-dep=yes"];
            string join = Batch(
                ["job", "join", job.Path, "--wait", "120"], [.. waits, "--requeue", $"--output={job.Logs}/join-%j.log", .. options.ForAll]);
            Submission submission = new("slurm", arrays, join, open.Length);
            DurableStore.Write(SubmittedPath, JsonSerializer.Serialize(submission, Format));
            return (submission, true);
        }
        catch (JobException) when (arrays.Count > 0)
        {
            // Parts without a join are no submission.
            _ = OwnProgram.Run("scancel", arrays);
            throw;
        }
    }

    private FileStream Hold()
    {
        string path = Path.Combine(job.Path, "submit.lock");
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            throw StorageException.Of("Submitting with", path, error);
        }
    }

    private Submission? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Submission>(File.ReadAllText(SubmittedPath), Format);
        }
        catch (Exception error) when (StorageException.IsRefusal(error) || error is JsonException)
        {
            return null;
        }
    }

    // Slurm forgets jobs a while after their end, and then says that their numbers are invalid. Where it says anything else, they may be at work.
    private bool IsQueued(Submission submission)
    {
        if (submission.Engine != "slurm")
        {
            return false;
        }

        foreach (string id in submission.Arrays.Append(submission.Join))
        {
            (int code, string output, string error) = OwnProgram.Run("squeue", ["--noheader", "--jobs", id, "--format=%T"]);
            if (code == 0 && output.Length > 0)
            {
                return true;
            }

            if (code != 0 && !error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
            {
                throw new JobException(
                    $"Slurm does not say whether {id}, submitted before for {job.Path}, is still in its queue: "
                    + (error.Length > 0 ? error.ReplaceLineEndings(" ").TrimEnd('.', ' ') : $"squeue ended with code {code}") + ". "
                    + $"Try again when it answers; where it never will, delete {SubmittedPath}.");
            }
        }

        return false;
    }

    // Of an array's numbers, the largest is one less.
    private static int ArraySize()
    {
        (int code, string output, _) = OwnProgram.Run("scontrol", ["show", "config"]);
        Match match = MaxArraySize().Match(output);
        return code == 0 && match.Success && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 1
            ? size
            : UsualArraySize;
    }

    // Not exec: a worker that is killed then is an exit code, which a site may have requeued (RequeueExit=137).
    private string Batch(string[] command, IEnumerable<string> arguments)
    {
        string[] program = options.Program is { } named ? [named] : OwnProgram.Command;
        string script = $"#!/bin/sh\n{string.Join(' ', program.Concat(command).Select(OwnProgram.Quote))}\n";
        (int code, string output, string error) = OwnProgram.Run(
            "sbatch", ["--parsable", "--job-name=framefilter", $"--chdir={job.Path}", "--open-mode=append", .. arguments], script);
        return code == 0
            ? output.Split(';')[0].Trim()
            : throw new JobException($"Slurm refuses the job {job.Path}: {error.ReplaceLineEndings(" ")}.");
    }

    [GeneratedRegex(@"MaxArraySize\s*=\s*(\d+)")]
    private static partial Regex MaxArraySize();
}

/// <summary>What is asked of Slurm.</summary>
/// <param name="Limit">Parts at a time; null: as many as Slurm starts.</param>
/// <param name="ForAll">Options of sbatch for the parts and the join.</param>
/// <param name="ForParts">Options of sbatch for the parts alone.</param>
/// <param name="Program">The program as the nodes see it; null: this one's path.</param>
internal sealed record SlurmOptions(int? Limit, IReadOnlyList<string> ForAll, IReadOnlyList<string> ForParts, string? Program);

/// <summary>submitted.json: what was handed to a scheduler.</summary>
/// <param name="Engine">The scheduler.</param>
/// <param name="Arrays">Its numbers of the arrays of parts.</param>
/// <param name="Join">Its number of the join.</param>
/// <param name="Parts">Parts that were submitted.</param>
internal sealed record Submission(string Engine, IReadOnlyList<string> Arrays, string Join, int Parts);
