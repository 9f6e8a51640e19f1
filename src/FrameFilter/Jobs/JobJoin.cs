using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Parts;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Segments;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Output;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>
/// Joins a job's parts: checks all of them, writes each output whose parts are there, and removes the parts. What is missing or damaged is told,
/// and keeps only its own file back.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="files">Where models lie.</param>
/// <param name="overwrite">Whether existing outputs are replaced, whatever the plan says.</param>
internal sealed class JobJoin(JobFolder job, ApplicationFiles files, bool overwrite)
{
    // Files that are noted as joined at a time, so that many small ones do not wait for the disk each.
    private const int Batch = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly ConcurrentDictionary<int, string> _problems = new();

    /// <summary>Joins what can be joined.</summary>
    /// <param name="patience">How long to wait for parts that are not seen: a network file system may show a renaming late.</param>
    /// <param name="display">Told of each file.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JobException">The outputs cannot be written.</exception>
    /// <exception cref="StorageException">The job's folder cannot be read or written.</exception>
    public JoinReport Run(TimeSpan patience, ConversionDisplay display, CancellationToken cancellation)
    {
        using AppendLog log = AppendLog.Open(job.JoinedPath, out IReadOnlyList<string> lines);
        HashSet<int> joined = job.ReadJoined(lines);
        int before = joined.Count;
        int[] open = [.. Enumerable.Range(0, job.Plan.Files.Count).Where(file => !joined.Contains(file))];
        PartRecord?[] records = Collect(open, patience, cancellation);
        int[] missing = [.. open.SelectMany(file => PartsOf(job.Plan.Files[file])).Where(part => records[part] is null)];
        TakeOutUnreadable(missing);
        int[] complete = [.. open.Where(file => PartsOf(job.Plan.Files[file]).All(part => records[part] is not null))];
        if (complete.Length > 0)
        {
            FilterOptions planned = job.Plan.Options(job.PlanPath);
            planned = planned with { Conversion = planned.Conversion with { Overwrite = planned.Conversion.Overwrite || overwrite } };
            JoinWhole([.. complete.Where(file => job.Plan.Files[file].SegmentsPerPart is null)], records, planned, Note, cancellation);
            int[] divided = [.. complete.Where(file => job.Plan.Files[file].SegmentsPerPart is not null)];
            foreach (int file in divided)
            {
                cancellation.ThrowIfCancellationRequested();
                if (JoinDivided(job.Plan.Files[file], records, planned, display, cancellation))
                {
                    Note([file]);
                    if (joined.Count < job.Plan.Files.Count)
                    {
                        DurableStore.RemoveAll(job.Parts, [.. PartsOf(job.Plan.Files[file]).Select(part => Path.GetFileName(job.FolderOf(part)))]);
                    }
                }
            }
        }

        if (joined.Count == job.Plan.Files.Count)
        {
            job.RemoveParts();
        }

        return new(job.Plan.Files.Count, joined.Count, before, missing, [.. _problems.OrderBy(problem => problem.Key).Select(problem => problem.Value)]);

        void Note(int[] done)
        {
            log.Add(JsonSerializer.Serialize(done));
            joined.UnionWith(done);
        }
    }

    private static IEnumerable<int> PartsOf(JobFile file) => Enumerable.Range(file.FirstPart, file.Parts);

