using AdaConv.Conversion;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Parts;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Storage;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>Makes the plan of a job: looks at every input once, and divides what is long.</summary>
/// <param name="options">How to convert.</param>
/// <param name="files">Where models lie.</param>
internal sealed class JobPlanner(FilterOptions options, ApplicationFiles files)
{
    private readonly VideoConverter _converter = new(options, files.Models);

    /// <summary>Plans one file.</summary>
    /// <exception cref="ConfigurationException">It cannot be a job.</exception>
    /// <exception cref="MediaException">It cannot be read, or its conversion is refused.</exception>
    public JobPlan PlanFile(string input, string output, string job, JobDivision division, CancellationToken cancellation)
    {
        if (!File.Exists(input))
        {
            throw new ConfigurationException(
                $"There is no file {input}. A job's input is a file or a folder on storage that all machines see; pipes and numbered pictures are for "
                + "convert.");
        }

        if (!OutputTarget.IsFile(output))
        {
            throw new ConfigurationException($"A job writes a file; {output} is none. Numbered pictures and pipes are for convert.");
        }

        if (OutputTarget.FindProblem(output, [input], options.Conversion.Overwrite) is { } problem)
        {
            throw problem;
        }

        return Assemble([Look(input, output, job, cancellation)], division);
    }

    /// <summary>Plans a folder.</summary>
    /// <param name="batch">Which files.</param>
    /// <param name="job">The job's folder.</param>
    /// <param name="division">How files are divided.</param>
    /// <param name="refused">Told of each file that cannot be converted, and why.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ConfigurationException">Nothing can be converted.</exception>
    public JobPlan PlanFolder(BatchOptions batch, string job, JobDivision division, Action<string> refused, CancellationToken cancellation)
    {
        BatchScan scan = BatchScan.Of(batch);
        using BatchLog log = BatchLog.Open(batch.Output, write: false);
        List<BatchItem> items = BatchNames.Assign(scan, batch, log);
        Looked?[] looked = new Looked?[items.Count];
        string?[] problems = new string?[items.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, items.Count, parallel, i =>
        {
            try
            {
                // The output's folder is made by the join.
                problems[i] = items[i].Problem ?? (Directory.Exists(Path.GetDirectoryName(items[i].Output))
                    ? OutputTarget.FindProblem(items[i].Output, [items[i].Input], options.Conversion.Overwrite)?.Message
                    : null);
                looked[i] = problems[i] is null ? Look(items[i].Input, items[i].Output, job, cancellation) : null;
            }
            catch (Exception error) when (error is AdaConvException or IOException or UnauthorizedAccessException)
            {
                problems[i] = error.Message;
            }
        });
        IEnumerable<string> named = items.Zip(problems).Where(pair => pair.Second is not null).Select(pair => $"{pair.First.Name}: {pair.Second}");
        foreach (string problem in scan.Problems.Concat(named))
        {
            refused(problem);
        }

        Looked[] planned = [.. looked.OfType<Looked>()];
        return planned.Length > 0 ? Assemble(planned, division)
            : throw new ConfigurationException($"There is no video in {batch.Input} that can be converted. --include names the files to take.");
    }

    private Looked Look(string input, string output, string job, CancellationToken cancellation)
    {
        return new(
            JobFolder.Name(input, job), JobFolder.Name(output, job), ContentIdentity.Of(input).ToString(), _converter.Divide(input, output, cancellation));
    }

    private JobPlan Assemble(IReadOnlyList<Looked> looked, JobDivision division)
    {
        long segments = looked.Sum(file => file.Division.Segments ?? 0);
        long per = division.SegmentsPerPart(segments, options.Conversion.SegmentLength);
        List<JobFile> planned = [];
        int part = 0;
        foreach (Looked file in looked)
        {
            int parts = file.Division.Segments is { } count ? checked((int)((count + per - 1) / per)) : 1;
            planned.Add(new()
            {
                Input = file.Input,
                Output = file.Output,
                Content = file.Content,
                FirstPart = part,
                Parts = parts,
                SegmentsPerPart = file.Division.Segments is null ? null : per,
                Division = file.Division,
            });
            part += parts;
        }

        return new()
        {
            Version = JobPlan.CurrentVersion,
            Program = OwnProgram.Version,
            FFmpeg = FFmpegLibraries.Describe().Release,
            Weights = InterpolatorFactory.WeightsOf(options.Interpolation, files.Models) is { } weights ? ContentIdentity.Of(weights).ToString() : null,
            Settings = SettingsText.Plain(options).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Overwrite = options.Conversion.Overwrite,
            Verify = options.Conversion.Verify,
            Files = planned,
        };
    }

    private sealed record Looked(string Input, string Output, string Content, VideoDivision Division);
}

/// <summary>How a job's files are divided into parts.</summary>
/// <param name="Parts">Parts in all, about; null: by length.</param>
/// <param name="Seconds">Seconds of output in a part; null: one segment.</param>
internal sealed record JobDivision(int? Parts, int? Seconds)
{
    /// <summary>Segments in a part: a part is a whole number of them.</summary>
    /// <param name="segments">Segments of all files that are divided.</param>
    /// <param name="segmentLength">A segment's length in seconds.</param>
    public long SegmentsPerPart(long segments, int segmentLength) =>
        Parts is { } parts ? Math.Max(1, (segments + parts - 1) / parts)
        : Seconds is { } seconds ? Math.Max(1, ((long)seconds + segmentLength - 1) / segmentLength)
        : 1;
}
