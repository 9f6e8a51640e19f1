using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Engine;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>How pictures and network share a memory limit.</summary>
public sealed class MemorySharesTests : IDisposable
{
    private const long Mebibyte = 1L << 20;
    private static readonly ConversionOptions Usual = new() { Encoder = "libx264", SceneCutDetection = false };
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_the_limit_does_not_demand_is_not_done_and_the_rest_in_the_order_of_what_it_costs()
    {
        using FrameReader reader = Open(Usual);
        ConversionPlan plan = Planner.Plan(reader, _folder["out.mp4"], Usual);
        MemoryShares Share(long limit, bool isFixed = false, ConversionPlan? other = null) => FrameMemory.Share(
            other ?? plan, Usual with { MemoryLimit = limit }, reader,
            new Needing(new(limit, 130 * Mebibyte, 100 * Mebibyte, 40 * Mebibyte, 20 * Mebibyte, 10 * Mebibyte)), isFixed);

        MemoryShares free = Share(4096 * Mebibyte);
        Assert.Same(plan, free.Plan);
        Assert.Equal((4, 0, false), Of(free));

        // As the limit falls, each way takes less than the one before, and all keep to it.
        List<(int Queue, int Threads, bool Parts)> ways = [];
        List<string> lookaheads = [];
        long before = long.MaxValue;
        for (long limit = 400; ; limit--)
        {
            MemoryShares way = Share(limit * Mebibyte);
            if (way.Plan.Problems.Length > 0)
            {
                Assert.Contains($"the memory limit of {limit} MiB even in the smallest tiles", way.Plan.Problems[0].Message, StringComparison.Ordinal);
                Assert.StartsWith($"Allow {limit + 1} MiB or more", way.Plan.Problems[0].Advice, StringComparison.Ordinal);
                break;
            }

            Assert.True((110 * Mebibyte) + way.Held <= limit * Mebibyte);
            Assert.True(way.Options.QueueLength == 1 || (170 * Mebibyte) + way.Held <= limit * Mebibyte); // whole frames: weights packed for speed
            before = Math.Min(before, way.Held!.Value);
            ways.Add(Of(way));
            lookaheads.Add(way.Plan.Encoder!.Options.GetValueOrDefault("rc-lookahead", "40"));
        }

        Assert.Equal([(4, 0, false), (1, 1, true)], ways.Distinct());
        Assert.Equal(["40", "10", "1"], lookaheads.Distinct().OrderDescending(StringComparer.Ordinal).OrderByDescending(int.Parse));

        // Parts of a job are encoded as the job says.
        MemoryShares part = Share(200 * Mebibyte, isFixed: true);
        Assert.Same(plan.Encoder, part.Plan.Encoder);

        // Where others pass with less of an encoder, parts pass, too, and say by how much they go beyond.
        MemoryShares tight = Share(150 * Mebibyte, isFixed: true);
        Assert.Empty(Share(150 * Mebibyte).Plan.Problems);
        Assert.Empty(tight.Plan.Problems);
        Assert.Same(plan.Encoder, tight.Plan.Encoder);
        Assert.Matches(
            @"^The encoder stays as it was planned; with it, this takes some \d+ MiB more than the memory limit of 150 MiB\.$", tight.Plan.Notes[^1]);
        Assert.True((110 * Mebibyte) + tight.Held <= 150 * Mebibyte);
        Assert.NotEmpty(Share(112 * Mebibyte, isFixed: true).Plan.Problems);

        // What the user has set stays.
        ConversionOptions own = Usual with { EncoderOptions = ImmutableDictionary<string, string>.Empty.Add("rc-lookahead", "30") };
        MemoryShares set = Share(150 * Mebibyte, other: Planner.Plan(reader, _folder["out.mp4"], own));
        Assert.Equal("30", set.Plan.Encoder!.Options["rc-lookahead"]);
        Assert.Equal("1", set.Plan.Encoder.Options["refs"]);
        Assert.Contains("For the memory limit, libx264 puts 0 B frames", set.Plan.Notes[^2], StringComparison.Ordinal);
        Assert.Contains("small tiles only", set.Plan.Notes[^1], StringComparison.Ordinal);

        // And a refusal says where that is in the way.
        PlanProblem Refused(params (string Name, string Value)[] set)
        {
            ConversionOptions told = Usual with { EncoderOptions = set.ToImmutableDictionary(option => option.Name, option => option.Value) };
            return Assert.Single(Share(112 * Mebibyte, other: Planner.Plan(reader, _folder["out.mp4"], told)).Plan.Problems);
        }

        Assert.EndsWith(" Without rc-lookahead, libx264 could take less.", Refused(("rc-lookahead", "30"), ("bf", "0")).Advice, StringComparison.Ordinal);
        Assert.EndsWith(" Without x264-params, libx264 could take less.", Refused(("x264-params", "keyint=30")).Advice, StringComparison.Ordinal);
        Assert.EndsWith("scale it down first.", Refused().Advice, StringComparison.Ordinal);

        static (int Queue, int Threads, bool Parts) Of(MemoryShares way) => (way.Options.QueueLength, way.Options.EncoderThreads, way.Options.ReadsPartsOnly);
    }

