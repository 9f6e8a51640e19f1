using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>Runs alone: what is allocated is counted for the whole process.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    [Fact]
    public void A_frame_more_costs_next_to_no_managed_memory()
    {
        using ClipFolder folder = new();
        long[] allocated = new long[2];
        for (int i = 0; i < 2; i++)
        {
            string input = folder[$"{i}.mp4"];
            FfmpegCommand.Run($"-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v {(i == 0 ? 10 : 1010)} -c:v libx264 -preset ultrafast {input}");
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Converter.Run(input, folder[$"{i}.mkv"], Converter.Fast with { SceneCutDetection = true });
            allocated[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        // A picture is 86,400 bytes; it was 2,300 of log lines, queue nodes, slots and cancellation sources. A long video grows by what is allocated.
        long perFrame = (allocated[1] - allocated[0]) / 1000;
        Assert.True(perFrame < 200, $"{perFrame} bytes a frame");
    }
}
