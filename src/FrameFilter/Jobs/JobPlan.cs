using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Parts;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Jobs;

/// <summary>plan.json of a job's folder: what is converted, how, with what, and in which parts. Never changed once it is written.</summary>
internal sealed record JobPlan
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int CurrentVersion = 2;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
    };

    /// <summary>The format's version.</summary>
    public required int Version { get; init; }

    /// <summary>The program's version.</summary>
    public required string Program { get; init; }

    /// <summary>FFmpeg's release; its first number must be the same everywhere.</summary>
    [JsonPropertyName("ffmpeg")]
    public required string FFmpeg { get; init; }

    /// <summary>The content of the weights; null where nothing is predicted by a network.</summary>
    public string? Weights { get; init; }

    /// <summary>Every setting, as a settings file has it, line by line.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>Whether existing outputs are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether each output is verified before it gets its name.</summary>
    public bool Verify { get; init; }

    /// <summary>The files, in the order of their parts.</summary>
    public required IReadOnlyList<JobFile> Files { get; init; }

    /// <summary>Number of parts of all files.</summary>
    [JsonIgnore]
    public int Parts => Files is [.., var last] ? last.FirstPart + last.Parts : 0;

    /// <summary>Reads a plan.</summary>
    /// <exception cref="ConfigurationException">The text is no plan, or one of another version.</exception>
    public static JobPlan Parse(string text, string path)
    {
        try
        {
            JobPlan plan = JsonSerializer.Deserialize<JobPlan>(text, Format) ?? throw new JsonException("it is empty");
            return plan.Version != CurrentVersion
                ? throw new ConfigurationException(string.Create(
                    CultureInfo.InvariantCulture, $"{path} has the format {plan.Version}; this program reads {CurrentVersion}. Plan anew with it."))
                : plan.FindProblem() is { } problem ? throw new JsonException(problem)
                : plan;
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"{path} is not the plan of a job: {error.Message}", error);
        }
    }

    /// <summary>The plan as text: the same for the same plan.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>The settings.</summary>
    /// <exception cref="ConfigurationException">They are not those of this program.</exception>
    public FilterOptions Options(string path)
    {
        FilterOptions options = OptionsResolver.Resolve([SettingsFile.Parse(string.Join('\n', Settings), path)]);
        return options with { Conversion = options.Conversion with { Overwrite = Overwrite, Verify = Verify, Resume = true } };
    }

    /// <summary>Which file a part is of.</summary>
    public int FileOf(int part)
    {
        int low = 0, high = Files.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = Files[middle].FirstPart <= part ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Refuses a machine whose program or FFmpeg is another one.</summary>
    /// <exception cref="ConfigurationException">It is.</exception>
    public void CheckProgram(string path)
    {
        if (Program != OwnProgram.Version)
        {
            throw new ConfigurationException($"{path} is for framefilter {Program}; this is {OwnProgram.Version}. Use the same one everywhere, or plan anew.");
        }

        string here = FFmpegLibraries.Describe().Release;
        if (MajorOf(here) != MajorOf(FFmpeg))
        {
            throw new ConfigurationException($"{path} is for FFmpeg {FFmpeg}; this machine has {here}. Use the same one everywhere, or plan anew.");
        }
    }

    // Where the file was damaged: parts must be numbered one after the other, as all commands count on it.
    private string? FindProblem()
    {
        long next = 0;
        for (int i = 0; i < Files.Count; i++)
        {
            if ((Files[i] is { } file ? file.FindProblem(next) : "it is null") is { } problem)
            {
                return string.Create(CultureInfo.InvariantCulture, $"of file {i}, {problem}");
            }

            next += Files[i].Parts;
        }

        return next is 0 or > int.MaxValue ? "there are no files, or too many parts"
            : Settings.Any(line => line is null) ? "a line of the settings is null"
            : null;
    }

    private static string MajorOf(string release) => release.Split('.')[0];
}

/// <summary>One file of a job.</summary>
internal sealed record JobFile
{
    /// <summary>The input: a full path, or relative to the job's folder.</summary>
    public required string Input { get; init; }

    /// <summary>The output, likewise.</summary>
    public required string Output { get; init; }

    /// <summary>The input's content: <see cref="ContentOf"/>.</summary>
    public required string Content { get; init; }

    /// <summary>The number of its first part.</summary>
    public required int FirstPart { get; init; }

    /// <summary>How many parts it has.</summary>
    public required int Parts { get; init; }

    /// <summary>Segments in a part; null: the file is converted as a whole.</summary>
    public long? SegmentsPerPart { get; init; }

    /// <summary>How its output is divided; null where the input is short on disk, so that only the worker of its part opens it.</summary>
    public VideoDivision? Division { get; init; }

    /// <summary>
    /// What tells an input from another one. Machines that make parts of one output must have read the same one, which is looked at all over;
    /// of a whole file, which one machine reads, the ends do.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ContentOf(string input, bool isDivided) => (isDivided ? ContentIdentity.Of(input) : ContentIdentity.OfEnds(input)).ToString();

    /// <summary>What is wrong with it; null where nothing is.</summary>
    /// <param name="first">The number that its first part must have.</param>
    public string? FindProblem(long first)
    {
        // As many parts as its segments make: the last one may be shorter.
        long parts = (Division?.Segments, SegmentsPerPart) switch
        {
            (null, null) => 1,
            ( > 0 and var segments, > 0 and var each) => ((segments - 1) / each) + 1,
            _ => 0,
        };
        bool isNamed = new[] { Input, Output, Content }.All(text => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal));
        return !isNamed ? "a path or its content is empty"
            : FirstPart != first || Parts != parts || Parts == 0 ? "the parts are not those of its segments"
            : Division is { SegmentTicks: < 1 } or { Fingerprint.Length: not 64 } ? "the division is not complete"
            : null;
    }

    /// <summary>A part's first segment, and the first one behind it; null: it reaches to the end.</summary>
    public (long First, long? Behind) SegmentsOf(int part)
    {
        long first = (part - FirstPart) * SegmentsPerPart!.Value;
        return (first, part + 1 == FirstPart + Parts ? null : first + SegmentsPerPart.Value);
    }
}
