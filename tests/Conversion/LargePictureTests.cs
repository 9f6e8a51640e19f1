using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Tests.Support;

namespace AdaConv.Conversion.Tests;

/// <summary>Small files with enormous pictures are refused before their memory is taken.</summary>
public sealed class LargePictureTests : IDisposable
{
    private readonly ClipFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_picture_of_240_megabytes_in_a_file_of_one_is_refused_before_it_is_decoded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of memory is Linux's.");
        FfmpegCommand.Run($"-f lavfi -i color=black:size=16000x15000,format=gray -frames:v 1 -c:v png -threads 1 {_folder["in.mkv"]}");
        Assert.True(new FileInfo(_folder["in.mkv"]).Length < 1 << 20);
        File.WriteAllText("/proc/self/clear_refs", "5");
        long before = Peak();

        MediaException error = Assert.Throws<MediaException>(() => Converter.Run(_folder["in.mkv"], _folder["out.mkv"]));

        Assert.Contains("50 million pixels", error.Message, StringComparison.Ordinal);
        Assert.True(Peak() - before < 200 << 10, $"{Peak() - before} KiB more at the peak"); // with what other tests take beside it
    }

    [Theory]
    [InlineData(64L << 20, true)]
    [InlineData(1L << 20, false)]
    public void Pictures_that_fit_no_memory_are_refused_by_the_plan(long available, bool fits)
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=640x360:rate=25 -t 0.2 -c:v mpeg4 {_folder["in.mp4"]}");
        using FrameReader reader = FrameReader.Open(_folder["in.mp4"], Converter.Fast.Reading, CancellationToken.None);
        ConversionPlan plan = Planner.Plan(reader, _folder["out.mp4"], Converter.Fast);

        PlanProblem? problem = FrameMemory.Problem(reader.FirstFrame, plan, Converter.Fast, available);

        Assert.Equal(fits, problem is null);
        Assert.Equal(!fits, problem?.Message.Contains("640×360 need ", StringComparison.Ordinal) ?? false);
    }

    private static long Peak() => long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), System.Globalization.CultureInfo.InvariantCulture);
}
