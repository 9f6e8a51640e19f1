using AdaConv.Conversion.Options;
using AdaConv.Conversion.Pipeline;
using AdaConv.Media.Libav;
using AdaConv.Model;
using AdaConv.Storage;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>
/// A disk that fills or turns read-only at any stage, and an input that shrinks while it is read: plain words, nothing under the output's name, and the
/// same command ends well once there is room. Runs alone, as libav's objects are counted.
/// </summary>
[Collection(nameof(LiveHandleTests))]
public sealed class DiskFaultTests : IDisposable
{
    private static readonly ConversionOptions Segmented = Converter.Lossless with { SegmentLength = 1, QueueLength = 1 };
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("out.mkv")]
    [InlineData("out.mp4")]
    [InlineData("p-%03d.png")]
    public void A_disk_may_fill_at_any_stage(string name)
    {
        bool isSegmented = name == "out.mkv";
        ConversionOptions options = isSegmented ? Segmented : name == "out.mp4" ? Converter.Fast : Converter.Lossless with { Encoder = "png" };
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=10 -t 4 -c:v ffv1 {_folder["in.mkv"]}");
        Directory.CreateDirectory(_folder["whole"]);
        Convert(_folder[$"whole/{name}"], options);
        long whole = Directory.GetFiles(_folder["whole"]).Sum(file => new FileInfo(file).Length);
        long handles = LibavHandle.Live;
        using SmallDisk disk = new(_folder["small"], 4);
        HashSet<string> stages = [];
        bool isDone = false;

        // From a page up to what segments and output take together.
        for (int kibibytes = 4; !isDone; kibibytes += Math.Max(4, (int)(whole >> 10) / 6 / 4 * 4))
        {
            disk.Resize(kibibytes);
            Exception? error = Record.Exception(() => Convert(Path.Combine(disk.Folder, name), options));
            isDone = error is null;
            string[] left = [.. Directory.EnumerateFileSystemEntries(disk.Folder).Select(entry => Path.GetFileName(entry))];
            Assert.Equal(handles, LibavHandle.Live);
            if (error is not null)
            {
                Assert.True(error is AdaConvException, $"{kibibytes} KiB: {error}");
                Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
                Assert.True(left.All(file => isSegmented && file == ".out.mkv.segments"), $"{kibibytes} KiB: {string.Join(", ", left)}");
                stages.Add(error is StorageException ? "segments" : ((MediaException)error).Operation!);
            }

            Assert.True(kibibytes < 3 * (whole >> 10) + 1000);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", stages));
        Assert.NotEmpty(stages);
        Assert.Equal(Names("whole"), Names("small"));
        if (isSegmented)
        {
            Assert.Contains("segments", stages);
            Assert.Equal(FrameHashes.OfVideo(_folder["whole/out.mkv"]), FrameHashes.OfVideo(_folder["small/out.mkv"]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_may_turn_read_only(bool isSegmented)
    {
        ConversionOptions options = isSegmented ? Segmented : Segmented with { Resume = false };
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -t 4 -c:v ffv1 {_folder["in.mkv"]}");
        Convert(_folder["whole.mkv"], options);
        long handles = LibavHandle.Live;
        using SmallDisk disk = new(_folder["small"], 32 << 10);
        string output = Path.Combine(disk.Folder, "out.mkv");
        Callback close = new(disk.Close);

        var error = Assert.ThrowsAny<AdaConvException>(() => Convert(output, options, close));

        Assert.Contains("can only be read", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        Assert.Equal(handles, LibavHandle.Live);
        error = Assert.ThrowsAny<AdaConvException>(() => Convert(output, options));
        Assert.Contains("Choose another folder.", error.Message, StringComparison.Ordinal);

        disk.Open();
        Convert(output, options);

        Assert.Equal(["out.mkv"], Names("small"));
        Assert.Equal(FrameHashes.OfVideo(_folder["whole.mkv"]), FrameHashes.OfVideo(output));
    }

    [Theory]
    [InlineData("in.mkv", "-c:v ffv1")]
    [InlineData("in.mp4", "-c:v mpeg4")]
    [InlineData("in.ts", "-c:v mpeg2video")]
    [InlineData("in.avi", "-c:v mpeg4")]
    public void An_input_may_shrink_while_it_is_read(string name, string encoder)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x240:rate=25 -t 8 {encoder} -b:v 4M {_folder[name]}");
        Callback shrink = new(() =>
        {
            using FileStream file = new(_folder[name], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(file.Length / 2);
        });
        ConversionResult result = new InterpolationPipeline(new AveragingInterpolator()).Run(
            _folder[name], _folder["out.mkv"], Converter.Fast with { QueueLength = 1 }, shrink);

        Assert.True(shrink.WasCalled);
        Assert.InRange(result.FramesIn, 20, 199);
        Assert.Equal(2 * result.FramesIn, FrameHashes.OfVideo(_folder["out.mkv"]).Length);
        if (name != "in.ts") // which states no length
        {
            Assert.Contains(result.Messages, text => text.Contains("cut short", StringComparison.Ordinal));
        }
    }

    private string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(_folder[folder]).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    private void Convert(string output, ConversionOptions options, IProgress<ConversionProgress>? progress = null) =>
        new InterpolationPipeline(new AveragingInterpolator(), "settings").Run(_folder["in.mkv"], output, options, progress);

    /// <summary>Does something at the first report, on the thread of the stage that writes.</summary>
    private sealed class Callback(Action once) : IProgress<ConversionProgress>
    {
        public bool WasCalled { get; private set; }

        public void Report(ConversionProgress value)
        {
            if (!WasCalled)
            {
                WasCalled = true;
                once();
            }
        }
    }
}