    private PartRecord?[] Collect(int[] open, TimeSpan patience, CancellationToken cancellation)
    {
        PartRecord?[] records = new PartRecord?[job.Plan.Parts];
        long begin = Stopwatch.GetTimestamp(); // the system's clock may be set meanwhile
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = JobFolder.AtATime, CancellationToken = cancellation };
        while (true)
        {
            int[] wanted = [.. open.SelectMany(file => PartsOf(job.Plan.Files[file])).Where(part => records[part] is null)];
            Parallel.ForEach(wanted, parallel, part => records[part] = job.Find(part));
            if (Array.TrueForAll(wanted, part => records[part] is not null) || Stopwatch.GetElapsedTime(begin) >= patience)
            {
                return records;
            }

            cancellation.WaitHandle.WaitOne(Pause);
        }
    }

    private void JoinWhole(int[] whole, PartRecord?[] records, FilterOptions planned, Action<int[]> note, CancellationToken cancellation)
    {
        bool mayReplace = planned.Conversion.Overwrite;
        foreach (int[] batch in whole.Chunk(Batch))
        {
            ConcurrentDictionary<int, (string From, string To)?> ready = new();
            Parallel.ForEach(batch, new ParallelOptions { MaxDegreeOfParallelism = JobFolder.AtATime, CancellationToken = cancellation }, index =>
            {
                JobFile file = job.Plan.Files[index];
                try
                {
                    if (CheckWhole(file, records[file.FirstPart]!, mayReplace, out (string From, string To)? move))
                    {
                        ready[index] = move;
                    }
                }
                catch (Exception error) when (error is AdaConvException or IOException or UnauthorizedAccessException)
                {
                    _problems[file.FirstPart] = $"part {file.FirstPart}, {job.Resolve(file.Output)}: {error.Message}";
                }
            });
            if (!ready.IsEmpty)
            {
                Transfer([.. ready.Values.OfType<(string From, string To)>()], mayReplace);
                note([.. ready.Keys.Order()]);
            }
        }
    }

    private static void Transfer((string From, string To)[] moves, bool mayReplace)
    {
        try
        {
            Parallel.ForEach(moves.Chunk(Batch / JobFolder.AtATime), some => DurableStore.Transfer(some, mayReplace));
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }

    // Whether a file is as it was made, and where it goes; null where it has gone there already.
    private bool CheckWhole(JobFile file, PartRecord record, bool mayReplace, out (string From, string To)? move)
    {
        string target = job.Resolve(file.Output), made = Path.Combine(job.FolderOf(record.Part), record.File!.Name);
        move = null;
        if (!File.Exists(made) && Holds(target, record.File))
        {
            return true; // an earlier join was ended just then
        }

        if (!Holds(made, record.File))
        {
            TakeOut(record.Part, $"its file {record.File.Name} is missing, cut short or altered", needsBeginning: false);
            return false;
        }

        DurableStore.CreateFolder(Path.GetDirectoryName(target)!);
        if (OutputTarget.FindProblem(target, [job.Resolve(file.Input)], mayReplace) is { } problem)
        {
            throw problem;
        }

        move = (made, target);
        return true;
    }

    private static bool Holds(string path, WholeFile file)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != file.Bytes)
        {
            return false;
        }

        using FileStream content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == file.Hash;
    }

    private bool JoinDivided(JobFile file, PartRecord?[] records, FilterOptions planned, ConversionDisplay display, CancellationToken cancellation)
    {
        PartRecord[] parts = [.. PartsOf(file).Select(part => records[part]!)];
        // Files first: a record that is damaged must not blame its neighbour.
        if (Verify(parts, cancellation) is not { } segments || !CheckChain(parts))
        {
            return false;
        }

        FileDisplay shown = display.Begin(job.Resolve(file.Input), job.Resolve(file.Output));
        try
        {
            JobWorker.CheckInput(job, file);
            DurableStore.CreateFolder(Path.GetDirectoryName(job.Resolve(file.Output))!);
            FrameCounts counts = parts.Select(part => part.Counts).Aggregate((one, other) => one + other);
            string? header = parts.FirstOrDefault(part => part.Video!.Segments.Count > 0)?.Video!.Header;
            FinishedVideo video = new(job.Parts, file.Division!.Fingerprint, header, segments, counts);
            ConversionResult result = new VideoConverter(planned, files.Models).Join(
                job.Resolve(file.Input), job.Resolve(file.Output), video, shown, shown.Message, cancellation);
            display.Finish(shown, result);
            return true;
        }
        catch (Exception error) when (error is AdaConvException or IOException or UnauthorizedAccessException)
        {
            _problems[file.FirstPart] = $"parts {PartNumbers.Text(PartsOf(file))}, {job.Resolve(file.Output)}: {error.Message}";
            return false;
        }
    }

    // Each part must begin where, and with the frames with which, the one before ended. One that began at a key frame is made again from the beginning;
    // where that was done, it is the one before that may be wrong.
    private bool CheckChain(PartRecord[] parts)
    {
        bool fits = true;
        int last = parts[0].Part;
        PartResult? before = null;
        foreach (PartRecord part in parts)
        {
            PartResult video = part.Video!;
            string? problem = before is null ? null : PartChain.Difference(before, video);
            if (before is not null && problem is null && video.Segments is [var first, ..] && before.Next != first.Number)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"it begins with segment {first.Number}, where {before.Next} follows");
            }

            if (problem is not null)
            {
                TakeOut(part.Part, problem, needsBeginning: video.IsSought);
                foreach (int other in video.IsSought || !fits ? [] : Enumerable.Range(last, part.Part - last))
                {
                    TakeOut(other, "the part behind it does not fit", needsBeginning: false);
                }

                fits = false;
            }

            // A part without a frame passes on what is known of the one before.
            last = video.Segments.Count > 0 ? part.Part : last;
            before = video.Segments.Count > 0 || before is null ? video : before with { Behind = video.Behind };
        }

        return fits;
    }

    private FinishedSegment[]? Verify(PartRecord[] parts, CancellationToken cancellation)
    {
        (int Part, PartSegment Segment)[] all = [.. parts.SelectMany(part => part.Video!.Segments.Select(segment => (part.Part, segment)))];
        FinishedSegment[] finished = new FinishedSegment[all.Length];
        ConcurrentDictionary<int, string> bad = new();
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation }, i =>
        {
            (int part, PartSegment segment) = all[i];
            string path = Path.Combine(job.FolderOf(part), PartSegments.FileOf(segment.Number));
            SegmentEnd stated = new(segment.Frames, segment.LastTimestamp, segment.Next, segment.Bytes, segment.Hash);
            if (SegmentFile.Verify(path) != stated)
            {
                bad[part] = $"its file {Path.GetFileName(path)} is missing, cut short or altered";
            }

            finished[i] = new(path, stated);
        });
        foreach ((int part, string problem) in bad)
        {
            TakeOut(part, problem, needsBeginning: false);
        }

        return bad.IsEmpty ? finished : null;
    }

    // They look finished to those who submit parts, and would never be made again.
    private void TakeOutUnreadable(int[] missing)
    {
        HashSet<int> there = missing.Length > 0 ? job.Look().Finished : [];
        foreach (int part in missing.Where(part => there.Contains(part) && job.Find(part) is null))
        {
            TakeOut(part, "its record is missing or cut short", needsBeginning: false);
        }
    }

    private void TakeOut(int part, string problem, bool needsBeginning)
    {
        string words = $"part {part} is made anew by the next `framefilter job work`: {problem}";
        job.Discard(part);
        job.Fail(new(part, Environment.MachineName, problem, DateTimeOffset.UtcNow, needsBeginning));
        _problems[part] = words;
    }
}

/// <summary>What a join did.</summary>
/// <param name="Files">Files of the job.</param>
/// <param name="Joined">Those whose outputs stand now.</param>
/// <param name="Before">Those that were joined before.</param>
/// <param name="Missing">Parts that are not there.</param>
/// <param name="Problems">What is damaged or could not be written, one line each.</param>
internal sealed record JoinReport(int Files, int Joined, int Before, IReadOnlyList<int> Missing, IReadOnlyList<string> Problems);
