using AdaConv.FrameFilter.Batch;
using AdaConv.Tests.Support;

namespace AdaConv.FrameFilter.Tests.Reliability;

public sealed class DamagedLogTests
{
    [Theory]
    [InlineData("""{"event":"done","input":null,"output":"a.mkv"}""")]
    [InlineData("""{"event":null,"input":"a.mp4","output":"a.mkv"}""")]
    [InlineData("""{"event":"done","input":"a.mp4","output":null}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"event":"done","input":"a.mp4","output":"a.mkv","framesIn":1e400}""")]
    public void A_line_that_makes_no_sense_is_passed_over(string line)
    {
        using var folder = new ClipFolder();
        File.WriteAllText(folder[BatchLog.FileName], line + "\n" + """{"event":"done","input":"b.mp4","output":"b.mkv"}""" + "\n");

        using var log = BatchLog.Open(folder.Path, write: false);

        Assert.Null(log.Find("a.mp4"));
        Assert.Equal("b.mkv", log.Find("b.mp4")?.Output);
    }
}
