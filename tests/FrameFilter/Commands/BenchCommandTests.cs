using System.Text.Json;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Commands;

/// <summary><c>bench</c>, with the average in the network's place.</summary>
public sealed class BenchCommandTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bench_measures_conversions_their_stages_and_the_kernels()
    {
        var run = await ProcessRun.OfFilter(["bench", "--method", "average", "--seconds", "1", "--size", "480p", "--json"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement, size = Assert.Single(report.GetProperty("sizes").EnumerateArray());
        Assert.Contains(".NET", report.GetProperty("machine").GetString(), StringComparison.Ordinal);
        Assert.Equal("854 480", string.Join(' ', Texts(size, "width", "height")));
        Assert.InRange(size.GetProperty("newFramesPerSecond").GetDouble(), 0.01, 100_000);
        Assert.All(["decodeSeconds", "planesSeconds", "predictSeconds", "encodeSeconds"],
            stage => Assert.InRange(size.GetProperty(stage).GetDouble(), 1e-6, 60));
        Assert.Equal(2, report.GetProperty("kernels").GetArrayLength());
        Assert.All(report.GetProperty("kernels").EnumerateArray(),
            kernel => Assert.InRange(kernel.GetProperty("gigaFlopsPerSecond").GetDouble(), 0.01, 100_000));
        JsonElement[] processor = [.. report.GetProperty("processor").EnumerateArray()];
        Assert.Equal(Environment.ProcessorCount == 1 ? 1 : 2, processor.Length);
        Assert.All(processor, threads =>
        {
            Assert.InRange(threads.GetProperty("peakGigaFlopsPerSecond").GetDouble(), 0.1, 1e6);
            Assert.InRange(threads.GetProperty("memoryGigaBytesPerSecond").GetDouble(), 0.1, 1e5);
            Assert.Empty(threads.GetProperty("convolutions").EnumerateArray()); // the average has none
        });
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Bench_states_the_convolutions_of_the_network_and_their_share_of_the_peak()
    {
        var run = await ProcessRun.OfFilter(["bench", "--model", "guided", "--threads", "1", "--seconds", "1", "--size", "480p", "--json"], _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement processor = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("processor").EnumerateArray());
        JsonElement convolutions = Assert.Single(processor.GetProperty("convolutions").EnumerateArray());
        double operations = convolutions.GetProperty("effectiveGigaFlops").GetDouble(), seconds = convolutions.GetProperty("seconds").GetDouble(),
            rate = convolutions.GetProperty("effectiveGigaFlopsPerSecond").GetDouble(), peak = processor.GetProperty("peakGigaFlopsPerSecond").GetDouble();
        Assert.Equal("1 854 480", string.Join(' ', Texts(processor, "threads").Concat(Texts(convolutions, "width", "height"))));

        // bench/README.md: 95.38 of a frame of 1280×720; this one is padded to whole cells of the network.
        Assert.InRange(operations, 95.38 * 854 * 480 / (1280 * 720), 95.38 * 896 * 512 / (1280 * 720));
        Assert.Equal(operations / seconds, rate, rate * 1e-9);
        Assert.Equal(rate / peak, convolutions.GetProperty("shareOfPeak").GetDouble(), 1e-9);
    }

    private static IEnumerable<string> Texts(JsonElement element, params string[] names) => names.Select(name => element.GetProperty(name).ToString());
}
