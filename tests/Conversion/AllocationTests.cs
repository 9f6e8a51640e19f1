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
            FfmpegCommand.Run($"-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v {(i == 0 ? 10 : 210)} -c:v libx264 -preset ultrafast {input}");
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Converter.Run(input, folder[$"{i}.mkv"], Converter.Fast with { SceneCutDetection = true });
            allocated[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        // A picture is 86,400 bytes; what remains are delegates, queue nodes and timers.
        long perFrame = (allocated[1] - allocated[0]) / 200;
        Assert.True(perFrame < 4000, $"{perFrame} bytes a frame");
    }
}
