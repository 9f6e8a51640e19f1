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
        Assert.Empty(_folder.Names);
    }

    private static IEnumerable<string> Texts(JsonElement element, params string[] names) => names.Select(name => element.GetProperty(name).ToString());
}
