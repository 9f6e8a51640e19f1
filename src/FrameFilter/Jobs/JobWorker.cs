using System.Diagnostics;
using System.Security.Cryptography;
using AdaConv.Conversion;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Parts;
using AdaConv.Conversion.Pipeline;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Media.Libav;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Makes parts of a job.</summary>
/// <param name="job">The job.</param>
/// <param name="files">Where models lie.</param>
/// <param name="grant">What of this machine may be used.</param>
internal sealed class JobWorker(JobFolder job, ApplicationFiles files, Grant grant)
{
    /// <summary>Makes a part unless it is finished.</summary>
    /// <param name="part">Its number.</param>
    /// <param name="begin">Called when work starts; what it returns receives the progress.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What was made; null where the part had been finished before.</returns>
    /// <exception cref="ConfigurationException">There is no such part, or this machine cannot make it.</exception>
    /// <exception cref="JobException">It failed; noted in the job's folder, too.</exception>
    public PartRecord? Make(int part, Func<JobFile, FileDisplay> begin, CancellationToken cancellation)
    {
        if (part < 0 || part >= job.Plan.Parts)
        {
            throw new ConfigurationException($"The job {job.Path} has the parts 0 to {job.Plan.Parts - 1}; there is no part {part}.");
        }

        int index = job.Plan.FileOf(part);
        if (job.Find(part) is not null || job.Joined().Contains(index))
        {
            return null;
        }

        JobFile file = job.Plan.Files[index];

        try
        {
            return Make(part, file, begin(file), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (error is AdaConvException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            string words = ErrorReport.Describe(error);
            job.Fail(new(part, Environment.MachineName, words, DateTimeOffset.UtcNow, job.FindFailure(part)?.NeedsBeginning ?? false));
            string message = $"Part {part} of {job.Path} ({file.Input}) failed. {words}";
            throw error is ConfigurationException ? new ConfigurationException(message, error) : new JobException(message, error);
        }
    }

    private PartRecord Make(int part, JobFile file, FileDisplay display, CancellationToken cancellation)
    {
        FilterOptions planned = job.Plan.Options(job.PlanPath);
        Check(file, planned);
        string attempt = job.Begin(part);
        try
        {
            Stopwatch clock = Stopwatch.StartNew();
            VideoConverter converter = new(grant.Limit(planned), files.Models);
            PartRecord record = file.SegmentsPerPart is null
                ? MakeWhole(part, file, attempt, converter, display, cancellation)
                : MakeSpan(part, file, attempt, converter, display, cancellation);
            record = record with { Seconds = Math.Round(clock.Elapsed.TotalSeconds, 3) };
            job.Publish(part, attempt, record);
            return record;
        }
        finally
        {
            RemoveAttempt(attempt);
        }
    }

    private PartRecord MakeWhole(
        int part, JobFile file, string attempt, VideoConverter converter, FileDisplay display, CancellationToken cancellation)
    {
        string name = "output" + Path.GetExtension(file.Output), path = Path.Combine(attempt, name);
        var result = converter.Convert(job.Resolve(file.Input), path, display, display.Message, cancellation);
        using FileStream written = File.OpenRead(path);
        return new()
        {
            Part = part,
            Host = Environment.MachineName,
            Seconds = 0,
            Counts = new(
                result.FramesIn, result.FramesOut, result.FramesInterpolated, result.FramesRepeated, result.SceneCuts, result.DamagedPackets),
            File = new(name, written.Length, Convert.ToHexStringLower(SHA256.HashData(written))),
        };
    }

    private PartRecord MakeSpan(
        int part, JobFile file, string attempt, VideoConverter converter, FileDisplay display, CancellationToken cancellation)
    {
        (long first, long? behind) = file.SegmentsOf(part);
        PartWork work = new(
            job.Resolve(file.Input), job.Resolve(file.Output), file.Division!, first, behind, attempt, job.FindFailure(part)?.NeedsBeginning ?? false);
        PartResult result = converter.ConvertPart(work, display, display.Message, cancellation);
        if (result.IsSought && DiffersFromBefore(part, file, result))
        {
            display.Message("Decoding from the beginning, because the part before ended with other frames than this one began with.");
            result = converter.ConvertPart(work with { FromBeginning = true }, display, display.Message, cancellation);
        }

        return new() { Part = part, Host = Environment.MachineName, Seconds = 0, Counts = result.Counts, Video = result };
    }

    // Where the part before is finished; the join looks at all.
    private bool DiffersFromBefore(int part, JobFile file, PartResult result) =>
        part > file.FirstPart && job.Find(part - 1)?.Video is { } before && PartChain.Difference(before, result) is not null;

    private void Check(JobFile file, FilterOptions planned)
    {
        job.Plan.CheckProgram(job.PlanPath);
        string? weights = InterpolatorFactory.WeightsOf(planned.Interpolation, files.Models);
        string? here = weights is null ? null : ContentIdentity.Of(weights).ToString();
        if (here != job.Plan.Weights)
        {
            throw new ConfigurationException(
                $"{job.PlanPath} is for other weights ({Short(job.Plan.Weights)}) than {weights} ({Short(here)}). Use the same ones everywhere, or plan anew.");
        }

        CheckInput(job, file);
    }

    /// <summary>Refuses an input that has changed since it was planned.</summary>
    /// <exception cref="JobException">It has.</exception>
    public static void CheckInput(JobFolder job, JobFile file)
    {
        string input = job.Resolve(file.Input), content = JobFile.ContentOf(input, isDivided: file.SegmentsPerPart is not null);
        if (content != file.Content)
        {
            throw new JobException(
                $"The input {input} is another one than was planned: {Short(file.Content)} then, {Short(content)} now (bytes, beginning of the hash). "
                + "Put the planned one back, or plan anew into another folder.");
        }
    }

    private static string Short(string? identity) =>
        identity is null ? "none" : identity[..Math.Min(identity.Length, identity.IndexOf('-', StringComparison.Ordinal) + 13)];

    private static void RemoveAttempt(string attempt)
    {
        try
        {
            if (Directory.Exists(attempt))
            {
                Directory.Delete(attempt, recursive: true);
            }
        }
        catch (Exception error) when (StorageException.IsRefusal(error))
        {
            // Hidden; the join removes it.
        }
    }
}

/// <summary>A step of a job that cannot be done; the message is for the user and names the part.</summary>
public sealed class JobException : AdaConvException
{
    /// <summary>A failure in plain words.</summary>
    public JobException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>Whether two parts that follow one another fit.</summary>
internal static class PartChain
{
    /// <summary>What does not fit; null where all does.</summary>
    public static string? Difference(PartResult before, PartResult after) =>
        before.Behind != after.First ? "it begins with other frames of the input than the part before ended with"
        : before.Segments is [.., var last] && after.Before is { } time && time != last.LastTimestamp ? "its first frame follows another time than the last one"
        : before.Header != after.Header ? "its encoder wrote another header"
        : null;
}
