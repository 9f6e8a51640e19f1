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

/// <summary>Makes the plan of a job: looks at every input once, opens those that are large, and divides what is long.</summary>
/// <remarks>The parts of a folder may be many: what is small is one part by its length on disk, and opened by the worker of that part alone.</remarks>
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

        return Assemble([Open(input, output, job, cancellation)], division);
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
        bool[] isLarge = new bool[items.Count];
        EachOf(Enumerable.Range(0, items.Count), JobFolder.AtATime, i =>
        {
            BatchItem item = items[i];

            // The output's folder is made by the join.
            problems[i] = item.Problem ?? (Directory.Exists(Path.GetDirectoryName(item.Output))
                ? OutputTarget.FindProblem(item.Output, [item.Input], options.Conversion.Overwrite)?.Message
                : null);
            long length = LengthOf(item.Input);
            problems[i] ??= length == 0 ? BatchItem.WhyEmpty(item.Input) : null;
            isLarge[i] = problems[i] is null && length >= division.DivideFrom;
            looked[i] = problems[i] is null && !isLarge[i]
                ? new(JobFolder.Name(item.Input, job), JobFolder.Name(item.Output, job), JobFile.ContentOf(item.Input, isDivided: false), null)
                : null;
        });

        // Opening takes the processor, and memory for pictures.
        EachOf(
            Enumerable.Range(0, items.Count).Where(i => isLarge[i]), Environment.ProcessorCount,
            i => looked[i] = Open(items[i].Input, items[i].Output, job, cancellation));
        IEnumerable<string> named = items.Zip(problems).Where(pair => pair.Second is not null).Select(pair => $"{pair.First.Name}: {pair.Second}");
        foreach (string problem in scan.Problems.Concat(named))
        {
            refused(problem);
        }

        Looked[] planned = [.. looked.OfType<Looked>()];
        return planned.Length > 0 ? Assemble(planned, division)
            : throw new ConfigurationException($"There is no video in {batch.Input} that can be converted. --include names the files to take.");

        void EachOf(IEnumerable<int> numbers, int atATime, Action<int> look) =>
            Parallel.ForEach(numbers, new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellation }, i =>
            {
                try
                {
                    look(i);
                }
                catch (Exception error) when (error is AdaConvException or IOException or UnauthorizedAccessException)
                {
                    problems[i] = error.Message;
                }
            });
    }

    // Following links takes several times as long as asking, and few files are links.
    private static long LengthOf(string path) => new FileInfo(path) is { LinkTarget: null } file ? file.Length : RealPath.LengthOf(path);

    private Looked Open(string input, string output, string job, CancellationToken cancellation)
    {
        VideoDivision divided = _converter.Divide(input, output, cancellation);
        return new(
            JobFolder.Name(input, job), JobFolder.Name(output, job), JobFile.ContentOf(input, isDivided: divided.Segments is not null), divided);
    }

    private JobPlan Assemble(IReadOnlyList<Looked> looked, JobDivision division)
    {
        long segments = looked.Sum(file => file.Division?.Segments ?? 0);
        long per = division.SegmentsPerPart(segments, options.Conversion.SegmentLength);
        List<JobFile> planned = [];
        int part = 0;
        foreach (Looked file in looked)
        {
            int parts = file.Division?.Segments is { } count ? checked((int)((count + per - 1) / per)) : 1;
            planned.Add(new()
            {
                Input = file.Input,
                Output = file.Output,
                Content = file.Content,
                FirstPart = part,
                Parts = parts,
                SegmentsPerPart = file.Division?.Segments is null ? null : per,
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

    private sealed record Looked(string Input, string Output, string Content, VideoDivision? Division);
}

/// <summary>How a job's files are divided into parts.</summary>
/// <param name="Parts">Parts in all, about; null: by length.</param>
/// <param name="Seconds">Seconds of output in a part; null: one segment.</param>
internal sealed record JobDivision(int? Parts, int? Seconds)
{
    /// <summary>Bytes from which on a folder's file is opened and divided unless told otherwise: about a minute of a film at 1080p.</summary>
    public const long UsualDivideFrom = 64L << 20;

    /// <summary>Bytes from which on a folder's file is opened and divided; what is smaller is one part.</summary>
    public long DivideFrom { get; init; } = UsualDivideFrom;

    /// <summary>Segments in a part: a part is a whole number of them.</summary>
    /// <param name="segments">Segments of all files that are divided.</param>
    /// <param name="segmentLength">A segment's length in seconds.</param>
    public long SegmentsPerPart(long segments, int segmentLength) =>
        Parts is { } parts ? Math.Max(1, (segments + parts - 1) / parts)
        : Seconds is { } seconds ? Math.Max(1, ((long)seconds + segmentLength - 1) / segmentLength)
        : 1;
}
