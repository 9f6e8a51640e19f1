using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.FrameFilter.Commands;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.FrameFilter.Jobs;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Jobs;

/// <summary>A job in a test's folder, worked on in this process.</summary>
internal sealed class TestJob
{
    private static readonly ApplicationFiles Files = ApplicationFiles.Find();
    /// <summary>Plans in.EXT → out.EXT into the folder job.</summary>
    public TestJob(ClipFolder folder, string input, string output, FilterOptions options, int parts)
    {
        JobPlan plan = new JobPlanner(options, Files).PlanFile(
            folder[input], folder[output], folder["job"], new(parts, null), TestContext.Current.CancellationToken);
        Folder = JobFolder.Create(folder["job"], plan, out _);
    }

    /// <summary>A job that is planned.</summary>
    public TestJob(JobFolder job) => Folder = job;

    /// <summary>The job's folder.</summary>
    public JobFolder Folder { get; }

    /// <summary>Fast and exact settings: segments of a second, no network.</summary>
    public static FilterOptions Options(string encoder, Func<ConversionOptions, ConversionOptions>? change = null)
    {
        ConversionOptions conversion = new() { Encoder = encoder, SegmentLength = 1 };
        if (encoder == "libx264")
        {
            // Its macroblock tree reads memory that it never wrote.
            conversion = conversion with { EncoderPreset = "veryfast", EncoderOptions = conversion.EncoderOptions.Add("x264-params", "mbtree=0") };
        }

        return new() { Interpolation = new() { Method = InterpolationMethod.Average }, Conversion = change?.Invoke(conversion) ?? conversion };
    }

    /// <summary>Converts in one run.</summary>
    public static void Convert(string input, string output, FilterOptions options) =>
        new VideoConverter(options, Files.Models).Convert(input, output, cancellation: TestContext.Current.CancellationToken);

    /// <summary>Makes a part.</summary>
    public PartRecord? Work(int part, List<string>? messages = null)
    {
        using ConversionDisplay display = new Listening(messages ?? []);
        return new JobWorker(Folder, Files, new(null, null)).Make(
            part, file => display.Begin(file.Input, file.Output), TestContext.Current.CancellationToken);
    }

    /// <summary>Joins.</summary>
    public JoinReport Join(double wait = 0)
    {
        using ConversionDisplay display = new Listening([]);
        return new JobJoin(Folder, Files, overwrite: false).Run(TimeSpan.FromSeconds(wait), display, TestContext.Current.CancellationToken);
    }

    /// <summary>Asserts that a job's output is that of one run: every stream's packets, times and content.</summary>
    public static void AssertSame(string expected, string actual)
    {
        ILookup<int, (double Time, string Hash)> one = FrameHashes.OfStreams(expected, "0"), other = FrameHashes.OfStreams(actual, "0");
        Assert.Equal(one.Select(stream => stream.Key).Order(), other.Select(stream => stream.Key).Order());
        Assert.All(one, stream => Assert.Equal(stream, other[stream.Key]));
    }

    private sealed class Listening(List<string> messages) : ConversionDisplay(Verbosity.Quiet)
    {
        public override void Show(FileDisplay file, Conversion.Pipeline.ConversionProgress progress)
        {
        }

        public override void Tell(FileDisplay file, string text) => messages.Add(text);
    }
}
