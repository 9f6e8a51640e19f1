using AdaConv.Conversion.Options;
using AdaConv.Engine;
using AdaConv.FrameFilter.Batch;
using AdaConv.FrameFilter.Configuration;
using AdaConv.FrameFilter.Display;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

/// <summary>Runs alone: the whole process lacks memory.</summary>
[Collection(nameof(MemoryFaultTests))]
[CollectionDefinition(nameof(MemoryFaultTests), DisableParallelization = true)]
public sealed class MemoryFaultTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose()
    {
        NativeFloats.Refuses = null;
        _folder.Dispose();
    }

    [Theory]
    [InlineData(InterpolationMethod.Average)]
    [InlineData(InterpolationMethod.Network)]
    public void Where_memory_lacks_for_one_file_of_a_batch_the_others_are_converted(InterpolationMethod method)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x64:rate=25 -frames:v 3 -c:v ffv1 {_folder["in.mkv"]}");
        FilterOptions options = new() { Interpolation = new() { Method = method, Model = "fast" }, Conversion = new() { Encoder = "ffv1" } };
        Directory.CreateDirectory(_folder["out"]);
        using var log = BatchLog.Open(_folder["out"], write: true);
        using var display = ConversionDisplay.Create(Verbosity.Quiet, ProgressFormat.Auto);
        BatchWork work = new(options, options, ApplicationFiles.Find(), log);
        long live = NativeFloats.Live;

        // With the network, the weights' are the first.
        int count = 0;
        NativeFloats.Refuses = _ => Interlocked.Increment(ref count) >= 2;
        BatchResult first = Process("a.mkv");
        NativeFloats.Refuses = null;
        BatchResult second = Process("b.mkv");

        Assert.Equal(BatchOutcome.Failed, first.Outcome);
        Assert.StartsWith("Out of memory.", first.Error, StringComparison.Ordinal);
        Assert.Equal(BatchOutcome.Done, second.Outcome);
        Assert.Equal(["b.mkv", "framefilter.jsonl"], Directory.GetFiles(_folder["out"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal("failed", log.Find("a.mkv")!.Event);
        Assert.True(SpinWait.SpinUntil(() => NativeFloats.Live == live, TimeSpan.FromSeconds(10)), $"{NativeFloats.Live - live} blocks are left");

        BatchResult Process(string name) =>
            work.Process(new(name, _folder["in.mkv"], name, _folder[$"out/{name}"]), retry: true, () => display.Begin(name, name), CancellationToken.None);
    }
}
