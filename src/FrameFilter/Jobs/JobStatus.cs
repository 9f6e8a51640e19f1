using System.Collections.Concurrent;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Where a job stands.</summary>
internal sealed record JobStatus
{
    /// <summary>The job's folder.</summary>
    public required string Job { get; init; }

    /// <summary>Parts in all.</summary>
    public required int Parts { get; init; }

    /// <summary>Finished ones, those of joined files among them.</summary>
    public required int Done { get; init; }

    /// <summary>Parts that failed last, with their last error.</summary>
    public required IReadOnlyList<PartFailure> Failed { get; init; }

    /// <summary>Parts that are neither, as ranges.</summary>
    public required string Missing { get; init; }

    /// <summary>How many of these an attempt is at work on, or was when it was ended.</summary>
    public required int Begun { get; init; }

    /// <summary>Files in all.</summary>
    public required int Files { get; init; }

    /// <summary>Files whose output stands.</summary>
    public required int Joined { get; init; }

    /// <summary>Frames of the output in finished parts that are not joined yet.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames of the output in all, about; null where an input does not say, or was not opened.</summary>
    public required long? FramesExpected { get; init; }

    /// <summary>Frames of the output a second over all machines, from the first part's start to the last one's end; null before there is one.</summary>
    public required double? FramesPerSecond { get; init; }

    /// <summary>Seconds that the finished parts took, added up.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsComplete => Joined == Files;

    /// <summary>Looks at a job's folder. Times are the storage's own, whatever the machines' clocks say.</summary>
    /// <param name="job">The job.</param>
    /// <param name="known">Finished parts whose records were read before and are not read again; added to. Null: none.</param>
    /// <exception cref="AdaConv.Storage.StorageException">It cannot be read.</exception>
    public static JobStatus Of(JobFolder job, ConcurrentDictionary<int, MadePart>? known = null)
    {
        known ??= new();
        HashSet<int> joined = job.Joined();
        (HashSet<int> finished, HashSet<int> failed, HashSet<int> begun) = job.Look();
        int joinedParts = 0;
        foreach (int file in joined)
        {
            JobFile whole = job.Plan.Files[file];
            joinedParts += whole.Parts;
            for (int part = whole.FirstPart; part < whole.FirstPart + whole.Parts; part++)
            {
                finished.Remove(part);
                failed.Remove(part);
                begun.Remove(part);
            }
        }

        Parallel.ForEach(finished.Where(part => !known.ContainsKey(part)), new ParallelOptions { MaxDegreeOfParallelism = JobFolder.AtATime }, part =>
        {
            if (job.Find(part) is { } record)
            {
                known[part] = new(record.Counts.FramesOut, record.Seconds, Directory.GetLastWriteTimeUtc(job.FolderOf(part)));
            }
        });

        // A record that is cut short.
        finished.RemoveWhere(part => !known.ContainsKey(part));
        MadePart[] made = [.. finished.Select(part => known[part])];
        long frames = made.Sum(part => part.Frames);
        TimeSpan time = made.Length > 0 ? made.Max(part => part.Written) - made.Min(part => part.Written.AddSeconds(-part.Seconds)) : TimeSpan.Zero;
        bool IsJoined(int part) => joined.Count > 0 && joined.Contains(job.Plan.FileOf(part));
        int[] missing = [.. Enumerable.Range(0, job.Plan.Parts).Where(part => !finished.Contains(part) && !failed.Contains(part) && !IsJoined(part))];
        return new()
        {
            Job = job.Path,
            Parts = job.Plan.Parts,
            Done = finished.Count + joinedParts,
            Failed = [.. failed.Order().Select(part => job.FindFailure(part)).OfType<PartFailure>()],
            Missing = PartNumbers.Text(missing),
            Begun = begun.Count(part => !finished.Contains(part)),
            Files = job.Plan.Files.Count,
            Joined = joined.Count,
            Frames = frames,
            FramesExpected = job.Plan.Files.Any(file => file.Division?.Frames is null) ? null : job.Plan.Files.Sum(file => file.Division!.Frames),
            FramesPerSecond = time > TimeSpan.Zero && frames > 0 ? Math.Round(frames / time.TotalSeconds, 3) : null,
            Seconds = Math.Round(made.Sum(part => part.Seconds), 3),
        };
    }
}

/// <summary>What a status says of a finished part.</summary>
/// <param name="Frames">Frames of the output.</param>
/// <param name="Seconds">Seconds that it took.</param>
/// <param name="Written">When it was finished, by the storage's clock.</param>
internal readonly record struct MadePart(long Frames, double Seconds, DateTime Written);