    [Fact]
    public void Under_a_limit_that_demands_all_of_it_the_frames_are_the_same()
    {
        ConversionOptions options = Converter.Lossless with { Timing = new() { Factor = 4 } };
        using (FrameReader reader = Open(options))
        {
            Assert.True(reader.PicturesInDecoder > 1);
        }

        Needing free = new(null), limited = new(new(120 * Mebibyte, 100 * Mebibyte, 100 * Mebibyte, 40 * Mebibyte, 15 * Mebibyte, 0));
        new InterpolationPipeline(free).Run(_folder["in.mp4"], _folder["free.mkv"], options);
        new InterpolationPipeline(limited).Run(_folder["in.mp4"], _folder["limited.mkv"], options with { MemoryLimit = 120 * Mebibyte });
        Assert.Null(free.Room);
        Assert.True(free.Unread == 0 && limited.Unread > 0);
        Assert.InRange(limited.Room ?? 0, Mebibyte, 20 * Mebibyte);
        Assert.Equal(FrameHashes.OfPackets(_folder["free.mkv"], "0:v"), FrameHashes.OfPackets(_folder["limited.mkv"], "0:v"));
    }

    [Fact]
    public void Plans_of_a_batch_and_measurements_share_the_limit_as_the_conversion_does()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x360:rate=25 -frames:v 6 -c:v ffv1 -pix_fmt yuv420p {_folder["in.mkv"]}");
        FilterOptions Limited(long mebibytes) => new()
        {
            Conversion = Converter.Lossless,
            Interpolation = new() { Network = new() { MemoryLimit = mebibytes * Mebibyte, Device = ComputeDevice.Cpu } },
        };

        ConversionPlan refused = new VideoConverter(Limited(100)).PlanForNewFolder(_folder["in.mkv"], _folder["new/out.mkv"], CancellationToken.None);
        Match enough = Regex.Match(Assert.Single(refused.Problems).Advice ?? "", @"(\d+) MiB", RegexOptions.RightToLeft);
        Assert.True(enough.Success);

        FilterOptions options = Limited(long.Parse(enough.Groups[1].Value, CultureInfo.InvariantCulture));
        ConversionPlan plan = new VideoConverter(options).PlanForNewFolder(_folder["in.mkv"], _folder["new/out.mkv"], CancellationToken.None);
        Assert.Empty(plan.Problems);
        Assert.NotNull(new ConversionPreview(options).MeasurePrediction(_folder["in.mkv"], plan));
    }

    [Theory]
    [InlineData("", 40 + 4 + 2)]
    [InlineData("-preset ultrafast", 0)]
    public void An_encoder_takes_less_where_it_spares_and_no_preset_is_made_dearer(string preset, int least)
    {
        ConversionOptions options = preset.Length == 0 ? Usual : Usual with { EncoderPreset = "ultrafast" };
        using FrameReader reader = Open(options);
        EncoderSettings settings = Planner.Plan(reader, _folder["out.mp4"], options).Encoder!;
        long before = EncoderMemory.Bytes(settings, 345_600, 640, 360, 1, 2);
        Assert.True(before > least * 345_600L);
        Assert.True(EncoderMemory.Bytes(settings, 345_600, 640, 360, 0, 8) > before); // a picture for each thread
        for (int step = 0; step < EncoderMemory.Steps; step++)
        {
            EncoderSettings? spare = EncoderMemory.Spare(settings, step, out string words);
            Assert.Equal(preset.Length > 0, spare is null);
            if (spare is not null)
            {
                long bytes = EncoderMemory.Bytes(spare, 345_600, 640, 360, 1, 2);
                Assert.True(bytes < before);
                Assert.Contains(" ahead, not 40", words, StringComparison.Ordinal);
                before = bytes;
            }
        }

        Assert.Null(EncoderMemory.Spare(settings with { Name = "ffv1" }, 0, out _));
    }

    private FrameReader Open(ConversionOptions options)
    {
        if (!File.Exists(_folder["in.mp4"]))
        {
            FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x360:rate=25 -frames:v 12 -c:v libx264 -pix_fmt yuv420p {_folder["in.mp4"]}");
        }

        return FrameReader.Open(_folder["in.mp4"], options.Reading, CancellationToken.None);
    }

    // Averages; needs what it is told to.
    private sealed class Needing(PredictionMemory? memory) : IFrameInterpolator
    {
        private readonly AveragingInterpolator _average = new();

        public long? Room { get; private set; }

        public int Unread { get; private set; }

        public bool LooksAhead => true;

        public double Nearest(double time) => _average.Nearest(time);

        public Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, CancellationToken cancellation = default)
        {
            Unread += first.Unread is null ? 0 : 1;
            return _average.Begin(first, second, time, between, cancellation);
        }

        public PredictionMemory? MemoryFor(int width, int height, int samples) => memory;

        public void LeaveRoom(long bytes) => Room = bytes;
    }
}
